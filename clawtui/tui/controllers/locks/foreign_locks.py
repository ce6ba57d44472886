"""Asking the hosts of other open roots, in the background, about the locks of a root that name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.app import App

from clawtui.roots.foreign_locks import ForeignLocks
from clawtui.tui.controllers.background import in_background
from clawtui.tui.panes.locks.verdicts import Verdicts


class ForeignLockMonitor:
    """Adds the verdicts of other hosts to those of each round on one root.

    The verdicts are shown at once with the answers known so far, and again when a host has answered.
    """

    def __init__(self, app: App[None], locks: ForeignLocks, root: str, show: Callable[[Verdicts], object]) -> None:
        """Prepare; ``show`` is called on the event loop with the verdicts on ``root``."""
        self._app = app
        self._locks = locks
        self._root = root
        self._show = show
        self._newest = Verdicts()
        self._is_asking = False

    def take(self, verdicts: Verdicts) -> None:
        """Take the verdicts of a round; may be called on any thread."""
        self._app.call_later(self._take, verdicts)

    def _take(self, verdicts: Verdicts) -> None:
        self._newest = verdicts
        self._show(self._with_host_verdicts(verdicts, asks=False))
        foreign = {path for path, judged in verdicts.judged.items() if judged.verdict == "foreign"}
        if not self._is_asking and self._locks.is_due(self._root, verdicts.readings, foreign):
            self._is_asking = True
            in_background(self._app, "asking other hosts about locks", lambda: self._ask(verdicts))

    def _ask(self, verdicts: Verdicts) -> None:
        try:
            self._with_host_verdicts(verdicts, asks=True)
        finally:
            self._app.call_later(self._answered)

    def _answered(self) -> None:
        self._is_asking = False
        self._show(self._with_host_verdicts(self._newest, asks=False))

    def _with_host_verdicts(self, verdicts: Verdicts, *, asks: bool) -> Verdicts:
        judged = {
            path: self._locks.judge(self._root, verdicts.readings[path], own, verdicts.at, asks=asks)
            if own.verdict == "foreign" and path in verdicts.readings
            else own
            for path, own in verdicts.judged.items()
        }
        return replace(verdicts, judged=judged)
