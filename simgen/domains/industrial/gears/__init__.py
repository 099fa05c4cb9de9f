"""Gearboxes: their vibration, and what faults do to it."""
