"""The activity pane: the runs and skipped dispatches of each automation on the time axis of the last hours.

Screens and controllers may import it.
"""
