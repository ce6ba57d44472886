"""What the lock commands are told on the command line, understood."""

from __future__ import annotations

from datetime import timedelta

import click

from clawtui.cli.context import Invocation
from clawtui.model.time import parse_span


def _span(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta:
    if value is None:
        return context.ensure_object(Invocation).loaded().settings.quiet_after
    span = parse_span(value)
    if span is None:
        raise click.BadParameter(f"“{value}” is no span such as 30m or 1h30m.")
    return span


quiet_option = click.option(
    "--quiet-after",
    metavar="SPAN",
    callback=_span,
    help="A run that has been silent for longer is quiet. Default: as the settings say, else 15m.",
)
"""``--quiet-after``; the command gets ``quiet_after``."""
