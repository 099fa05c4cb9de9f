"""Induction motors: their currents, and what faults do to them."""
