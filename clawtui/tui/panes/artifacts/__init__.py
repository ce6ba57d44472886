"""The files that runs left: the table of them, and the lines of one of them.

Screens and controllers may import it.
"""
