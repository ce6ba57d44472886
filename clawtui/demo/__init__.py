"""A simulated gateway: a real process that really clones, merges and conflicts."""
