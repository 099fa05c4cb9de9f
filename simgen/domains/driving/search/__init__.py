"""The search tier: cut-ins by kinematics alone, many at a time, to find those worth rendering."""
