"""The pane and the header of several roots: their automations in one table, and the alarms of each root.

Screens and controllers may import it.
"""
