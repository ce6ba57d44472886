"""The content of a stock gateway's store as values: jobs, runs and owners, and the findings about them."""
