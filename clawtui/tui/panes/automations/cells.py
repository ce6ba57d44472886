"""The row of an automation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import LastRun, Skip, Status, last_run, status_of
from clawtui.model.runs.judgement import QUIET_AFTER, RunJudgement, result_state
from clawtui.model.runs.report import RunReport
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.units import rough_span, short_span
from clawtui.presentation.outlook import short_outlook
from clawtui.presentation.roles import RUN_ROLE, STATUS_ROLE
from clawtui.tui.panes.timeline.eta_text import left_short
from clawtui.tui.terminal.glyphs import PROBLEM, RUN_MARK, STATUS_MARK
from clawtui.tui.widgets.charts import progress_bar, sparkline
from clawtui.tui.widgets.line import BLANK, Line, Role, Span

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState

_NARROW: Final = 50
_BESIDE_BAR: Final = 48
"""Cells that the bar leaves free for the percentage, the time left and the milestone, if the width allows."""


class CellRoom(NamedTuple):
    """Widths of the columns whose content depends on the room, in cells."""

    now: int = 56
    runs: int = 12

    @property
    def bar(self) -> int:
        """The width of the bar."""
        return 5 if self.now < _NARROW else max(8, min(40, self.now - _BESIDE_BAR))


_USUAL_ROOM: Final = CellRoom()
_MOST_ROWS: Final = 250
"""The most rows that are kept, also of keys that are gone; more than a screen has, and each takes kilobytes."""

T = TypeVar("T")


class _Clock:
    """The time at which a row is made, and everything in the row that depends on it."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._read: list[tuple[Callable[[datetime], object], object]] = []

    def read(self, what: Callable[[datetime], T]) -> T:
        """Return `what` at this time, and remember it."""
        value = what(self._now)
        self._read.append((what, value))
        return value

    def is_same_at(self, now: datetime) -> bool:
        """Return whether everything that was read is the same at `now`."""
        return all(what(now) == value for what, value in self._read)


class _Causes(NamedTuple):
    """What a row is made from, except the time."""

    automation: Automation
    workspace: Workspace | None
    skip: Skip | None
    page: RunReport | None
    room: CellRoom

    def is_same_as(self, other: _Causes) -> bool:
        return (
            self.automation is other.automation
            and self.workspace is other.workspace
            and self.page is other.page
            and self.skip == other.skip
            and self.room == other.room
        )


class CellCache:
    """The rows of a table. A row is made again only after a change of its automation, or of a text about the time."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[_Causes, _Clock, Sequence[Line]]] = {}

    def cells(
        self,
        key: str,
        automation: Automation,
        workspace: Workspace | None,
        skip: Skip | None,
        now: datetime,
        page: RunReport | None,
        room: CellRoom,
    ) -> Sequence[Line]:
        """Return the row at `key` as `cells` makes it: the same object while the row is the same."""
        causes, known = _Causes(automation, workspace, skip, page, room), self._rows.get(key)
        if known is not None and known[0].is_same_as(causes) and known[1].is_same_at(now):
            return known[2]
        self._rows.pop(key, None)
        if len(self._rows) >= _MOST_ROWS:
            del self._rows[next(iter(self._rows))]  # the one that was made first
        clock = _Clock(now)
        made = _make(causes, clock)
        self._rows[key] = (causes, clock, made)
        return made


def cells(
    automation: Automation,
    workspace: Workspace | None,
    skip: Skip | None,
    now: datetime,
    page: RunReport | None = None,
    room: CellRoom = _USUAL_ROOM,
) -> Sequence[Line]:
    """Return mark, name, progress or next run, status, age and duration of the last run, and the chart of past runs.

    `page` is the report on the run in progress, which is needed for the time left.
    """
    return _make(_Causes(automation, workspace, skip, page, room), _Clock(now))


def _make(causes: _Causes, clock: _Clock) -> Sequence[Line]:
    automation, workspace, skip, page, room = causes
    status = status_of(automation, workspace)
    config = automation.config.value
    name_role: Role = "dim" if status == "disabled" else "strong" if status == "running" else "plain"
    mark = (Span(STATUS_MARK[status], STATUS_ROLE[status]),)
    name = (Span(automation.name, name_role),)
    doing = _doing(automation, workspace, status, skip, clock, page, room.bar)
    if config is None:
        return (mark, name, doing, BLANK, BLANK, BLANK, BLANK)
    last = last_run(config, workspace.run if workspace is not None else None)
    return (mark, name, doing, *_last_run(config, last, clock), _strip(config, room.runs))


def _doing(
    automation: Automation,
    workspace: Workspace | None,
    status: Status,
    skip: Skip | None,
    clock: _Clock,
    page: RunReport | None,
    bar: int,
) -> Line:
    config = automation.config.value
    if config is None:
        problem = automation.config.problem
        return (Span(problem.message if problem else "cannot be read", "bad"),)
    broken = _workspace_problem(workspace)
    if broken is not None:
        return (Span(f"{PROBLEM} {broken}", "bad"),)
    run = workspace.run if workspace is not None else None
    running = workspace.running if workspace is not None else None
    if status == "lost" and run is not None:
        return (Span(clock.read(run.text), "bad"),)
    if status == "paused":
        return (Span(f"paused · {_milestone(running)}" if running is not None else "paused", "warn"),)
    if running is not None:
        return _running(running, clock, page, bar)
    why = _why_failed(config, run, status)
    return _due(automation, why, skip, clock) if config.enabled else (*_off(config), *why)


def _off(config: AutomationConfig) -> Line:
    if config.enabled is None:
        return (Span(f"{PROBLEM} enabled: {config.raw_text('enabled') or 'unknown'}", "bad"),)
    return (Span("disabled", "dim"),)


def _due(automation: Automation, why: Line, skip: Skip | None, clock: _Clock) -> Line:
    """Return when it is due, then why its last run failed, then why it was not started."""
    text, role = clock.read(partial(short_outlook, automation.outlook))
    skipped: Line = (Span(f" · {skip.text}", "dim"),) if skip is not None else BLANK
    return (Span(text, role), *why, *skipped)


def _why_failed(config: AutomationConfig, run: RunJudgement | None, status: Status) -> Line:
    """Return why the last run failed; empty if it did not, or nothing says so."""
    last = last_run(config, run)
    if status != "failed" or last is None or not last.summary:
        return BLANK
    return (Span(f" · {last.summary}", "bad"),)


def _workspace_problem(workspace: Workspace | None) -> str | None:
    """Return the problem of ``state.json``; those of the other files are shown in the timeline."""
    if workspace is None or workspace.state is None or workspace.state.problem is None:
        return None
    return f"state.json {workspace.state.problem.message}"


def _running(state: RuntimeState, clock: _Clock, page: RunReport | None, bar: int) -> Line:
    percentage = state.progress.percentage or 0
    text = f"{min(999, int(percentage)):>4}% "
    if (raw := state.progress.raw_text("percentage")) is not None:
        text = f" {displayable(raw)[:8]} ? "
    heading: Line = (*progress_bar(percentage, bar), Span(text))
    if silent := clock.read(partial(_silence, state.last_update)):
        return (*heading, Span(f"silent {silent} ", "warn"), Span(_milestone(state), "dim"))
    left = clock.read(partial(left_short, page)) if percentage < 100 else BLANK
    return (*heading, *left, Span(_milestone(state), "dim" if left else "plain"))


def _silence(last_update: datetime | None, now: datetime) -> str:
    """Return for how long a run has been silent; empty while that is not unusual."""
    return _ago(last_update, now) if last_update is not None and now - last_update > QUIET_AFTER else ""


def _ago(instant: datetime, now: datetime) -> str:
    return rough_span(now - instant)


def _milestone(state: RuntimeState) -> str:
    return state.progress.milestone or state.current_phase or "running"


def _last_run(config: AutomationConfig, run: LastRun | None, clock: _Clock) -> tuple[Line, Line, Line]:
    if run is None:
        raw = config.raw_text("last_run")
        return ((Span(f"? {raw}", "warn") if raw is not None else Span("never", "dim"),), BLANK, BLANK)
    role: Role = RUN_ROLE[run.state]
    word: Role = role if role in ("bad", "warn") else "dim"
    return (
        (Span(RUN_MARK[run.state], role), Span(f" {run.label}", word)),
        (Span(clock.read(partial(_ago, run.started)), "dim"),),
        (Span(short_span(run.took), "dim"),) if run.took is not None else BLANK,
    )


def _strip(config: AutomationConfig, count: int) -> Line:
    """Return the chart of the last runs, the newest at the right."""
    runs = config.run_history[:count]
    return sparkline([(result_state(run.status)[0], run.took) for run in reversed(runs)])
