"""Draws the maps in assets/maps: `python -m tools.maps`."""
