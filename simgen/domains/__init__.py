"""What happens in simulated worlds: one folder per domain, none imports another."""
