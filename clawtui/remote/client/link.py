"""One connection to an agent: its messages become a fleet, and pings show that it lives."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from clawtui.model.connection import Lack
from clawtui.model.errors import ClawtuiError
from clawtui.model.text.cleaning import clean
from clawtui.remote.address import RemoteRoot
from clawtui.remote.client.exchange import Exchange
from clawtui.remote.client.fleet import RemoteFleet
from clawtui.remote.client.logs.open_logs import RemoteLogs
from clawtui.remote.client.round_trip import RoundTrips
from clawtui.remote.client.ssh_child import SshChild
from clawtui.remote.messages.acts import ActOutcome
from clawtui.remote.messages.feed import Hello, Ping, Pong, ToAgent, decode_from_agent, encode_message
from clawtui.remote.messages.fields import FEED, BadMessage
from clawtui.remote.messages.gateway import STORE
from clawtui.remote.messages.gateway_questions import RunList, Transcript
from clawtui.remote.messages.logs import LogAnswer
from clawtui.remote.messages.questions import LockFound, LockJudged, SetAsideList
from clawtui.remote.no_answer import why_no_answer
from clawtui.remote.request import PROTOCOL


class Timing(NamedTuple):
    """The periods of a connection, in seconds."""

    ping: float = 5.0
    """Between two pings."""
    silence: float = 12.0
    """Without a message, after which the connection is shown as lost."""
    give_up: float = 40.0
    """Without a message, after which ssh is ended and started again; also for the first message."""
    first: float = 1.0
    """Before the first retry; the pause doubles with each one."""
    longest: float = 60.0
    """The longest pause between two attempts."""
    gap: float = 0.02
    """Between two fleets that are published."""

    def pause_after(self, failures: int) -> float:
        """Return the pause before the next attempt, a little different each time."""
        return min(self.longest, self.first * 2.0 ** min(failures, 10)) * random.uniform(0.75, 1.0)


class Lost(ClawtuiError):
    """The connection has ended or cannot be used. ``lack`` is what the host lacks, where it could be reached."""

    def __init__(self, reason: str, lack: Lack = "") -> None:
        super().__init__(reason)
        self.lack: Lack = lack


class Unserved(ClawtuiError):
    """There is a clawtui that cannot serve this root to another host."""


class Link:
    """A connection that was begun. Its methods are called on one thread, and do not block."""

    def __init__(
        self,
        root: RemoteRoot,
        child: SshChild,
        fleet: RemoteFleet,
        trips: RoundTrips,
        exchange: Exchange,
        timing: Timing,
        monotonic: Callable[[], float],
        logs: RemoteLogs,
    ) -> None:
        self._root = root
        self._logs = logs
        self._child = child
        self._trips = trips
        self._exchange = exchange
        self._timing = timing
        self._monotonic = monotonic
        self._last_received = monotonic()
        self._ping_at = math.inf
        self.fleet = fleet
        self.version = ""
        """The version of clawtui there; empty until it has answered."""

    def receive(self, here: datetime) -> bool:
        """Take what has come at the time ``here``; return whether the fleet may have changed.

        Raises Lost where the connection has ended, BadMessage where it cannot be used.
        """
        changed = False
        lines = self._child.read()
        for line in lines:
            self._last_received = self._monotonic()
            changed |= self._take(line, here)
        if self._child.has_ended:
            raise self._why_ended()
        return changed

    def send(self, request: ToAgent) -> None:
        """Send a request, once the agent has answered."""
        if self.version:
            self._child.write(encode_message(request))

    def tick(self, *, is_hurried: bool = False) -> None:
        """Send a ping if one is due. Raises Lost after a long silence; if ``is_hurried``, as soon as it is shown."""
        now = self._monotonic()
        if now - self._last_received >= self._timing.give_up or (is_hurried and self.silent_for() is not None):
            raise Lost(f"no answer for {now - self._last_received:.0f} s")
        if now >= self._ping_at:
            self._ping_at = now + self._timing.ping
            self.send(Ping(id=self._trips.begin(now)))
        self._child.flush()

    def silent_for(self) -> float | None:
        """Return the seconds of silence where they are too many; else None."""
        silence = self._monotonic() - self._last_received
        return silence if self.version and silence >= self._timing.silence else None

    def due_in(self) -> float:
        """Return the seconds until `tick` has something to do, or the silence is too long."""
        now = self._monotonic()
        silent_at = self._last_received + self._timing.silence
        dues = (self._ping_at, silent_at if silent_at > now else math.inf, self._last_received + self._timing.give_up)
        return max(0.0, min(dues) - now)

    def end(self) -> None:
        """End ssh."""
        self._child.end()

    def _take(self, line: bytes, here: datetime) -> bool:
        message = decode_from_agent(line)
        match message:
            case None:
                return False
            case Hello():
                if message.feed != FEED:
                    raise _other_feed(message.feed, clean(message.version))
                self.version = clean(message.version)
                self.fleet.host = clean(message.host)
                self.fleet.has_store = message.store == STORE
                self._ping_at = self._monotonic()
                self._exchange.open(message)
                self._logs.connect(are_offered=message.sends_logs, are_merged=message.merges_logs)
                return True
            case Pong(id=id, time=time):
                self._trips.end(id, self._monotonic(), time, here)
                return True
            case _ if not self.version:
                raise BadMessage("it sent something before its version")
            case LockFound() | LockJudged() | SetAsideList() | RunList() | Transcript() | ActOutcome():
                self._exchange.take(message)
                return False
            case LogAnswer():
                self._logs.receive(message)
                return False
            case _:
                self.fleet.apply(message)
                return True

    def _why_ended(self) -> ClawtuiError:
        """Return the reason why the other end sends nothing any more."""
        greeting, errors = self._child.greeting, self._child.last_errors()
        status = self._child.end()
        if self.version:
            return Lost("the connection broke" + (f": {errors[-1]}" if errors else ""))
        if greeting is not None:
            protocol = "" if greeting[0] == PROTOCOL else "speaks another protocol, and "
            return Unserved(f"clawtui {clean(greeting[1])} there {protocol}cannot serve a dashboard: update it there")
        why = why_no_answer(self._root, status, errors)
        lack: Lack = "no clawtui" if why.kind == "missing" else "clawtui too old" if why.kind == "old" else ""
        return Lost(why.line + (_way_out(why.reason) if why.kind == "ssh" else ""), lack)


def _other_feed(feed: int, version: str) -> Unserved:
    """Return the error of an agent whose messages are of another version."""
    what, where = ("an older", "it there") if feed < FEED else ("a newer", "the one here")
    return Unserved(f"clawtui {version} there speaks {what} protocol: update {where}")


def _way_out(words: str) -> str:
    """Return what helps where ssh would have asked something, which it cannot while the dashboard has the terminal."""
    if "Host key verification" in words or "Permission denied" in words:
        return " (ssh cannot ask meanwhile: “Log in with ssh” in the palette lets it)"
    return ""
