"""The session of a root where a stock gateway keeps its automations. Its store is never written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from clawtui.files.store_kind import DATABASE, JOBS_FILE
from clawtui.live.source import NONE
from clawtui.live.watching.events import WatchEvents
from clawtui.live.watching.intervals import Intervals, Pause
from clawtui.model.fleet import Fleet, LogTail
from clawtui.model.gateway.state import GatewayState, StoreKind

_WATCHED = (DATABASE, f"{DATABASE}-wal", JOBS_FILE, "cron/jobs-state.json")
_SHARE = 10
"""The pause after a reading, as a multiple of the time that the reading took."""


class StockGateway:
    """The session that keeps the fleet of a stock gateway's root up to date."""

    def __init__(
        self, root: Path, name: str, kind: StoreKind, intervals: Intervals, clock: Callable[[], float]
    ) -> None:
        """Show the gateway at `root` as `name`; `clock` is one that never goes back, in seconds."""
        self.capabilities = NONE
        self._root = root
        self._kind = kind
        self._intervals = intervals
        self._clock = clock
        self._fleet = Fleet(name, watch="polling")
        self._seen: object = None
        self._looks = 0
        self._good: GatewayState | None = None
        self._good_at: datetime | None = None
        self._rest_until = 0.0
        self._log: tuple[str | None, object] = (None, None)
        """The path of the log, and its version."""

    @property
    def problem(self) -> None:
        """Always None: problems are in the fleet."""

    @property
    def passes(self) -> int:
        """How often the store has been checked."""
        return self._looks

    def pause(self, now: float) -> Pause:
        """Return how long to wait before the next check, which costs a few calls of `stat`."""
        return Pause(self._intervals.missing, self._intervals.missing)

    def doubts_root(self, events: WatchEvents) -> bool:
        """Return True: another kind of store may appear at any time."""
        return True

    def update(self, events: WatchEvents) -> Fleet:
        """Return a fleet with the current state of the store; the same one where nothing has changed."""
        self._looks += 1
        self._look_at_log()
        seen, now = self._versions(), self._clock()
        if seen == self._seen or now < self._rest_until:
            return self._fleet
        from clawtui.openclaw.reader import read_gateway

        state = read_gateway(self._root, self._kind)
        self._rest_until = now + _SHARE * (self._clock() - now)
        if state.is_complete:
            self._seen, self._good, self._good_at = seen, state, datetime.now(UTC)
        self._show(state)
        return self._fleet

    def follow(self, path: str | None) -> None:
        """Do nothing: the gateway's log is always followed."""

    def rescan(self) -> None:
        """Read the store at the next update."""
        self._seen = None

    def close(self) -> None:
        """Do nothing: no file is open."""

    def _show(self, state: GatewayState) -> None:
        """Make the next fleet: with the last good state, and why there is no newer one, where it cannot be read."""
        as_of = None
        if not state.is_complete and self._good is not None:
            state, as_of = replace(self._good, problems=state.problems), self._good_at
        old = self._fleet
        if state != old.gateway or as_of != old.as_of or not old.loaded:
            problems = {problem.path: problem for problem in state.problems}
            self._fleet = replace(old, gateway=state, as_of=as_of, problems=problems, loaded=True)

    def _look_at_log(self) -> None:
        """Put another value into the fleet after each change of the log; the log pane reads the lines itself."""
        state = self._fleet.gateway
        path = state.log if state is not None else None
        version = _version(Path(path)) if path is not None else None
        if (path, version) != self._log:
            self._log = (path, version)
            tails = {} if path is None else {path: LogTail(path, (), 0, False, 0)}
            self._fleet = replace(self._fleet, tails=tails)

    def _versions(self) -> tuple[object, ...]:
        return tuple(_version(self._root / name) for name in _WATCHED)


def _version(path: Path) -> object:
    try:
        status = path.lstat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)
