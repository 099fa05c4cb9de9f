"""Exporters, one format per file."""
