"""Reading the transcript of the selected run in the background while its agent appends to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from textual.app import App

from clawtui.model.runs.timeline import Step
from clawtui.tui.controllers.background import PeriodicWorker

if TYPE_CHECKING:
    from clawtui.live.source import Source
    from clawtui.model.gateway.run import GatewayRun
    from clawtui.tui.screens.dashboard_view import DashboardView

_GOING_ON: Final = 0.5
"""Seconds between two readings of a transcript that grows."""
_NO_ANSWER: Final = 5.0
"""Seconds to the next attempt to read one of a host that cannot be reached."""
_AGENT_TURNS: Final = frozenset({"agentTurn", "systemEvent", "heartbeat"})
"""The payloads whose runs have a transcript."""


class _Request(NamedTuple):
    run: GatewayRun
    agent: str | None


class TranscriptReader:
    """Reader of the transcript of the selected run. One of a run that has ended is read once."""

    def __init__(self, app: App[None], root: Path, view: DashboardView, source: Source | None = None) -> None:
        """Read below ``root``, or by the ``source`` of a root on another host."""
        self._source = source
        self._app = app
        self._root = root
        self._view = view
        self._request: _Request | None = None
        self._read: dict[str, tuple[Step, ...]] = {}
        self._worker = PeriodicWorker(app, "reading a transcript", self._read_requested)

    def observe(self) -> None:
        """Read the transcript of the run that is shown now, where it has one and it may have changed."""
        last, self._request = self._request, self._find()
        if self._request is not None and self._request != last:
            same = last is not None and last.run.id == self._request.run.id
            self._worker.ask(_GOING_ON if same else 0.0)

    def _find(self) -> _Request | None:
        gateway, job = self._view.gateway, self._view.chosen_job
        run = None if gateway is None or job is None else gateway.gateway_run(job, self._view.runs.choice.run)
        if run is None or job is None or (run.session_key is None and job.payload_kind not in _AGENT_TURNS):
            return None
        return _Request(run, job.agent_id)

    def _read_requested(self) -> float | None:
        from clawtui.model.errors import ClawtuiError
        from clawtui.tui.controllers.gateway.history import read_steps

        request = self._request
        if request is None:
            return None
        try:
            found = read_steps(self._root, self._source, *request)
        except ClawtuiError:  # the header says that there is no connection
            return _NO_ANSWER
        if self._read.get(request.run.id) != found:
            self._read = {request.run.id: found}
            self._app.call_later(self._view.show_transcripts, self._read)
        return _GOING_ON if request.run.is_going else None
