"""The command line: one module for each command, or one package for a noun with several.

A module ``commands`` has the click commands of its noun, ``view`` turns values into what they print and into JSON.
``framework`` has the parts that all commands share. Nothing imports this package but ``python -m clawtui``; a command
imports what it needs when it is called, so that no command pays for the start of another. Importing the package has no
effect on the process; importing ``clawtui.cli.main``, the program, has one.
"""
