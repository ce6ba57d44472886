"""What the panes show of a stock gateway: its jobs, one of their runs, and what it holds.

The panes are those of every root; these view models take the place of the ones for the design's files.
"""
