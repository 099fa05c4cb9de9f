"""Figures and HTML."""
