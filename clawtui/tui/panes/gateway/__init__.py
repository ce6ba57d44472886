"""View models of the panes for a stock gateway: its jobs, one of their runs, and the locks and runs that it holds.

The panes are the same as for other roots; these view models replace those for the design's files. Other panes, dialogs,
screens and controllers may import it.
"""
