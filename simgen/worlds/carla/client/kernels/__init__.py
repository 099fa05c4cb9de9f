"""Compiled parts of the bridge."""
