"""What resembles defects of several machines, one kind per file."""
