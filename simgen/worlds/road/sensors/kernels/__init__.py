"""Compiled loops of the sensors."""
