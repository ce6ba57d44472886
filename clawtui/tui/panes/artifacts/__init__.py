"""The artifacts pane: the table of the artifacts of an automation, and the content of one artifact as lines.

Screens and controllers may import it.
"""
