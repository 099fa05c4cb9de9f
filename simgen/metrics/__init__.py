"""The evaluation suite: base, one metric per file."""
