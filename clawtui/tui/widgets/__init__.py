"""Widgets that paint lines, for any pane."""
