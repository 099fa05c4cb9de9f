"""What all fleets share: machines that work alone, age under load, and are measured in windows."""
