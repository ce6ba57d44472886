"""The output of the commands on a stock gateway's root, as text and as JSON."""
