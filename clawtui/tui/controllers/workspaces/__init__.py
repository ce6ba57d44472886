"""Controllers of the workspaces screen."""
