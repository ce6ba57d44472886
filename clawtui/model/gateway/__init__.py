"""What a stock gateway's store says, as values: jobs, runs, owners, and what does not fit together."""
