"""Between one big log on disk and the pane that shows it."""
