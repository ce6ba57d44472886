"""The content of the state directory at one instant.

A fleet is immutable. A change on disk leads to a new fleet, which shares with the previous one every part that did not
change, so that two fleets can be compared by identity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from msgspec import Struct, field

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import FieldFault, Problem, Stamp
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.documents.dispatcher import DEFAULT_LOCK_TIMEOUT, DispatcherConfig
from clawtui.model.paths import DISPATCHER_LOGS, LogName
from clawtui.model.runs.judgement import RunJudgement
from clawtui.model.schedules.outlook import Due, Outlook
from clawtui.model.versioned_map import paths_by

if TYPE_CHECKING:
    from clawtui.model.connection import Connection, JudgedThere
    from clawtui.model.documents.lock import RepositoryLock
    from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
    from clawtui.model.gateway.state import GatewayState

T_co = TypeVar("T_co", covariant=True)

WatchMode = Literal["watching", "polling", "waiting", "stuck"]
"""How changes are noticed: by events of the kernel, by polling, or not yet, because there is no root; ``stuck`` if
reading hangs in the file system, so that the fleet is not current."""


class Reading(Struct, Generic[T_co], frozen=True):
    """One file as it was last read: its value, or the problem with it. Exactly one of the two is set.

    A value can have faults: fields that were not understood (`model.documents.fields`).
    """

    path: str
    """Relative to ``automations/``, with ``/`` between."""
    value: T_co | None
    problem: Problem | None
    stamp: Stamp | None
    """The version that was read; None if the file could not even be opened."""
    faults: tuple[FieldFault, ...] = ()
    """The fields of the value that were not understood; empty for a valid document."""

    @property
    def fault_text(self) -> str | None:
        """The first fault of the fields and the number of others; None for a valid document."""
        if not self.faults:
            return None
        more = len(self.faults) - 1
        return self.faults[0].message + (f" (and {more} more fault{'s' if more > 1 else ''})" if more else "")

    @property
    def trouble(self) -> Problem | None:
        """The problem with the file, or with those of its fields that were not understood."""
        return Problem(self.path, text, partial=True) if (text := self.fault_text) is not None else self.problem


class Automation(Struct, frozen=True):
    """An automation, identified by the path of its configuration, which may be unreadable."""

    type: str
    id: str
    """The stem of the file's name, by which the gateway finds the automation."""
    config: Reading[AutomationConfig]
    zone: tzinfo | None = None
    """The time zone of the gateway's host, in which it reads cron expressions; None if it is unknown."""

    @property
    def name(self) -> str:
        """The name in the configuration; the id if that cannot be read or is blank."""
        name = self.config.value.name if self.config.value else ""
        return name if name.strip() else self.id

    @property
    def outlook(self) -> Outlook | None:
        """When it is due next; None if it is disabled, or its configuration cannot be read."""
        return self.config.value.outlook(self.zone) if self.config.value else None

    @property
    def due(self) -> datetime | None:
        """The time at which it is due next; None if there is none, or it is not known."""
        outlook = self.outlook
        return outlook.at if isinstance(outlook, Due) else None


class Workspace(Struct, frozen=True):
    """The documents that a run writes to its workspace. None stands for a missing file."""

    id: str
    """The directory's name: the automation's id."""
    info: Reading[WorkspaceInfo] | None = None
    state: Reading[RuntimeState] | None = None
    progress: Reading[ProgressState] | None = None
    run: RunJudgement | None = None
    """The state of its run, judged by all that is known; None if there is no run, or it was not judged."""

    @property
    def running(self) -> RuntimeState | None:
        """The content of ``state.json`` if the run is going; if that was not judged, if its status is ``running``.

        A run that is going and has written no state yet has what ``workspace-info.json`` says.
        """
        state = self.state.value if self.state else None
        going = self.run.is_going if self.run is not None else state is not None and state.running
        info = self.info.value if self.info else None
        if not going or state is not None or info is None:
            return state if going else None
        return info.state_of_start()


class LogTail(Struct, frozen=True):
    """The last lines of one log that is being followed."""

    path: str
    """Relative to ``automations/``."""
    lines: tuple[str, ...]
    """The last complete lines, decoded, without newlines and not cleaned."""
    dropped: int
    """How many earlier lines were removed from ``lines`` since ``beginning`` last changed."""
    from_start: bool
    """Whether the first line of the file is ``lines[0]``."""
    beginning: int
    """Grows by one when the log was truncated or replaced: earlier offsets belong to another content."""
    problem: Problem | None = None


class Fleet(Struct, frozen=True):
    """The state directory at one instant."""

    root: str
    """The state directory, as the operator named it."""
    watch: WatchMode = "waiting"
    is_empty: bool = False
    """Whether the state directory exists, but nothing is in it yet; while it is waited for."""
    loaded: bool = False
    """Whether every file has been read once."""
    gateway: GatewayState | None = None
    """The state of a stock gateway; None for a root with the files of the design, which all other parts are of."""
    as_of: datetime | None = None
    """When the state of the stock gateway was read, if there is a newer one that cannot be read; else None."""
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
    """By path: every file and directory that could not be read."""
    connection: Connection | None = None
    """The connection to the host of the root; None for a root on this host."""
    judged: JudgedThere | None = None
    """What the host of the root has judged; None for a root on this host, which is judged here."""

    @property
    def lock_timeout(self) -> timedelta | None:
        """The age at which a lock expires (errata 8); None if it is unknown."""
        return lock_timeout_of(self.dispatcher)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots that are taken."""
        state = self.concurrency.value if self.concurrency else None
        return state.active_slots if state else ()

    @property
    def slots_known(self) -> bool:
        """Whether each slot that is taken is among ``slots``."""
        if self.concurrency is None:
            return True
        return self.concurrency.value is not None and self.concurrency.value.knows("active_slots")

    @property
    def max_slots(self) -> int | float | None:
        """The number of slots: from the gateway's state, else from its configuration; None if neither can be read."""
        if self.concurrency and self.concurrency.value:
            return self.concurrency.value.max_slots
        if self.dispatcher and self.dispatcher.value:
            return self.dispatcher.value.max_concurrent
        return None

    def automations_with(self, id: str) -> Sequence[Automation]:
        """Return the automations with that id, in the order of their paths; more than one if several types have it."""
        return [self.automations[path] for path in paths_by(_id_of, self.automations).get(id, ())]

    def run_log(self, automation: Automation) -> str | None:
        """Return the path of the log of the automation's newest run, or of the newest day of its type."""
        return self._newest_log(automation.type, automation.id)

    @property
    def dispatcher_log(self) -> str | None:
        """The path of the dispatcher's newest log."""
        return self._newest_log(DISPATCHER_LOGS, None)

    @property
    def dispatcher_logs(self) -> tuple[str, ...]:
        """The paths of the dispatcher's two newest logs, older first: at midnight the newest one is empty."""
        names = self.logs.get(DISPATCHER_LOGS, {}).get(None, ())
        return tuple(f"logs/{DISPATCHER_LOGS}/{name.file}" for name in names[-2:])

    @property
    def older_dispatcher_logs(self) -> tuple[str, ...]:
        """The paths of the dispatcher's logs of the month before the newest one, oldest first."""
        names = self.logs.get(DISPATCHER_LOGS, {}).get(None, ())
        return tuple(f"logs/{DISPATCHER_LOGS}/{name.file}" for name in names[-31:-1])

    def _newest_log(self, log_type: str, automation_id: str | None) -> str | None:
        by_id = self.logs.get(log_type, {})
        names = by_id.get(automation_id) or by_id.get(None)
        return f"logs/{log_type}/{names[-1].file}" if names else None


def _id_of(automation: Automation) -> str:
    return automation.id


def lock_timeout_of(dispatcher: Reading[DispatcherConfig] | None) -> timedelta | None:
    """Return the age at which the gateway takes a lock back (errata 8).

    Without a dispatcher configuration that is the default. With one that cannot be read it is None, unknown: the
    configured time may be longer than the default.
    """
    if dispatcher is None:
        return DEFAULT_LOCK_TIMEOUT
    return dispatcher.value.lock_timeout if dispatcher.value is not None else None
