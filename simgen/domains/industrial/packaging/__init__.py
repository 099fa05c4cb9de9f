"""A packaging line: machines in series with buffers between them, so that a stop spreads."""
