"""What simgen does, one plain function each: generate, evaluate."""
