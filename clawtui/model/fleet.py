"""Everything that the state directory says at one instant.

A fleet is never changed: each change on disk makes the next one, which shares with the last all that
did not change. Whoever holds a fleet can compare by identity what is new in another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, Literal, TypeVar

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.documents.dispatcher import DEFAULT_LOCK_TIMEOUT, DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.paths import DISPATCHER_LOGS, LogName

T_co = TypeVar("T_co", covariant=True)

WatchMode = Literal["watching", "polling", "waiting"]
"""How changes are noticed: told by the kernel, looked for by ourselves, or there is no root to look at yet."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """One file as it was last read: its value, or why it has none. Exactly one of the two is there."""

    path: str
    """Relative to ``automations/``, with ``/`` between."""
    value: T_co | None
    problem: Problem | None
    stamp: Stamp | None
    """The version that was read; None where not even that could be told."""


@dataclass(frozen=True, slots=True)
class Automation:
    """An automation as its place on disk names it; its configuration may be unreadable."""

    type: str
    id: str
    """The file's stem: what the gateway finds it by."""
    config: Reading[AutomationConfig]

    @property
    def name(self) -> str:
        """What people call it; the id where nobody can say."""
        return self.config.value.name if self.config.value else self.id


@dataclass(frozen=True, slots=True)
class Workspace:
    """What a run keeps while it goes. None stands for a file that is not there."""

    id: str
    """The directory's name: the automation's id."""
    info: Reading[WorkspaceInfo] | None = None
    state: Reading[RuntimeState] | None = None
    progress: Reading[ProgressState] | None = None

    @property
    def running(self) -> RuntimeState | None:
        """The state of the run that is going, as it says itself."""
        state = self.state.value if self.state else None
        return state if state is not None and state.running else None


@dataclass(frozen=True, slots=True)
class LogTail:
    """The end of one log that somebody looks at."""

    path: str
    """Relative to ``automations/``."""
    lines: tuple[str, ...]
    """The last complete lines, decoded, without their newlines, never cleaned."""
    dropped: int
    """How many lines that were once here have left at the front, since ``beginning`` last changed."""
    from_start: bool
    """Whether the first line of the file is ``lines[0]``."""
    beginning: int
    """Grows by one when the log was truncated or replaced: what was seen before is of another log."""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Fleet:
    """The state directory at one instant."""

    root: str
    """The state directory, as the operator named it."""
    watch: WatchMode = "waiting"
    loaded: bool = False
    """Whether everything that is there has been read once; until then more is to come."""
    notice: tuple[str, ...] = ()
    """What is said instead where the root is of a kind that the panes cannot show, a line each."""
    dispatcher: Reading[DispatcherConfig] | None = None
    concurrency: Reading[ConcurrencyState] | None = None
    automations: Mapping[str, Automation] = field(default_factory=dict)
    """By the path of the configuration: ``config/<type>/<id>.json``."""
    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    """By id."""
    locks: Mapping[str, Reading[RepositoryLock]] = field(default_factory=dict)
    """By path, at any depth: ``locks/….lock``."""
    logs: Mapping[str, Mapping[str | None, tuple[LogName, ...]]] = field(default_factory=dict)
    """By type (or ``dispatcher``), then by automation id, None holding the logs of whole days; oldest first."""
    tails: Mapping[str, LogTail] = field(default_factory=dict)
    """By path: the logs that are being followed."""
    problems: Mapping[str, Problem] = field(default_factory=dict)
    """By path: everything that could not be read, whatever kind it is of."""

    @property
    def lock_timeout(self) -> timedelta | None:
        """How old a lock may get (errata 8); None where that is not known."""
        return lock_timeout_of(self.dispatcher)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that are taken."""
        state = self.concurrency.value if self.concurrency else None
        return state.active_slots if state else ()

    @property
    def max_slots(self) -> int | float | None:
        """How many slots there are: as the gateway's state says, else as its configuration; None where neither does."""
        if self.concurrency and self.concurrency.value:
            return self.concurrency.value.max_slots
        if self.dispatcher and self.dispatcher.value:
            return self.dispatcher.value.max_concurrent
        return None

    def run_log(self, automation: Automation) -> str | None:
        """The path of the log of its newest run; where there is none, of the newest day of its type."""
        return self._newest_log(automation.type, automation.id)

    @property
    def dispatcher_log(self) -> str | None:
        """The path of the dispatcher's newest log."""
        return self._newest_log(DISPATCHER_LOGS, None)

    def _newest_log(self, log_type: str, automation_id: str | None) -> str | None:
        by_id = self.logs.get(log_type, {})
        names = by_id.get(automation_id) or by_id.get(None)
        return f"logs/{log_type}/{names[-1].file}" if names else None


def lock_timeout_of(dispatcher: Reading[DispatcherConfig] | None) -> timedelta | None:
    """Return how old a lock may get before the gateway takes it back (errata 8).

    That is the default where there is no dispatcher configuration, and None, not known, where there is one that cannot
    be read: what it would say may be longer.
    """
    if dispatcher is None:
        return DEFAULT_LOCK_TIMEOUT
    return dispatcher.value.lock_timeout if dispatcher.value is not None else None
