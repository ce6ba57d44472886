"""The verdicts that the agent sends: judged with the processes of its host, after changes and at intervals."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, thread_time
from typing import Final

from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.gateway.state import GatewayState
from clawtui.model.liveness.judging_pace import (
    ANOTHER_STATE,
    DEAD,
    SHARE,
    ChangeGap,
    pause_after_round,
    pause_at_gateway,
)
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.versioned_map import Derived
from clawtui.operations.locks.lock_judge import LockJudge, RoundPace
from clawtui.operations.runs.run_states import gather_run_context
from clawtui.remote.messages.feed import FromAgent
from clawtui.remote.messages.gateway import GatewayVerdicts
from clawtui.remote.messages.verdicts import VerdictsMessage, verdicts_message

_NOTHING: Final = 3600.0
"""Seconds to the next round where there is nothing to judge."""


class AgentJudge:
    """A thread that judges the newest fleet and passes the verdicts to ``send``."""

    def __init__(
        self,
        root: Path,
        clock: Callable[[], datetime],
        quiet_after: timedelta,
        send: Callable[[FromAgent], None],
    ) -> None:
        self._root = root
        self._clock = clock
        self._quiet_after = quiet_after
        self._send = send
        self._fleet = Fleet("")
        self._gap = ChangeGap()
        self._unended: Derived[str, Workspace, RuntimeState] = Derived(unfinished)
        self._due = monotonic() + _NOTHING
        self._ended_at = 0.0
        self._changed = threading.Condition()
        self._stopped = False
        self._locks = LockJudge(quiet_after)
        self._pace = RoundPace()
        self._sent: tuple[object, float] | None = None
        self._gateway_pause = 0.0
        """The least pause after a round over a stock gateway: a multiple of its duration."""
        self._thread = threading.Thread(target=self._run, name="agent-judge", daemon=True)

    def start(self) -> None:
        """Begin to judge."""
        self._thread.start()

    def stop(self) -> None:
        """End; a round that is under way ends with the process."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def consider(self, fleet: Fleet) -> None:
        """Judge again if a part that verdicts depend on differs from the last fleet."""
        last, self._fleet = self._fleet, fleet
        if fleet.gateway is not None:
            if fleet.gateway is not last.gateway:
                self._ask(max(ANOTHER_STATE, self._gateway_pause))
        elif (gap := self._gap.after_change(last, fleet)) is not None:
            self._ask(gap)

    def _ask(self, gap: float) -> None:
        """Start a round ``gap`` seconds after the end of the last one, or earlier if one is due earlier."""
        with self._changed:
            self._due = min(self._due, max(monotonic(), self._ended_at + gap))
            self._changed.notify()

    def _run(self) -> None:
        try:
            while self._wait():
                pause = self._judge()
                with self._changed:
                    self._ended_at = monotonic()
                    self._due = min(self._due, self._ended_at + pause)
        except OSError:
            return  # the other end has gone

    def _wait(self) -> bool:
        """Wait until a round is due; return False at the end."""
        with self._changed:
            while not self._stopped and (left := self._due - monotonic()) > 0:
                self._changed.wait(left)
            self._due = monotonic() + _NOTHING
            return not self._stopped

    def _judge(self) -> float:
        fleet, now = self._fleet, self._clock()
        if fleet.gateway is not None:
            return self._judge_gateway(fleet.gateway, now)
        depth, began = self._pace.depth(monotonic()), thread_time()
        locks = self._locks.judge(fleet, now, every=depth.every, signs=depth.signs)
        self._pace.note(depth, monotonic(), thread_time() - began)
        unended = self._unended.of(fleet.workspaces)
        runs = gather_run_context(fleet, now, self._quiet_after, locks, unended)
        self._offer_verdicts(verdicts_message(fleet, locks, runs.slots, runs, now))
        verdicts: set[str] = {judged.verdict for judged in locks.values()} | {judged.verdict for judged in runs.slots}
        pause = pause_after_round(verdicts, has_unended=bool(unended))
        return _NOTHING if pause is None else pause

    def _judge_gateway(self, state: GatewayState, now: datetime) -> float:
        from clawtui.remote.agent.gateway_judge import essence, gateway_verdicts

        began = monotonic()
        message = gateway_verdicts(state, self._root, now, self._quiet_after)
        self._gateway_pause = SHARE * (monotonic() - began)
        self._offer(message, essence(message))
        return max(pause_at_gateway(state), self._gateway_pause)

    def _offer_verdicts(self, message: VerdictsMessage) -> None:
        known = (
            [(one.path, one.stamp, one.verdict, one.expired, one.last_sign) for one in message.locks],
            [(one.session, one.number, one.verdict, one.last_sign) for one in message.slots],
            [(one.session, one.repository, one.verdict) for one in message.released],
            message.runs,
        )
        self._offer(message, known)

    def _offer(self, message: VerdictsMessage | GatewayVerdicts, known: object) -> None:
        """Send verdicts; those with the same ``known`` as the last ones, which differ only in ages, less often."""
        if self._sent is None or self._sent[0] != known or monotonic() - self._sent[1] >= DEAD:
            self._sent = (known, monotonic())
            self._send(message)
