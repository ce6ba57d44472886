"""The history of one automation: the table of its runs, and a chart of how long they took.

Screens and controllers may import it.
"""
