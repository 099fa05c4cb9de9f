"""CARLA: its protocol, a server that speaks it on the road world, and what users of CARLA need."""
