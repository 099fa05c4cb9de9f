"""What a residual's fit leaves: the model's folder, its card, and attacks on it."""
