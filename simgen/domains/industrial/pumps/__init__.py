"""Pump stations: what pumps are made of, their flow and control, and what is read."""
