"""A server that speaks CARLA's protocol on the road world: no GPU, no Unreal."""
