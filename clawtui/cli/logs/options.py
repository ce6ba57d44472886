"""The parsers of the options of ``clawtui logs``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import get_args

import click

from clawtui.cli.framework.context import Invocation
from clawtui.model.documents.log_entry import Phase
from clawtui.model.search.engine import InvalidPattern
from clawtui.model.search.pattern import Pattern
from clawtui.model.text.units import EARLIEST, parse_span


def since(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """Return the instant of a span before now (``2h``) or of a time (``2025-01-26T10:30``), local if it has no zone."""
    if value is None:
        return None
    span = parse_span(value)
    if span is not None:
        return _before(context.ensure_object(Invocation).now(), span)
    try:
        return datetime.fromisoformat(value).astimezone()
    except (ValueError, OverflowError) as error:
        expected = "neither a span such as 2h or 1d12h nor a time such as 2025-01-26T10:30"
        raise click.BadParameter(f"“{value}” is {expected}.") from error


def parse_pattern(text: str | None, case_sensitive: bool) -> Pattern | None:
    """Return the pattern of ``--grep``. Raises click.BadParameter."""
    try:
        return None if text is None else Pattern.parse(text, case_sensitive)
    except InvalidPattern as error:
        raise click.BadParameter(f"{error}.", param_hint="'--grep'") from error


def phases(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the phases of the design, for completion; a gateway may have others."""
    return [phase for phase in get_args(Phase) if phase.startswith(incomplete)]


def _before(now: datetime, span: timedelta) -> datetime:
    try:
        return now - span
    except OverflowError:
        return EARLIEST
