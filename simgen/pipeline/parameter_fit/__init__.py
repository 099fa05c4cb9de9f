"""A fit of parameters: its simulations, their summaries, what it found, its page and its folder."""
