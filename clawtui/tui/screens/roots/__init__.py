"""The screen of several roots: the last state of each, and the table of their automations.

`roots_view` is the content of the screen, `root_view` that of one root, `beside` the panes next to the table, and
`screen` the screen itself. Imported by `tui.roots_app` and the controllers.
"""
