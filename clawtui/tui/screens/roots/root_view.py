"""The content of one root among several: its last fleet with the state of each run, and what is wrong with it."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from clawtui.model.connection import Connection
from clawtui.model.fleet import Fleet
from clawtui.model.listed_root import (
    ListedRoot,
    Trouble,
    has_content,
    heading_of_trouble,
    lost_since,
    reason_of_trouble,
)
from clawtui.tui.panes.automations.pane import AutomationsViewModel
from clawtui.tui.panes.gateway.jobs import JobsViewModel
from clawtui.tui.panes.locks.verdicts import Verdicts, locks_to_look_at
from clawtui.tui.panes.roots.content import RootContent, RootNotice
from clawtui.tui.screens import view_models
from clawtui.tui.screens.gateway_view import GatewayView, Judged
from clawtui.tui.screens.judged_runs import RunJudge


class RootView:
    """What is known of one root. While it cannot be reached or read, its last state is kept."""

    def __init__(self, root: ListedRoot) -> None:
        self.root = root
        self.fleet = Fleet(root.argument)
        """The newest fleet with content, as it was read."""
        self.problems = self.fleet.problems
        """The problems of the newest fleet."""
        self.judged = self.fleet
        """That fleet with the state of each run."""
        self.trouble: Trouble | None = None
        self._is_known = False
        self._taken: Fleet | None = None
        self._connection: Connection | None = None
        self.verdicts = Verdicts()
        self._judge = RunJudge()
        self.gateway: GatewayView | None = None
        self._dispatcher = view_models.DispatcherReader()

    def take(self, fleet: Fleet, now: datetime) -> bool:
        """Take a new fleet; return whether more than the round-trip time to its host has changed."""
        last, self._taken = self._taken, fleet
        if last is not None and _has_other_trip_only(last, fleet):
            self._connection = fleet.connection
            return False
        self._is_known = self._is_known or fleet.loaded
        reason = reason_of_trouble(fleet)
        since = self.trouble.since if self.trouble is not None else lost_since(fleet, now)
        self.trouble = None if reason is None else Trouble(reason, since, heading_of_trouble(fleet))
        self.problems = fleet.problems
        self._connection = fleet.connection
        if has_content(fleet):
            self.fleet = fleet
        return True

    @property
    def round_trip(self) -> timedelta | None:
        """How long a message to its host takes there and back; None for a root on this host, or where not known."""
        return self._connection.round_trip if self._connection is not None else None

    @property
    def why_no_rows(self) -> str | None:
        """Why there are no rows of the root, or not its present ones, and what helps; None where that is not known."""
        problem = self.problems.get("")
        return problem.message if problem is not None else self.trouble.reason if self.trouble is not None else None

    def take_verdicts(self, verdicts: Verdicts) -> bool:
        """Take the verdicts of a round; return whether anything can look different by them."""
        if self.trouble is not None:  # the last state is shown as it was
            return False
        last, self.verdicts = self.verdicts, verdicts.after(self.verdicts)
        return bool(self.fleet.workspaces) or not verdicts.has_same_words(last)

    def take_gateway(self, judged: Judged, now: datetime) -> None:
        """Take the verdicts on a stock gateway."""
        if self.fleet.gateway is not None:
            self.gateway = self.gateway or GatewayView(self.fleet.gateway, now)
            self.gateway.take_verdicts(judged)

    def time_there(self, now: datetime) -> datetime:
        """Return the time of the root's host when it is ``now`` here."""
        return now if self._connection is None else now + self._connection.clock_difference

    def content(self, now: datetime) -> RootContent:
        """Return what is shown of the root at ``now``, by the clock of this host."""
        connection = self._connection or Connection(self.root.argument)
        now = self.time_there(now)
        fleet = self.judged = self._judge.judge(self.fleet, self.verdicts, now)
        self.gateway = view_models.gateway_view(self.gateway, fleet, now)
        shown: AutomationsViewModel | JobsViewModel
        if self.gateway is not None:
            shown, locks = self.gateway.jobs, sum(self.gateway.locks_to_look_at())
        else:
            status = self._dispatcher.read(fleet)
            shown = view_models.automations_view_model(fleet, status, {}, self.verdicts)
            locks = sum(locks_to_look_at(fleet.locks, self.verdicts, now, fleet.lock_timeout))
        invalid = sum(path in fleet.automations for path in fleet.problems)
        problems = len(fleet.problems) - invalid
        ahead, trip = connection.clock_difference, connection.round_trip
        return RootContent(self.root, shown, self._notice(shown), problems, locks, ahead, trip)

    def _notice(self, shown: AutomationsViewModel | JobsViewModel) -> RootNotice | None:
        if self.trouble is not None:
            return RootNotice("unreachable", self.trouble.reason, self.trouble.since, self.trouble.heading)
        if self._connection is not None and self._connection.state == "unserved":
            return RootNotice("unserved", f"{self._connection.reason} · Enter opens its own dashboard there")
        if self.root.host is not None and not self._is_known:
            return RootNotice("reading", f"connecting to {self.root.host} … Enter opens its own dashboard there")
        if not self._is_known:
            return RootNotice("reading", "reading …")
        is_empty = not (shown.jobs if isinstance(shown, JobsViewModel) else shown.automations)
        return RootNotice("empty", "no automations are configured") if is_empty else None


def _has_other_trip_only(last: Fleet, new: Fleet) -> bool:
    """Return whether two fleets differ in nothing but the round-trip time to their host."""
    if last.connection is None or new.connection is None:
        return False
    return replace(last, connection=replace(last.connection, round_trip=new.connection.round_trip)) == new
