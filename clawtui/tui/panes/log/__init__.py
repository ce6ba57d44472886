"""The log pane: its widget, the window of lines, the search and filters, the header and the prompt.

It reads through the protocol in `reader`, and knows no files. Imported by `tui.screens` and `tui.controllers`.
"""
