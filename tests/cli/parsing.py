"""Whether a line is a command of clawtui, without running it."""

from __future__ import annotations

import shlex

import click

from clawtui.cli.main import main


def parse(line: str) -> click.Context:
    """Return the command that the line names, with its arguments parsed. Raises click.UsageError if there is none."""
    program, *words = shlex.split(line)
    assert program == "clawtui"
    command: click.Command = main
    context = main.make_context(program, words)
    while isinstance(command, click.Group):
        name, below, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert name is not None
        assert below is not None
        command, context = below, below.make_context(name, rest, parent=context)
    return context
