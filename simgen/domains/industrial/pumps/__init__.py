"""A station of pumps as a discrete-event system: lives, flow, crew, spares, and what is read."""
