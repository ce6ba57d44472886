"""A view of one log: the lines that pass a filter, the matches of a search, and the places of lines.

`reader` is the view; `worker` does its long jobs in slices on a thread of its own. The log pane reads a log of this
host through it, and the agent reads one for a dashboard on another host.
"""
