"""Lines about a job, a run in progress or a lock of a stock gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.text.secrets import masked
from clawtui.model.text.units import format_timestamp
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.dialogs.dialog_text import json_row
from clawtui.tui.dialogs.lock_text import listed, wrapped
from clawtui.tui.panes.gateway.held import Held
from clawtui.tui.widgets.line import BLANK, Line, Span


def job_lines(job: Job | None, run: GatewayRun | None) -> Sequence[Line]:
    """Return the values of a job and of one of its runs in the store, as indented JSON with secrets masked."""
    if job is None:
        return ((Span("It is gone.", "dim"),),)
    lines: list[Line] = []
    for title, value in ((job.path, _plain(job)), ("the run that is shown", _plain(run))):
        if value:
            rows = json.dumps(masked(value), indent=2, ensure_ascii=False).split("\n")
            lines += [(Span(title, "strong"),), *((Span("  "), *json_row(row)) for row in rows), BLANK]
    return lines


def held_lines(held: Held | None, width: int) -> Sequence[Line]:
    """Return the verdict on a run in progress or a lock file, and every fact."""
    if held is None:
        return ((Span("It is gone: it has ended, or was released.", "dim"),),)
    return [*wrapped(held.key, width, "dim"), BLANK, *verdict_and_facts(held, width)]


def verdict_and_facts(held: Held, width: int) -> Sequence[Line]:
    """Return the verdict as a sentence, then the facts that decided."""
    judged = held.judgement
    if judged is None:
        return ((Span("not judged yet", "dim"),),)
    head = wrapped(f"{judged.verdict}: {MEANING[judged.verdict]}", width, VERDICT_ROLE[judged.verdict])
    return [*head, BLANK, *listed(judged.facts, width)]


def _plain(value: object) -> object:
    """Return a value in the form of JSON, under names as in the gateway's files, without unknown fields."""
    fields = getattr(value, "__struct_fields__", None)
    if fields is not None:
        values = ((_name_there(name, getattr(value, name)), _plain(getattr(value, name))) for name in fields)
        return {name: found for name, found in values if found not in (None, (), [], {}, "")}
    if isinstance(value, datetime):
        return format_timestamp(value)
    if isinstance(value, timedelta):
        return round(value / timedelta(milliseconds=1))
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _name_there(name: str, value: object) -> str:
    """Return ``lastRun`` for ``last_run``, and ``everyMs`` for a span."""
    first, *others = name.split("_")
    camel = first + "".join(word.capitalize() for word in others)
    return f"{camel}Ms" if isinstance(value, timedelta) else camel
