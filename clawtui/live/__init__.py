"""The reactive model: a file changes, and the next fleet says so."""
