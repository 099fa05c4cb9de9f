"""The bridge to any CARLA server: the official client in a process of its own, watched."""
