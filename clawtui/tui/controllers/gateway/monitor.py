"""Judging a stock gateway in the background: the owners of its runs, its locks, what it missed, and the findings."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.tui.controllers.background import PeriodicWorker
from clawtui.tui.controllers.doctor_monitor import FindingsChanged
from clawtui.tui.screens.gateway_view import Judged

_ANOTHER_STATE: Final = 0.5
"""Seconds between two rounds while the store changes."""
_MAY_DIE: Final = 3.0
"""Seconds to the next round while something runs: a process can die without a change of a file."""
_AT_REST: Final = 15.0
"""Seconds to the next round without a change: a run can be missed, and a lease can expire."""
_SHARE: Final = 10
"""The pause after a round is at least this many times its duration."""


class GatewayMonitor:
    """Monitor that calls each of `shows` on the event loop after a round, and posts `FindingsChanged`.

    It does nothing for other kinds of roots.
    """

    def __init__(
        self,
        app: App[None],
        root: Path,
        clock: Callable[[], datetime],
        shows: Sequence[Callable[[Judged], None]],
        quiet_after: timedelta = QUIET_AFTER,
    ) -> None:
        self._shows = shows
        self._app = app
        self._root = root
        self._clock = clock
        self._quiet_after = quiet_after
        self._fleet = Fleet("")
        self._gap = _ANOTHER_STATE
        self._worker = PeriodicWorker(app, "judging the gateway", self._judge)

    def consider(self, fleet: Fleet) -> None:
        """Judge again if the state of the gateway is another one than that of the last fleet."""
        last, self._fleet = self._fleet, fleet
        if fleet.gateway is not None and fleet.gateway is not last.gateway:
            self._worker.ask(self._gap)

    def _judge(self) -> float | None:
        from clawtui.model.gateway.findings.examine import examine
        from clawtui.model.gateway.missed import missed_by_job
        from clawtui.operations.openclaw.report import judge_gateway

        state, began = self._fleet.gateway, time.monotonic()
        if state is None:
            return None
        report = judge_gateway(state, self._root, self._clock(), self._quiet_after)
        missed = missed_by_job(state, report.now, report.host_zone)
        judged = Judged(report, examine(report), missed)
        for show in self._shows:
            self._app.call_later(show, judged)
        self._app.post_message(FindingsChanged(judged.findings))
        self._gap = max(_ANOTHER_STATE, _SHARE * (time.monotonic() - began))
        return max(_MAY_DIE if state.going else _AT_REST, self._gap)
