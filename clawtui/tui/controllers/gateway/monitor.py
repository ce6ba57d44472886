"""Judging a stock gateway in the background: the owners of its runs, its locks, what it missed, and the findings."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.model.liveness.judging_pace import ANOTHER_STATE, SHARE, pause_at_gateway
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.tui.controllers.background import PeriodicWorker
from clawtui.tui.controllers.doctor_monitor import FindingsChanged

if TYPE_CHECKING:
    from clawtui.model.gateway.report import GatewayReport
    from clawtui.tui.screens.gateway_view import Judged


class GatewayMonitor:
    """Monitor that calls each of `shows` on the event loop after a round, and posts `FindingsChanged`.

    It does nothing for other kinds of roots. The owners in a root on another host are judged there.
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
        self._gap = ANOTHER_STATE
        self._worker = PeriodicWorker(app, "judging the gateway", self._judge)

    def observe(self, fleet: Fleet) -> None:
        """Judge again if the state of the gateway, or the verdicts of another host on it, are not those of before."""
        last, self._fleet = self._fleet, fleet
        if fleet.gateway is not None and (fleet.gateway is not last.gateway or fleet.judged is not last.judged):
            self._worker.ask(self._gap)

    def _judge(self) -> float | None:
        from clawtui.model.gateway.findings.examine import examine
        from clawtui.model.gateway.missed import missed_by_job
        from clawtui.tui.screens.gateway_view import Judged

        fleet, began = self._fleet, time.monotonic()
        report = self._report(fleet)
        if report is None:
            return None
        state = report.state
        missed = missed_by_job(state, report.now, report.host_zone)
        judged = Judged(report, examine(report), missed)
        for show in self._shows:
            self._app.call_later(show, judged)
        self._app.post_message(FindingsChanged(judged.findings))
        self._gap = max(ANOTHER_STATE, SHARE * (time.monotonic() - began))
        return max(pause_at_gateway(state), self._gap)

    def _report(self, fleet: Fleet) -> GatewayReport | None:
        """Return the report on a gateway; None where there is none, or where its host cannot be reached now."""
        from clawtui.operations.openclaw.report import judge_gateway

        state = fleet.gateway
        if state is None:
            return None
        if fleet.connection is None:
            return judge_gateway(state, self._root, self._clock(), self._quiet_after)
        report = fleet.judged.gateway if fleet.judged is not None and not fleet.connection.is_lost else None
        return None if report is None else replace(report, state=state, now=self._clock())
