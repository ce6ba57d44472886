"""What an operator can see of a stock gateway, once for every face."""
