"""The source of a root on another host: it keeps a connection to an agent there, and its last state without one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from clawtui.live.source import NONE, Capabilities, Publish
from clawtui.model.connection import Connection
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet
from clawtui.remote.address import RemoteRoot
from clawtui.remote.client.exchange import Exchange
from clawtui.remote.client.files import RemoteFiles
from clawtui.remote.client.fleet import RemoteFleet
from clawtui.remote.client.link import Link, Lost, Timing, Unserved
from clawtui.remote.client.login import BATCH, SshLogin
from clawtui.remote.client.logs.open_logs import RemoteLogs
from clawtui.remote.client.logs.reader import RemoteLogReader
from clawtui.remote.client.outage import as_lost, lost_connection, outage_text
from clawtui.remote.client.requests import Requests
from clawtui.remote.client.round_trip import RoundTrips
from clawtui.remote.client.ssh_child import SshChild
from clawtui.remote.command import request_for
from clawtui.remote.messages.feed import Follow, Rescan
from clawtui.remote.request import SERVE, encode
from clawtui.remote.turns import SHARED, Turns

_STOPPING: Final = 1.0
"""Seconds that `stop` waits for the thread."""
_SETTLED: Final = 10.0
"""Seconds after which a connection counts as good, so that the next pause is the shortest one."""


class RemoteSource:
    """The `Source` of a root on another host. Acts go through `exchange`, so it has no capabilities of its own."""

    def __init__(
        self,
        root: RemoteRoot,
        clock: Callable[[], datetime],
        *,
        timing: Timing = Timing(),  # noqa: B008  a value
        options: tuple[str, ...] = BATCH,
        environment: Mapping[str, str] = os.environ,
        monotonic: Callable[[], float] = time.monotonic,
        turns: Turns = SHARED,
    ) -> None:
        """Prepare to connect to the host of ``root``; ``clock`` is the time of this host."""
        self._root, self._clock = root, clock
        self._timing = timing
        self.login = SshLogin(root, options, environment)
        """The command lines of ssh, and a login for which it may ask."""
        self._monotonic, self._turns = monotonic, turns
        self._publish: Publish = lambda fleet: None
        self._files = RemoteFiles()
        self._trips = RoundTrips()
        self._connection = Connection(root.label, since=clock())
        self._last = Fleet(root.label, watch="stuck")
        """The last fleet of a connection, without the state of that."""
        self._shown: Fleet | None = None
        self._shown_at = 0.0
        self._is_due = False
        """Whether there is a change that was not published yet."""
        self._followed_log: str | None = None
        self._requests = Requests()
        self.exchange = Exchange(root.label, self._requests.wake)
        """The questions to the agent, and the acts that it does."""
        self.logs = RemoteLogs(self._requests.post)
        """The logs there that are open."""
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"remote {root.label}", daemon=True)

    @property
    def capabilities(self) -> Capabilities:
        """Nothing: files there are changed by the agent."""
        return NONE

    @property
    def place(self) -> Path:
        """A state directory of this process with the documents and the ends of the followed logs."""
        return self._files.root

    @property
    def clock_difference(self) -> timedelta:
        """How far the clock there is ahead of the one here. Ages are computed with the clock there."""
        return self._trips.difference

    def start(self, publish: Publish) -> None:
        """Begin to connect; ``publish`` is called on the thread of the source."""
        self._publish = publish
        self._thread.start()

    def follow(self, log: str | None) -> None:
        """Keep the end of the log at the path ``log`` in the fleet; None ends that."""
        if log != self._followed_log:
            self._followed_log = log
            self._requests.add("follow")

    def open_log(self, paths: Sequence[str], news: Callable[[], None]) -> RemoteLogReader | None:
        """Return a reader of the logs at ``paths`` there, as one; None where an older agent sends only their ends."""
        return self.logs.open(paths, news) if self.logs.are_offered else None

    def rescan(self) -> None:
        """Read everything there again; without a connection or an answer, connect again at once."""
        self._requests.add("rescan")

    def stop(self) -> None:
        """End the connection and ssh; nothing is published after that."""
        self.exchange.stop()  # first: an outcome may still come
        with self._lock:  # waits for a publication that is under way
            self._stopped.set()
        self._requests.wake()
        if self._thread.ident is None:
            self._requests.close()
        elif self._thread is not threading.current_thread():
            self._thread.join(_STOPPING)
        self._files.close()
        self.login.close()

    def _run(self) -> None:
        self._files.remove_left()
        failures = 0
        while not self._stopped.wait(self._turns.take(self._root.destination, self._monotonic())):
            began = self._monotonic()
            lost = self._connect()
            failures = 0 if self._monotonic() - began > _SETTLED and self._connection.state == "connected" else failures
            if self._stopped.is_set():
                break
            if self._connection.state != "unserved":
                self._set_lost(lost)
            self._pause(self._timing.pause_after(failures))
            failures += 1
        self._requests.close()

    def _connect(self) -> Lost:
        """Connect, and show what the agent sends until the connection ends; return why it ended."""
        try:
            request = request_for(self._root, SERVE, read_only=False).model_copy(update={"serve": True})
            arguments = self.login.arguments(f"{self._root.command} agent {encode(request)}")
            child = SshChild(arguments, request.nonce, self._requests.selector)
        except (ClawtuiError, OSError) as error:
            return as_lost(error)
        self._files.forget_tails()
        self._trips.forget()
        fleet = RemoteFleet(self._root.label, self._files)
        link = Link(self._root, child, fleet, self._trips, self.exchange, self._timing, self._monotonic, self.logs)
        self._requests.take()  # everything is read
        self._requests.add("follow")
        try:
            while not self._stopped.is_set():
                self._turn(link)
        except Unserved as error:
            self._set_unserved(str(error))
            return as_lost(error)
        except (ClawtuiError, OSError) as error:
            return as_lost(error)
        except Exception as error:  # noqa: BLE001  what another host sends must not end this thread
            return Lost(f"what it sent cannot be used: {type(error).__name__}")
        finally:
            self.exchange.close()
            self.logs.disconnect()
            link.end()
        return Lost("stopped")

    def _turn(self, link: Link) -> None:
        """Wait for something to do, and do it."""
        pause = link.due_in()
        if self._is_due:
            pause = min(pause, max(0.0, self._shown_at + self._timing.gap - self._monotonic()))
        self._requests.wait(pause)
        if link.receive(self._clock()):
            self._is_due = True
        link.tick(is_hurried=self._requests.has("rescan"))
        if link.version:
            self._answer_requests(link)
        silence = link.silent_for()
        self.exchange.doubt(silence is not None)
        if silence is not None:
            self._set_lost(Lost("no answer"), silence)
        elif self._is_due and self._monotonic() >= self._shown_at + self._timing.gap:
            self._is_due = False
            self._show_received(link)

    def _answer_requests(self, link: Link) -> None:
        requests = self._requests.take()
        if "follow" in requests:
            link.send(Follow(path=self._followed_log))
        if "rescan" in requests:
            link.send(Rescan())
        for request in (*self.exchange.outgoing(), *self._requests.take_messages()):
            link.send(request)

    def _show_received(self, link: Link) -> None:
        """Publish the fleet of the connection; until it is complete, what is shown stays, also a reason."""
        fleet = link.fleet.build()
        if link.fleet.is_unserved:
            raise Unserved("a stock gateway, whose store only a clawtui there can read")
        if not fleet.loaded and (self._last.loaded or self._connection.reason):
            return
        self._last = fleet
        self._connection = Connection(
            self._root.label,
            "connected" if link.version else "connecting",
            link.fleet.host,
            since=None if link.version else self._connection.since,
            round_trip=self._trips.shown,
            clock_difference=self._trips.difference,
        )
        self._show(fleet)

    def _set_lost(self, lost: Lost, ago: float = 0.0) -> None:
        """Show the last state, with why there is no newer one since ``ago`` seconds, or since an earlier failure."""
        since = self._connection.since or self._clock() - timedelta(seconds=ago)
        self._connection = lost_connection(self._connection, lost, since)
        text = outage_text(self._root.label, lost, since, has_state=self._last.loaded)
        problems = {**self._last.problems, "": Problem("", text)}
        self._show(replace(self._last, watch="stuck", problems=problems))

    def _set_unserved(self, reason: str) -> None:
        """Show that only the dashboard of the other host can show the root, and why."""
        self._connection = replace(self._connection, state="unserved", reason=reason, round_trip=None)
        problem = Problem("", f"{self._root.label} can only be shown by the clawtui there: {reason}")
        self._show(replace(self._last, watch="stuck", problems={"": problem}))

    def _show(self, fleet: Fleet) -> None:
        fleet = replace(fleet, connection=self._connection)
        if fleet == self._shown:
            return
        self._shown, self._shown_at = fleet, self._monotonic()
        with self._lock:
            if not self._stopped.is_set():
                self._publish(fleet)

    def _pause(self, seconds: float) -> None:
        """Wait before the next attempt, but not if one was asked for."""
        until = self._monotonic() + seconds
        while (
            not self._stopped.is_set() and not self._requests.has("rescan") and (left := until - self._monotonic()) > 0
        ):
            self._requests.wait(left)
