"""Hard disks: models, lives, attributes, and the fleet that they work in."""
