"""Lines about a job, a run in progress or a lock of a stock gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.text.secrets import masked
from clawtui.presentation.roles import VERDICT_ROLE
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
            text = json.dumps(masked(value), indent=2, ensure_ascii=False)
            lines += [(Span(title, "strong"),), *((Span(f"  {row}"),) for row in text.split("\n")), BLANK]
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
    """Return a value in the form of JSON, without unknown fields."""
    fields = getattr(value, "__struct_fields__", None)
    if fields is not None:
        return {name: found for name in fields if (found := _plain(getattr(value, name))) not in (None, (), [], {}, "")}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
