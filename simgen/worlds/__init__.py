"""Simulators of places, stepped from outside."""
