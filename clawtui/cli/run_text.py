"""Runs and their milestones as people read them, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from clawtui.cli.automation_text import RUN_STYLE
from clawtui.cli.output import Line, Piece
from clawtui.cli.table import Column, labelled, table
from clawtui.cli.times import local_minute, local_second, relative
from clawtui.model.progress import Milestone, ProgressState
from clawtui.model.time import rough_span, short_span

if TYPE_CHECKING:
    from clawtui.operations.run_timeline import Reached, Timeline
    from clawtui.operations.runs import Run


def run_row(run: Run) -> dict[str, object]:
    """What `run list` says of one in JSON."""
    return {
        "run": run.name,
        "timestamp": run.started,
        "status": run.status,
        "duration": run.duration,
        "summary": run.summary,
        "log": run.log,
    }


def run_document(run: Run, timeline: Timeline) -> dict[str, object]:
    """What `run show` says in JSON."""
    told = [milestone_row(one) | {"took": one.took} for one in timeline.reached]
    whose = {"automationId": run.automation_id, "sessionId": run.session_id}
    return run_row(run) | whose | {"source": timeline.source, "timeline": told}


def progress_document(progress: ProgressState, reached: Sequence[Reached], going: bool) -> dict[str, object]:
    """What `progress` says in JSON: ``progress.json``, and beside it what follows."""
    from clawtui.storage.json_text import to_plain

    last = reached[-1] if reached else None
    derived = {
        "running": going,
        "percentage": last.percentage if last else None,
        "milestone": last.title if last else None,
        "timeline": [milestone_row(one) | {"took": one.took} for one in reached],
    }
    return to_plain(progress) | derived


def milestone_line(one: Milestone) -> Line:
    """A milestone as it comes: nothing says yet how long it will last."""
    return (Piece(local_second(one.timestamp), "dim"), f"  {_percent(one.percentage):>3}  ", one.milestone)


def milestone_row(one: Reached) -> dict[str, object]:
    """A milestone, by the names of ``progress.json``."""
    return {"timestamp": one.at, "milestone": one.title, "percentage": one.percentage, "details": one.details}


def run_table(runs: Sequence[Run], now: datetime) -> Iterator[Line]:
    """One line a run."""
    columns = [
        Column("run"),
        Column("began", "right"),
        Column("status"),
        Column("took", "right"),
        Column("summary", least=8, spare=True),
    ]
    rows: list[list[Piece | str]] = [
        [run.name, f"{rough_span(now - run.started)} ago", _status(run), _took(run), run.summary or ""] for run in runs
    ]
    return table(columns, rows)


def run_lines(run: Run, timeline: Timeline, now: datetime) -> Iterator[Line]:
    """How a run went, and its milestones."""
    yield from labelled(
        [
            ("run", Piece(run.name, "strong")),
            ("automation", run.automation_id),
            ("status", _status(run)),
            ("started", f"{local_minute(run.started)}, {relative(run.started, now)}"),
            ("took", _took(run)),
            ("summary", run.summary),
            ("session", run.session_id),
            ("log", run.log),
            (
                "told by",
                {"progress": "progress.json", "log": "its log", None: "nothing: no timeline is left"}[timeline.source],
            ),
        ]
    )
    if timeline.reached:
        yield ()
        yield from milestone_lines(timeline.reached, with_heading=True)


def milestone_lines(reached: Iterable[Reached], with_heading: bool = False) -> Iterator[Line]:
    """One line a milestone: when, how long until the next, how far, and what."""
    columns = [Column("time"), Column("took", "right"), Column("%", "right"), Column("milestone", least=8)]
    rows: list[list[Piece | str]] = [
        [
            Piece(local_second(one.at), "dim"),
            "" if one.took is None else short_span(one.took),
            _percent(one.percentage),
            one.title,
        ]
        for one in reached
    ]
    lines = table(columns, rows)
    if not with_heading:
        next(lines)
    return lines


def _percent(percentage: float | None) -> str:
    return "" if percentage is None else str(max(0, min(999, int(percentage))))


def _status(run: Run) -> Piece:
    if run.status is None:
        return Piece("unknown", "warn")
    return Piece(run.status, "active" if run.status == "running" else RUN_STYLE[run.status])


def _took(run: Run) -> str:
    return "" if run.took is None else short_span(run.took)
