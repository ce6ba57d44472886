"""The controllers of the workspaces screen: showing the workspaces, and removing one.

Imported when the screen is opened.
"""
