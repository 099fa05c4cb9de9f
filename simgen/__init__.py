"""simgen: simulation-first generation of labelled rare-event data."""
