"""The runs pane: the table of the runs of one automation, and a chart of their durations.

Screens and controllers may import it.
"""
