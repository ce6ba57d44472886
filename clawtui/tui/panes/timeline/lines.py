"""The facts and milestones of a run as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from clawtui.model.fleet import Automation, Workspace
from clawtui.model.runs.judgement import BAD, QUIET_AFTER, RunJudgement
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.units import age_span, rough_span, short_span
from clawtui.model.text.width import wrap
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.panes.timeline.eta_text import pace_lines
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.terminal.glyphs import CURRENT, PROBLEM, RUN_MARK
from clawtui.tui.widgets.charts import progress_bar
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, fit_end, linked, width_of

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState

_SUMMARY_LINES: Final = 3
_PERCENT_FROM: Final = 60
"""The least width at which a milestone is shown with its percentage."""


def facts(shown: TimelineViewModel, now: datetime, zone: tzinfo | None, width: int) -> list[Line]:
    """Return the state of the run, or how it ended and why it failed; problems of files come first."""
    automation, run, page = shown.automation, shown.run, shown.page
    if automation is None:
        return list(_wrapped(shown.why_none, width, "dim"))
    lines = [] if shown.past else list(_problems(automation, shown.workspace, width))
    if page is not None and page.problem is not None:
        lines += _wrapped(f"{PROBLEM} {page.problem}", width, "bad")
    if shown.going is not None:
        lines += _going(shown.going, now, width)
        is_done = (shown.going.progress.percentage or 0) >= 100
        lines += pace_lines(page, now, width) if page is not None and not is_done else ()
    elif run is not None:
        judged = shown.workspace.run if shown.workspace is not None and run.status == "lost" else None
        lines += _lost(judged, width, now) if judged is not None else _ended(_read(run, page), now, zone, width)
        lines += _reasons(page, zone, now, width) if page is not None else ()
    elif automation.config.value is not None:
        lines.append((Span("has never run", "dim"),))
    if shown.state is not None:
        lines += result_lines(shown.state, width)
    return [*lines, BLANK]


def nothing_left(shown: TimelineViewModel) -> list[Line]:
    """Return the reason why a run that has ended has no timeline; no lines for a run in progress."""
    run, page = shown.run, shown.page
    if run is None or page is None or run.running:
        return []
    why = "Its log is gone, and with it its timeline." if run.log is None else "Its log has no milestones."
    return [(Span(why, "dim"),)]


def timeline(steps: Sequence[Step], now: datetime, zone: tzinfo | None, width: int) -> list[Line]:
    """Return a line for each milestone with its time and duration; the current one and a failed one are marked."""
    return [_step_line(step, now, zone, width) for step in steps]


def clock(instant: datetime, zone: tzinfo | None) -> str:
    """Return the time of day in `zone`; None is the zone of the machine."""
    return f"{instant.astimezone(zone):%H:%M:%S}"


def _problems(automation: Automation, workspace: Workspace | None, width: int) -> Iterator[Line]:
    readings = (
        [automation.config]
        if workspace is None
        else [automation.config, workspace.state, workspace.progress, workspace.info]
    )
    for reading in readings:
        if reading is not None and (trouble := reading.trouble) is not None:
            text = f"{PROBLEM} {trouble.path.rpartition('/')[2]} {trouble.message}"
            yield from _wrapped(text, width, "bad")


def _going(state: RuntimeState, now: datetime, width: int) -> Iterator[Line]:
    percentage = state.progress.percentage or 0
    text = f"{min(999, int(percentage)):>4}%"
    if (raw := state.progress.raw_text("percentage")) is not None:
        text = f" {displayable(raw)[:8]} ?"
    yield (*progress_bar(percentage, max(10, min(40, width - 6))), Span(text, "strong"))
    phase = state.current_phase or state.progress.milestone or "running"
    pieces = [Span(phase, "active")]
    if state.start_time is not None:
        pieces += [Span(" · ", "dim"), Span(f"{short_span(now - state.start_time)} elapsed")]
    yield tuple(pieces)
    if state.last_update is not None and now - state.last_update > QUIET_AFTER:
        yield (Span(f"silent for {age_span(now - state.last_update)}", "warn"),)


def _read(run: Run, page: RunReport | None) -> Run:
    """Return the run with its ending, which may be in its log alone."""
    return page.run if page is not None and run.status is None else run


def _lost(judged: RunJudgement, width: int, now: datetime) -> Iterator[Line]:
    yield from _wrapped(f"{RUN_MARK[judged.state]} {judged.text(now)}", width, "bad")


def _ended(run: Run, now: datetime, zone: tzinfo | None, width: int) -> Iterator[Line]:
    heading = Span("? nothing says how it ended", "warn")
    if run.status is not None and not run.running:
        heading = Span(f"{RUN_MARK[run.status]} {run.label}", RUN_ROLE[run.status])
    lasted = f" · took {short_span(run.took)}" if run.took is not None else ""
    yield (
        heading,
        Span(f" {rough_span(now - run.started)} ago{lasted} · ", "dim"),
        Span(f"{run.started.astimezone(zone):%d %b %H:%M}", "dim"),
    )
    yield from _wrapped(run.summary or "", width, "bad" if run.status in BAD else "plain")


def _reasons(page: RunReport, zone: tzinfo | None, now: datetime, width: int) -> Iterator[Line]:
    """Yield the failure of a run as in its log, then the phases that took longer than usual."""
    error = page.log_summary.error
    if error is not None and not page.run.is_completed:
        where = f"{RUN_MARK['failed']} {clock(error.at, zone)} in {error.phase}"
        text = where if error.message == page.run.summary else f"{where}: {error.message}"
        yield from _wrapped(text, width, "bad")
    yield from pace_lines(page, now, width)


def _wrapped(text: str, width: int, role: Role) -> Iterator[Line]:
    if text.strip():
        yield from ((Span(part, role),) for part in wrap(displayable(text), width, max_rows=_SUMMARY_LINES))


def _step_line(step: Step, now: datetime, zone: tzinfo | None, width: int) -> Line:
    lasted = max(timedelta(0), now - step.at) if step.current else step.took
    slow: Role = "plain" if lasted is not None and lasted > timedelta(minutes=1) else "dim"
    percentage = f"{min(999, int(step.percentage)):>3}%  " if step.percentage is not None else " "
    return (
        Span(RUN_MARK["failed"], "bad") if step.failed else Span(CURRENT if step.current else " ", "active"),
        Span(f" {clock(step.at, zone)} ", "dim"),
        Span(f"{'' if lasted is None else short_span(lasted):>6} ", slow),
        Span(percentage if width >= _PERCENT_FROM else " ", "dim"),
        Span(step.title, "bad" if step.failed else "strong" if step.current else "plain"),
    )


_LABEL = 11


def result_lines(state: RuntimeState, width: int) -> Iterator[Line]:
    """Yield a line for each result that the run has; `width` is in cells."""
    yield from _conflicts(state, width)
    if state.running and state.progress.details.current_file:
        file: Line = (Span(state.progress.details.current_file),)
        yield _labelled("file", *fit_end(file, min(width_of(file), max(8, width - _LABEL))))
    corrections = state.resolution.wrong_path_corrections
    if corrections:
        yield _labelled("corrected", Span(f"{corrections} wrong path{'s' if corrections != 1 else ''}"))
    if state.artifacts.branch_created:
        yield _labelled("branch", Span(state.artifacts.branch_created))
    if state.artifacts.branch_url:
        yield _labelled("" if state.artifacts.branch_created else "branch", *linked(state.artifacts.branch_url, "dim"))
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
    yield from _rows("conflicts", pieces, width)


def _rows(label: str, pieces: Sequence[Span], width: int) -> Iterator[Line]:
    """Yield the pieces after the label, separated by dots, wrapped to `width` cells."""
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
