"""Compiled geometry of roads: positions along lanes, and lanes near points."""
