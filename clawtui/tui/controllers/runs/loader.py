"""Loading data in a thread, and handing the result to the event loop."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from textual.app import App

from clawtui.tui.controllers.background import in_background

T = TypeVar("T")


class Loader(Generic[T]):
    """Loader that calls `load` in a thread, then `taken` with the result or `failed` with the reason on the event loop.

    `what` names the work in a failure report. `start` during a run makes it run once more, because its result may be
    out of date.
    """

    def __init__(
        self,
        app: App[None],
        what: str,
        load: Callable[[], T],
        taken: Callable[[T], None],
        failed: Callable[[str], None],
    ) -> None:
        self._app = app
        self._what = what
        self._load = load
        self._taken = taken
        self._failed = failed
        self._running = False
        self._again = False

    def start(self) -> None:
        """Start loading; during a load, schedule one more."""
        if self._running:
            self._again = True
            return
        self._running = True
        in_background(self._app, self._what, self._run)

    def _run(self) -> None:
        from clawtui.model.errors import ClawtuiError

        done: Callable[[], None] | None = None
        try:
            done = partial(self._taken, self._load())
        except ClawtuiError as error:
            done = partial(self._failed, str(error))
        finally:
            self._app.call_later(self._end, done)

    def _end(self, done: Callable[[], None] | None) -> None:
        self._running = False
        if done is not None:
            done()
        if self._again:
            self._again = False
            self.start()
