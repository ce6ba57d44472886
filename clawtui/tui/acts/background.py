"""Work off the event loop that fails alone: what goes wrong in it is reported, and the dashboard goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.app import App
from textual.message import Message


class WorkFailed(Message):
    """Something that was done off the event loop went wrong in a way that nobody foresaw."""

    def __init__(self, what: str, error: Exception) -> None:
        super().__init__()
        self.what = what
        self.error = error


def in_background(app: App[None], what: str, work: Callable[[], object]) -> None:
    """Has a thread do ``work``; ``what`` is what that is, in words, for whoever reads that it failed."""
    app.run_worker(partial(_guarded, app, what, work), thread=True)


def _guarded(app: App[None], what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  Textual ends the whole app for it
        app.post_message(WorkFailed(what, error))
