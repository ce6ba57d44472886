"""What does not fit together in a state directory: each a `Finding`, by pure functions, a module a subject."""
