"""The pane with the workspaces of all automations.

It knows the model and the widgets.
"""
