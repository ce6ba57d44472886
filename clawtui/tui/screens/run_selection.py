"""The run of the selected automation in timeline and log: the newest, unless the operator selected a past one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from msgspec import Struct
from textual.message import Message

from clawtui.model.fleet import Automation, Fleet
from clawtui.model.paths import LogName
from clawtui.model.runs.history import list_runs
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import SLACK, Run

PageKey = tuple[str, tuple[datetime, str]]
"""An automation's id and the identity of one of its runs."""
Pages = Mapping[PageKey, RunReport]

_NO_LOGS: Mapping[str | None, tuple[LogName, ...]] = MappingProxyType({})


class SelectionShown(Message):
    """Message that the dashboard shows another run, or a new state of it. Only the newest message counts."""

    def __init__(self, log: str | None) -> None:
        super().__init__()
        self.log = log
        """The path of the log that is shown, relative to `automations/`."""

    def can_replace(self, message: Message) -> bool:
        """Return whether `message` is an earlier one of the kind."""
        return isinstance(message, SelectionShown)


class _Cause(NamedTuple):
    """Sources of a list of runs. The same objects make the same list."""

    config: object
    logs: object
    current: tuple[object, ...] | None

    def is_same_as(self, other: _Cause) -> bool:
        return self.config is other.config and self.logs is other.logs and self.current == other.current


class RunChoice(Struct, frozen=True):
    """Runs of the selected automation, newest first, and the position of the one that is shown."""

    automation: Automation | None = None
    runs: tuple[Run, ...] = ()
    position: int = 0
    key: str = ""
    """The key of the automation, or the id of the job of a stock gateway."""
    overtaken: bool = False
    """Whether the run that is shown was the newest one when it was pinned, and a newer one has started since."""

    @property
    def run(self) -> Run | None:
        """The run that is shown; None if there is none."""
        return self.runs[self.position] if self.runs else None

    @property
    def past(self) -> bool:
        """Whether there are newer runs."""
        return self.position > 0


class RunSelection:
    """Selection of the newest run, or of one run that stays until another run or automation is selected."""

    def __init__(self) -> None:
        self._pinned: Run | None = None
        self._was_newest = False
        self._lists: dict[str, tuple[_Cause, tuple[Run, ...]]] = {}
        self.choice = RunChoice()
        self.pages: Pages = {}
        """The reports on the selected run and on running runs."""

    @property
    def page(self) -> RunReport | None:
        """The report on the run that is shown; None until it has been read."""
        choice = self.choice
        if choice.automation is None or choice.run is None:
            return None
        return self.pages.get((choice.automation.id, choice.run.identity))

    @property
    def running(self) -> Mapping[str, RunReport]:
        """The reports on running runs by automation id."""
        return {id: page for (id, _), page in self.pages.items() if page.run.running}

    def look(self, fleet: Fleet, chosen: Automation | None) -> RunChoice:
        """Return the runs of `chosen` in `fleet`, and the one to show."""
        if chosen is None:
            self.choice = RunChoice()
            return self.choice
        return self.choose(chosen.config.path, self.runs_of(fleet, chosen), chosen)

    def choose(self, key: str, runs: tuple[Run, ...], automation: Automation | None = None) -> RunChoice:
        """Return the choice among `runs` of the automation or job at `key`: the one selected before, or the newest."""
        if self.choice.key != key:
            self._pinned = None
        position = _position(runs, self._pinned) if self._pinned is not None else 0
        if self._pinned is not None and runs:
            self._pinned = runs[position]
        self.choice = RunChoice(automation, runs, position, key, self._was_newest and position > 0)
        return self.choice

    def runs_of(self, fleet: Fleet, automation: Automation) -> tuple[Run, ...]:
        """Return all runs of an automation, newest first. They are listed again only if their sources changed."""
        workspace = fleet.workspaces.get(automation.id)
        state = workspace.state.value if workspace is not None and workspace.state is not None else None
        judged = workspace.run if workspace is not None else None
        current = (
            *((state.session_id, state.start_time or state.last_update, state.running) if state is not None else ()),
            *(
                (judged.state, judged.reason, judged.started, judged.ended, judged.recorded)
                if judged is not None
                else ()
            ),
        )
        config, logs = automation.config.value, fleet.logs.get(automation.type, _NO_LOGS)
        cause = _Cause(config, logs, current)
        known = self._lists.get(automation.config.path)
        if known is not None and known[0].is_same_as(cause):
            return known[1]
        runs = list_runs(automation.id, automation.type, config, workspace, logs)
        self._lists[automation.config.path] = (cause, runs)
        if len(self._lists) > len(fleet.automations):
            self._lists = {path: each for path, each in self._lists.items() if path in fleet.automations}
        return runs

    def show(self, run: Run) -> None:
        """Select a run of the selected automation."""
        self._pinned = run
        self._was_newest = bool(self.choice.runs) and run.identity == self.choice.runs[0].identity

    def pin(self) -> None:
        """Keep the run that is shown, also when a newer one starts."""
        if self._pinned is None and self.choice.run is not None:
            self.show(self.choice.run)

    def find_started(self, started: datetime) -> Run | None:
        """Return the run of the selected automation that began at `started`; None if it is not known."""
        return next((run for run in self.choice.runs if run.started == started), None)

    def find_of_line(self, log: str, at: datetime) -> Run | None:
        """Return the run of the selected automation that has the log to itself, or else the one going on at `at`."""
        runs = self.choice.runs
        own = next((run for run in runs if run.log == log and not run.shares_log), None)
        return own or next((run for run in runs if run.started <= at + SLACK), None)

    def step(self, older: int) -> bool:
        """Select the run `older` places further back (forward if negative); return False if there is none."""
        position = self.choice.position + older
        if not 0 <= position < len(self.choice.runs):
            return False
        self.show(self.choice.runs[position])
        return True

    def return_to_newest(self) -> bool:
        """Select the newest run, also when a newer one starts; return False if it was shown already."""
        self._pinned = None
        return self.choice.past


def _position(runs: Sequence[Run], pinned: Run) -> int:
    """Return the position of `pinned`; 0 if it is gone.

    When a run ends, its start may be written with another precision, and a log may become known.
    """
    for same in (_has_identity, _has_log, _starts_near):
        for position, run in enumerate(runs):
            if same(run, pinned):
                return position
    return 0


def _has_identity(run: Run, pinned: Run) -> bool:
    return run.identity == pinned.identity


def _has_log(run: Run, pinned: Run) -> bool:
    return run.log is not None and run.log == pinned.log and not run.shares_log


def _starts_near(run: Run, pinned: Run) -> bool:
    return abs(run.started - pinned.started) < SLACK
