"""Dialogs over a screen, and the lines that they show.

`lines_dialog` shows lines, `pick` lets the operator pick one of several rows, and `question` asks before an operation.
The other modules make the lines and questions from values; none of them reads a file or a clock.

Screens and controllers import this package; it may import panes and widgets.
"""
