"""Reports on a stock gateway, for the commands and the dashboard."""
