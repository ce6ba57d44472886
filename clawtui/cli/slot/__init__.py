"""slot."""
