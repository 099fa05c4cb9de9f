"""Hydraulic presses: a work cycle of their circuit, and what faults do to it."""
