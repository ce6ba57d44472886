"""The findings about a stock gateway: faults, and contradictions in its store."""
