"""The automations pane: the table of the automations with their progress or next run, and their last runs.

Screens and controllers may import it.
"""
