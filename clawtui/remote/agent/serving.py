"""The agent: it sends the state of a root on this host to a dashboard on another host, until its input ends."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final

from clawtui.files.store_kind import store_kind
from clawtui.live.model import LiveModel
from clawtui.live.watching.intervals import WITHOUT_FRAME
from clawtui.model.fleet import Fleet
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.evidence.host import ThisHost
from clawtui.remote.agent.fleet_sender import FleetSender
from clawtui.remote.agent.judge import AgentJudge
from clawtui.remote.agent.log_views import LogViews
from clawtui.remote.agent.tail_sender import TailSender
from clawtui.remote.messages.acts import Act, LookUpAct
from clawtui.remote.messages.feed import (
    Follow,
    FromAgent,
    Hello,
    Ping,
    Pong,
    Rescan,
    ToAgent,
    decode_to_agent,
    encode_message,
)
from clawtui.remote.messages.fields import MAX_REQUEST_LINE, MAX_TEXT_FIELD, BadMessage
from clawtui.remote.messages.gateway import STORE
from clawtui.remote.messages.logs import LogRequest
from clawtui.remote.messages.questions import Question
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.remote.agent.acts import AgentActs

SILENCE: Final = 120.0
"""Seconds without a request after which the agent ends: a dashboard sends a ping every few seconds."""
_CHUNK: Final = 64 * 1024


class Agent:
    """The agent for one root. It writes nothing but its output."""

    def __init__(
        self,
        paths: StatePaths,
        clock: Callable[[], datetime],
        version: str,
        output: int,
        quiet_after: timedelta = QUIET_AFTER,
        why_no_acts: str = "",
    ) -> None:
        """Prepare to send to the descriptor ``output``.

        Args:
            paths: The state directory, which need not exist.
            clock: The time of this host.
            version: The version of clawtui.
            output: An open descriptor, which is left open.
            quiet_after: How long a holder may be silent.
            why_no_acts: Why nothing may be changed; empty if it may.
        """
        self._paths = paths
        self._clock = clock
        self._version = version
        self._output = output
        self._writing = threading.Lock()
        self._newest: Fleet | None = None
        self._changed = threading.Condition()
        self._ended = False
        self._live = LiveModel(paths, intervals=WITHOUT_FRAME)
        self._judge = AgentJudge(paths.root, clock, quiet_after, self._send)
        self._why_no_acts = why_no_acts
        self._fleet = Fleet(str(paths.root))
        """The newest fleet."""
        self._quiet_after = quiet_after
        self._acts: AgentActs | None = None
        self._logs = LogViews(paths, self._send, self._is_gateway_log, lambda: self._fleet)

    def serve(self, requests: int) -> None:
        """Answer the requests that are read from the descriptor ``requests``, and send changes, until it ends."""
        self._send(self._hello())
        sender = threading.Thread(target=self._send_changes, name="agent-sender", daemon=True)
        sender.start()
        self._live.start(self._publish)
        self._judge.start()
        try:
            self._answer_all(requests)
        except (OSError, BadMessage):
            return  # the other end has gone, or is no clawtui
        finally:
            if self._acts is not None:
                self._acts.close()
            self._judge.stop()
            self._logs.close()
            self._live.stop()
            with self._changed:
                self._ended = True
                self._changed.notify()
            sender.join(1.0)

    def _hello(self) -> Hello:
        host = ThisHost()
        return Hello(
            version=self._version,
            host=host.name,
            root=str(self._paths.root),
            machine=host.describe(self._paths.automations).machine_id or "",
            can_act=True,
            sends_logs=True,
            merges_logs=True,
            store=STORE,
            why_no_acts=self._why_no_acts[:MAX_TEXT_FIELD],
        )

    def _answer_all(self, requests: int) -> None:
        held = b""
        while select.select([requests], [], [], SILENCE)[0]:
            data = os.read(requests, _CHUNK)
            if not data or self._ended:
                return
            *lines, held = (held + data).split(b"\n")
            for line in lines:
                if (request := decode_to_agent(line)) is not None:
                    self._answer(request)
            if len(held) > MAX_REQUEST_LINE:
                raise BadMessage("the request is too long")

    def _answer(self, request: ToAgent) -> None:
        match request:
            case Ping(id=id):
                self._send(Pong(id=id, time=self._clock().timestamp()))
                self._logs.look()  # a last line without an end is shown after a while
            case Follow(path=path):
                try:
                    self._live.follow(path)
                except ValueError as error:
                    raise BadMessage(str(error)) from error
            case Rescan():
                self._live.rescan()
            case LogRequest():
                self._logs.answer(request)
            case _:
                self._act_later(request)

    def _is_gateway_log(self, path: str) -> bool:
        """Return whether the stock gateway at this root writes its log to ``path`` now."""
        from clawtui.openclaw.gateway_log import find_log

        return store_kind(self._paths.root) is not None and path == find_log(self._paths.root)

    def _act_later(self, request: Question | Act | LookUpAct) -> None:
        """Pass what is about locks and acts to their thread; what these need is loaded at the first of them."""
        if self._acts is None:
            from clawtui.remote.agent.acts import AgentActs
            from clawtui.remote.agent.answers import AgentAnswers

            root = self._paths, self._clock, self._quiet_after
            answers = AgentAnswers(*root, lambda: self._fleet)
            self._acts = AgentActs(*root, answers, self._send, self._why_no_acts)
        self._acts.take(request)

    def _publish(self, fleet: Fleet) -> None:
        """Take the next fleet, on the live thread. One that was not sent yet is skipped."""
        with self._changed:
            self._newest = self._fleet = fleet
            self._changed.notify()
        self._judge.consider(fleet)

    def _send_changes(self) -> None:
        documents = FleetSender(self._paths.automations, str(self._paths.root))
        tails = TailSender(self._paths.automations)
        try:
            while (fleet := self._next()) is not None:
                self._send_together(chain(documents.messages(fleet), tails.messages(fleet)))
                self._logs.look()
        except OSError:
            return  # the reader has gone: the input ends too
        finally:
            self._ended = True  # also where a message cannot be made: no change may be lost unseen, so `serve` ends
            tails.close()

    def _next(self) -> Fleet | None:
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._ended)
            fleet, self._newest = self._newest, None
            return None if self._ended else fleet

    def _send_together(self, messages: Iterable[FromAgent]) -> None:
        """Write the messages of one change at once: the other end shows a part of it first where they come apart."""
        held = bytearray()
        for message in messages:
            held += encode_message(message)
            if len(held) >= _CHUNK:
                self._write(bytes(held))
                held.clear()
        self._write(bytes(held))

    def _send(self, message: FromAgent) -> None:
        """Write a message; wait while the other end does not read. Raises OSError where it is gone."""
        self._write(encode_message(message))

    def _write(self, encoded: bytes) -> None:
        data = memoryview(encoded)
        with self._writing:
            while data:
                data = data[os.write(self._output, data) :]
