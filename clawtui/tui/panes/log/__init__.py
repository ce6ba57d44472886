"""The log pane: its widget, the window of lines, the search and filters, the header and the prompt.

It reads logs through the protocol in `reader`, not from files. Imported by `tui.screens` and `tui.controllers`.
"""
