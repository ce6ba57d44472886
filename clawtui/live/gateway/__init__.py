"""The session of a stock gateway's root."""
