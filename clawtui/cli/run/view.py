"""Runs and timelines as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from clawtui.cli.framework.layout import Block, Column, Labelled, Line, Piece, Table
from clawtui.model.documents.workspace import Milestone, ProgressState
from clawtui.model.runs.durations import Range, Spread, range_text
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step
from clawtui.model.text.units import rough_span, short_span
from clawtui.presentation.roles import RUN_ROLE
from clawtui.presentation.times import ago, local_minute, local_second

_SOURCES: Mapping[str | None, str] = {
    "progress": "progress.json",
    "log": "its log",
    None: "nothing: no timeline is left",
}


def run_row(run: Run) -> dict[str, object]:
    """Return one run as `run list --json` prints it."""
    return {
        "run": run.name,
        "timestamp": run.started,
        "status": run.status,
        "duration": run.duration,
        "summary": run.summary,
        "log": run.log,
    }


def run_document(page: RunReport, now: datetime) -> dict[str, object]:
    """Return a run as `run show --json` prints it."""
    run, error = page.run, page.log_summary.error
    whose = {"automationId": run.automation_id, "sessionId": run.session_id}
    outcome = {
        "source": page.timeline.source,
        "timeline": [_step_row(step) for step in page.timeline.steps],
        "error": None if error is None else {"timestamp": error.at, "phase": error.phase, "message": error.message},
    }
    return run_row(run) | whose | outcome | pace_document(page, now)


def progress_document(progress: ProgressState, steps: Sequence[Step], going: bool) -> dict[str, object]:
    """Return a timeline as `progress --json` prints it: ``progress.json`` and derived values."""
    from clawtui.files.json5.serialize import to_plain

    last = steps[-1] if steps else None
    derived = {
        "running": going,
        "percentage": last.percentage if last else None,
        "milestone": last.title if last else None,
        "timeline": [_step_row(step) for step in steps],
    }
    return to_plain(progress) | derived


def pace_document(page: RunReport | None, now: datetime) -> dict[str, object]:
    """Return the time left, the usual duration, and the phases with theirs; unknown values are null."""
    if page is None:
        return {"left": None, "usual": None, "phases": []}
    phases = [
        {
            "phase": phase,
            "took": took,
            "usual": _range_row(page.usual.phase(phase)),
            "slow": page.usual.phase(phase).is_exceeded_by(took),
        }
        for phase, took in page.times(now).items()
    ]
    left = page.left(now)
    return {
        "left": left._asdict() if left is not None else None,
        "usual": _range_row(page.usual.whole),
        "phases": phases,
    }


def pace_values(page: RunReport, now: datetime) -> Labelled:
    """Return the time left of a run in progress and the phases that take longer than usual, if they are known."""
    return Labelled(_pace(page, now))


def milestone_line(one: Milestone) -> Line:
    """Return the line of a new milestone, without its duration, which is not known yet."""
    return (Piece(local_second(one.timestamp), "dim"), f"  {_percent(one.percentage):>3}  ", one.milestone)


def run_table(runs: Sequence[Run], now: datetime) -> Table:
    """Return a table with one line for each run."""
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
    return Table(columns, rows)


def run_lines(page: RunReport, now: datetime) -> Iterator[Line | Block]:
    """Yield the facts about a run, and its milestones."""
    run, error = page.run, page.log_summary.error
    yield Labelled(
        [
            ("run", Piece(run.name, "strong")),
            ("automation", run.automation_id),
            ("status", _status(run)),
            ("started", f"{local_minute(run.started)}, {ago(run.started, now)}"),
            ("took", _took(run)),
            ("usual", range_text(page.usual.whole.usual) if page.usual.whole.usual is not None else None),
            ("summary", run.summary),
            ("error", Piece(f"{error.phase}: {error.message}", "bad") if error and not run.is_completed else None),
            ("session", run.session_id),
            ("log", run.log),
            ("problem", Piece(page.problem, "bad") if page.problem else None),
            ("timeline from", _SOURCES[page.timeline.source]),
            *_pace(page, now),
        ]
    )
    if page.timeline.steps:
        yield ()
        yield milestone_table(page.timeline.steps, with_heading=True)


def milestone_table(steps: Iterable[Step], with_heading: bool = False) -> Table:
    """Return a table of milestones: the time, the duration until the next one, the percentage, and the title."""
    columns = [Column("time"), Column("took", "right"), Column("%", "right"), Column("milestone", least=8)]
    rows: list[list[Piece | str]] = [
        [
            Piece(local_second(step.at), "dim"),
            "" if step.took is None else short_span(step.took),
            _percent(step.percentage),
            Piece(step.title, "bad" if step.failed else "plain"),
        ]
        for step in steps
    ]
    return Table(columns, rows, with_heading)


def _pace(page: RunReport, now: datetime) -> Iterator[tuple[str, Piece]]:
    left, whole = page.left(now), page.usual.whole
    if left is not None:
        yield "left", Piece(f"{range_text(left)}, from {len(whole.spans)} past runs", "active")
    elif page.run.running and page.is_slow(now) and whole.usual is not None:
        yield "left", Piece(f"longer than nine in ten already, usually {range_text(whole.usual)}", "warn")
    for phase in page.slow_phases(now):
        usual = page.usual.phase(phase).usual
        if usual is not None:
            took = short_span(page.times(now)[phase])
            yield "slow", Piece(f"{phase}: {took}, usually {range_text(usual)}; longer than nine in ten", "warn")


def _step_row(step: Step) -> dict[str, object]:
    """Return a milestone under the names of ``progress.json``, and its duration."""
    return {
        "timestamp": step.at,
        "milestone": step.title,
        "percentage": step.percentage,
        "details": step.details,
        "took": step.took,
    }


def _range_row(spread: Spread) -> dict[str, object] | None:
    usual: Range | None = spread.usual
    return None if usual is None else {"low": usual.low, "high": usual.high, "runs": len(spread.spans)}


def _percent(percentage: float | None) -> str:
    return "" if percentage is None else str(max(0, min(999, int(percentage))))


def _status(run: Run) -> Piece:
    if run.status is None:
        return Piece("unknown", "warn")
    return Piece(run.label, RUN_ROLE[run.status])


def _took(run: Run) -> str:
    return "" if run.took is None else short_span(run.took)
