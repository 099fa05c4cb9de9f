"""A thin layer over SimPy: run to a horizon, watch resources, log events."""
