"""The table of the repository locks with the verdict on each, and the list of the concurrency slots.

Screens and controllers may import it; `verdicts` holds the results of the verdict monitor.
"""
