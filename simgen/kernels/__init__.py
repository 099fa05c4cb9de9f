"""Numba: pure array code, no I/O, no Python objects."""
