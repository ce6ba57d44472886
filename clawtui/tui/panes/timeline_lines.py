"""A run's facts and milestones as lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from clawtui.model.evidence import QUIET_AFTER
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.text import clean
from clawtui.model.time import age_span, rough_span, short_span
from clawtui.model.timeline import Step, steps
from clawtui.model.workspace import RuntimeState
from clawtui.tui.glyphs import CURRENT, PROBLEM, RUN_MARK
from clawtui.tui.panes.automation_cells import RUN_ROLE, bar
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, width_of

_LABEL = 11
_SUMMARY_LINES = 3
_PERCENT_FROM = 60
"""Cells from which a milestone has room for its percentage as well."""


def facts(
    automation: Automation, workspace: Workspace | None, now: datetime, zone: tzinfo | None, width: int
) -> list[Line]:
    """How the run stands; when nothing runs, how the last one ended. Problems first."""
    lines = list(_problems(automation, workspace, width))
    state = workspace.state.value if workspace is not None and workspace.state is not None else None
    if state is not None and state.running:
        lines += _going(state, now, width)
    elif automation.config.value is not None:
        lines += _resting(automation, now, zone, width)
    if state is not None:
        lines += _findings(state, width)
    return [*lines, BLANK]


def timeline(workspace: Workspace | None, now: datetime, zone: tzinfo | None, width: int) -> list[Line]:
    """Each milestone with its time and how long it took, the current one marked."""
    progress = workspace.progress.value if workspace is not None and workspace.progress is not None else None
    if workspace is None or progress is None:
        return []
    ended = progress.last_update
    return [
        _step_line(step, zone, width) for step in steps(progress.timeline, now, workspace.running is not None, ended)
    ]


def clock(instant: datetime, zone: tzinfo | None) -> str:
    """The time of day where the operator is; ``zone`` None is the machine's."""
    return f"{instant.astimezone(zone):%H:%M:%S}"


def _problems(automation: Automation, workspace: Workspace | None, width: int) -> Iterator[Line]:
    readings = (
        [automation.config]
        if workspace is None
        else [automation.config, workspace.state, workspace.progress, workspace.info]
    )
    for reading in readings:
        if reading is not None and reading.problem is not None:
            text = f"{PROBLEM} {reading.problem.path.rpartition('/')[2]} {reading.problem.message}"
            for part in textwrap.wrap(clean(text), width, max_lines=_SUMMARY_LINES, placeholder=" …"):
                yield (Span(part, "bad"),)


def _going(state: RuntimeState, now: datetime, width: int) -> Iterator[Line]:
    percentage = state.progress.percentage or 0
    yield (*bar(percentage, max(10, min(40, width - 6))), Span(f"{min(999, int(percentage)):>4}%", "strong"))
    phase = state.current_phase or state.progress.milestone or "running"
    pieces = [Span(phase, "active")]
    if state.start_time is not None:
        pieces += [Span(" · ", "dim"), Span(f"{short_span(now - state.start_time)} elapsed")]
    yield tuple(pieces)
    if state.last_update is not None and now - state.last_update > QUIET_AFTER:
        yield (Span(f"silent for {age_span(now - state.last_update)}", "warn"),)


def _resting(automation: Automation, now: datetime, zone: tzinfo | None, width: int) -> Iterator[Line]:
    config = automation.config.value
    if config is None:
        return
    run = config.latest_run
    if run is None:
        yield (Span("has never run", "dim"),)
        return
    role: Role = RUN_ROLE[run.status]
    yield (
        Span(f"{RUN_MARK[run.status]} {run.status}", role),
        Span(f" {rough_span(now - run.timestamp)} ago · took {short_span(run.took)} · ", "dim"),
        Span(f"{run.timestamp.astimezone(zone):%d %b %H:%M}", "dim"),
    )
    for part in textwrap.wrap(clean(run.summary), width, max_lines=_SUMMARY_LINES, placeholder=" …"):
        yield (Span(part),)


def _findings(state: RuntimeState, width: int) -> Iterator[Line]:
    """What the run met and made; nothing is said of what it has not."""
    yield from _conflicts(state, width)
    if state.running and state.progress.details.current_file:
        yield _labelled("file", Span(state.progress.details.current_file))
    corrections = state.resolution.wrong_path_corrections
    if corrections:
        yield _labelled("corrected", Span(f"{corrections} wrong path{'s' if corrections != 1 else ''}"))
    if state.artifacts.branch_created:
        yield _labelled("branch", Span(state.artifacts.branch_created))
    if state.artifacts.pr_url or state.artifacts.pr_number is not None:
        number = "" if state.artifacts.pr_number is None else f"#{state.artifacts.pr_number} "
        yield _labelled("pull req.", Span(f"{number}{state.artifacts.pr_url or ''}"))


def _conflicts(state: RuntimeState, width: int) -> Iterator[Line]:
    found = _first(
        state.merge.conflicts_detected, state.progress.details.total_conflicts, state.resolution.total_conflicts
    )
    if not found:
        if state.merge.merge_started:
            yield _labelled("conflicts", Span("none", "dim"))
        return
    resolved = _first(state.merge.conflicts_resolved, state.progress.details.resolved_conflicts) or 0
    skipped, uncertain = state.merge.conflicts_skipped or 0, len(state.merge.uncertain_resolutions)
    pieces = [Span(f"{found} found"), Span(f"{resolved} resolved", "ok" if resolved else "dim")]
    pieces += [Span(f"{skipped} skipped", "warn")] if skipped else []
    pieces += [Span(f"{uncertain} uncertain", "warn")] if uncertain else []
    yield from _wrapped("conflicts", pieces, width)


def _wrapped(label: str, pieces: Sequence[Span], width: int) -> Iterator[Line]:
    """The pieces after the label, with dots between, on as many lines as it takes."""
    row: list[Span] = []
    for piece in pieces:
        if row and _LABEL + width_of(row) + 3 + width_of((piece,)) > width:
            yield _labelled(label, *row)
            label, row = "", []
        row += [Span(" · ", "dim"), piece] if row else [piece]
    yield _labelled(label, *row)


def _first(*numbers: int | float | None) -> int | float | None:
    return next((number for number in numbers if number is not None), None)


def _labelled(label: str, *pieces: Span) -> Line:
    return (Span(f"{label:<{_LABEL}}", "dim"), *pieces)


def _step_line(step: Step, zone: tzinfo | None, width: int) -> Line:
    took = "" if step.took is None else short_span(step.took)
    slow: Role = "plain" if step.took is not None and step.took > timedelta(minutes=1) else "dim"
    mark = Span(CURRENT if step.current else " ", "active")
    return (
        mark,
        Span(f" {clock(step.at, zone)} ", "dim"),
        Span(f"{took:>6} ", slow),
        Span(f"{min(999, int(step.percentage)):>3}%  " if width >= _PERCENT_FROM else " ", "dim"),
        Span(step.title, "strong" if step.current else "plain"),
    )
