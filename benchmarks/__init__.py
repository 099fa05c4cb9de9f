"""A package with a mark of its own: opacus, which a peer needs, installs another of this name."""
