"""The pane with the workspaces of all automations.

Screens and controllers may import it.
"""
