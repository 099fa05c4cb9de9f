"""A water circuit on a bench: one pump, a tank, two valves, and what is done to them."""
