"""The command line: one module for each command, or one package for a noun with several.

A module ``commands`` has the click commands of its noun, and ``view`` turns values into their output, as text and as
JSON. ``framework`` has the parts that all commands share. The package is imported by ``python -m clawtui`` and by the
script ``clawtui``; it may import every layer except ``demo``. A command imports what it needs when it is called, so
that no command loads the modules of another. Importing the package has no effect on the process; importing
``clawtui.cli.main``, the program, has one.
"""
