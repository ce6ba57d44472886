"""One pane a file. A pane gets values of the model and knows nothing else."""
