"""What the dashboard has done for it off the event loop: one kind of act a file."""
