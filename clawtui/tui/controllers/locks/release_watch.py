"""Watching a repository after the release of its lock: free, or locked again (contract: the release, step 7)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from math import inf

from textual.app import App

from clawtui.operations.acts.protocol import RootActs
from clawtui.operations.locks.release import WATCHED, Released, ReleaseOutcome
from clawtui.tui.controllers.background import in_background
from clawtui.tui.dialogs.question import Question
from clawtui.tui.dialogs.release_question import result
from clawtui.tui.widgets.line import Role


class ReleaseWatch:
    """Watcher that shows the result in the dialog, or in a toast if the dialog was closed."""

    def __init__(self, app: App[None], acts: RootActs, say: Callable[[str], None]) -> None:
        """Watch by `acts`; `say` shows a message."""
        self._app = app
        self._say = say
        self._acts = acts
        self._stopped = threading.Event()

    def begin(self, released: Released, ask: Callable[[Question], bool]) -> None:
        """Watch the repository of `released`. `ask` shows a question, and returns whether the dialog is still open."""
        sentences: list[tuple[str, Role]] = [
            (f"✓ Released: {released.key}", "ok"),
            (f"It is free; watching for {WATCHED:g} seconds whether it is locked again …", "plain"),
        ]
        sentences += [(f"! {complaint}", "warn") for complaint in released.complaints]
        ask(result(sentences, undo=True))
        in_background(self._app, "watching a released lock", partial(self._watch, released, ask))

    def stop(self) -> None:
        """Stop watching at once."""
        self._stopped.set()

    def _watch(self, released: Released, ask: Callable[[Question], bool]) -> None:
        after = self._acts.watch_after(released, self._clock, self._stopped.wait)
        if not self._stopped.is_set():
            self._app.call_later(partial(self._report, released, after, ask))

    def _clock(self) -> float:
        """Return the time, or infinity after `stop`, which ends the watch."""
        return inf if self._stopped.is_set() else time.monotonic()

    def _report(self, released: Released, after: ReleaseOutcome, ask: Callable[[Question], bool]) -> None:
        if after.taken is not None and after.taken.value == released.reading.value:
            return  # the operator has restored the lock, and has seen that result
        text, role = _became(after)
        sentences: list[tuple[str, Role]] = [(f"✓ Released: {released.key}", "ok"), (text, role)]
        sentences += [(f"! {complaint}", "warn") for complaint in released.complaints]
        if not ask(result(sentences, undo=after.taken is None)):
            self._say("\n".join(line for line, _ in sentences))


def _became(after: ReleaseOutcome) -> tuple[str, Role]:
    if after.taken is None:
        return f"It is still free after {after.seconds:.0f} seconds: the next dispatch can take it.", "plain"
    lock = after.taken.value
    if lock is None:
        return f"After {after.seconds:.1f} s there is a file in its place that is no lock: {after.taken.path}", "warn"
    automation, session, pid, host = map(lock.field_text, ("automation_id", "session_id", "pid", "hostname"))
    who = f"{automation}, session {session}, pid {pid} on {host}"
    return f"Taken again after {after.seconds:.1f} s by {who}.", "active"
