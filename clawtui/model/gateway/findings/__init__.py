"""What does not fit together at a stock gateway."""
