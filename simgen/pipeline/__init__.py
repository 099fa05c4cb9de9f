"""What simgen does, one plain function each: from generate to export."""
