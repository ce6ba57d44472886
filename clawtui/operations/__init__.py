"""What an operator can do, once, for the dashboard and for the commands."""
