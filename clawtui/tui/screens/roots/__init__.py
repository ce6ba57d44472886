"""The screen of several roots: what is known of each, and the table of their automations.

`roots_view` is the state that is shown, `root_view` that of one root, and `screen` the screen.
"""
