"""The table of the repository locks with the verdict on each, and the list of the concurrency slots.

`verdicts` holds the results of the verdict monitor. Dialogs, screens and controllers may import it, and so may
`panes.gateway`, which shows the locks of a stock gateway in the same pane.
"""
