"""Runs that take long to show that nothing grows."""
