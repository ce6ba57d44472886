"""Reading something off the event loop, for whoever shows it then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from textual.app import App

from clawtui.tui.controllers.background import in_background

T = TypeVar("T")


class Loader(Generic[T]):
    """Has ``load`` run in a thread, and what it returns ``taken`` on the event loop; why it could not be, too.

    ``what`` is what it does, in words. Asked while one is under way, it runs once more after that: what was read
    may be old by then.
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
        """Reads it, or reads it again."""
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
