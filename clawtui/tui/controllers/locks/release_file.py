"""Releasing a lock file of a stock gateway from the dashboard, in a dialog whose facts are kept current."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from textual.app import App

from clawtui.model.documents.base import EPOCH
from clawtui.model.errors import ClawtuiError
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.text.units import age_span
from clawtui.operations.openclaw.release_lock import (
    OwnedLockReport,
    ReleasedOwnedLock,
    look_at_owned_lock,
    release_owned_lock,
)
from clawtui.operations.user.actor import this_actor
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.locks.live_question import LiveQuestion
from clawtui.tui.controllers.locks.pinned_release import PinnedRelease
from clawtui.tui.dialogs.lock_text import at_time, labelled, listed, sentence_lines, wrapped
from clawtui.tui.dialogs.question import CLOSE, Question, QuestionDialog
from clawtui.tui.dialogs.release_question import ACCEPT, OTHER, first_question, result
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Role

_FOLLOWS = (
    "the gateway, or its session, can take it again",
    "it is set aside, and for a day U restores it unless it is taken again by then",
)


class FileLook(Struct, frozen=True):
    """Facts about the lock file at one instant."""

    path: str = ""
    report: OwnedLockReport | None = None
    why_not: str = ""
    """The reason why there is no report."""
    now: datetime = EPOCH


class ReleaseLockFileController(LiveQuestion[FileLook]):
    """Dialog about one lock file at a time, until the result of its release is known."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        undo: Callable[[], None],
        quiet_after: timedelta,
        *,
        read_only: bool = False,
    ) -> None:
        super().__init__(app)
        self._root = paths.root
        self._clock = clock
        self._quiet_after = quiet_after
        self._read_only = read_only
        self._pinned = PinnedRelease(self, undo, self._start, read_only=read_only)
        self._path = ""

    def ask(self, key: str) -> None:
        """Show the facts about the lock file at the row `key` of the locks pane, and ask whether to release it."""
        if self.dialog is None:
            self._path = key.removeprefix("lock ")
            self._pinned.reset()
            self.open("Release a lock", first_question())

    def look(self) -> FileLook:
        """Judge the current lock file."""
        path, now = self._path, self._clock()
        try:
            return FileLook(path, look_at_owned_lock(self._root, path, now, self._quiet_after), now=now)
        except ClawtuiError as error:
            return FileLook(path, why_not=str(error), now=now)

    def show(self, look: FileLook) -> Question | None:
        """Ask about the version that was seen first; a later one is shown as another lock."""
        if look.path != self._path:
            return None
        self._pinned.see(look.report)
        return _question(look, self._pinned.fingerprint, self.note, read_only=self._read_only)

    def answer(self, key: str) -> None:
        """Release the version that was shown, continue with the lock that replaced it, or undo."""
        self._pinned.answer(key)

    def _start(self, report: OwnedLockReport) -> None:
        self.decide("the release of a lock", partial(self._release, report))

    def _release(self, report: OwnedLockReport, dialog: QuestionDialog) -> None:
        """Release the version that was shown, and no other; not on the event loop."""
        path, version = report.lock.path, report.fingerprint
        try:
            released = release_owned_lock(self._root, path, version, this_actor(), self._clock, self._quiet_after)
        except Overlap as error:
            self._pinned.overlapped(str(error), dialog)
        except ClawtuiError as error:
            self.later(partial(self.refused, str(error), dialog))
        else:
            self.later(partial(self._released, released, dialog))

    def _released(self, released: ReleasedOwnedLock, dialog: QuestionDialog) -> None:
        sentences: list[tuple[str, Role]] = [(f"✓ Released: {released.aside.lock}", "ok"), (_FOLLOWS[1], "plain")]
        sentences += [(f"! {complaint}", "warn") for complaint in released.complaints]
        if not self.ask_in(dialog, result(sentences, undo=True)):
            self.messages.say(f"Released: {released.aside.lock}")


def _question(look: FileLook, pinned: str | None, note: str | None, *, read_only: bool) -> Question:
    report = look.report
    above: list[tuple[str, Role]] = [(f"! {note}", "bad")] if note else []
    if report is None:
        return Question(sentence_lines([*above, (f"! {look.why_not}.", "warn")]), leave=CLOSE)
    is_other = report.fingerprint != pinned
    if is_other:
        above.append(("! This is another lock by now, and what was asked about is gone. Nothing was done.", "bad"))
    elif read_only:
        above.append(("Read-only: nothing is released here.", "warn"))
    elif report.judged.verdict != "orphaned":
        above.append(("Only a lock whose owner cannot be alive is released.", "warn"))

    def lines(width: int) -> Sequence[Line]:
        head = [*sentence_lines(above)(width), BLANK] if above else []
        return [*head, *_facts(report, look.now, width)]

    if is_other:
        return Question(lines, others=(Choice(OTHER, "Look at this one"),))
    if read_only or report.judged.verdict != "orphaned":
        return Question(lines, leave=CLOSE)
    return Question(lines, Choice(ACCEPT, "Release", "bad"))


def _facts(report: OwnedLockReport, now: datetime, width: int) -> Sequence[Line]:
    lock, judged = report.lock, report.judged
    verdict = wrapped(f"{judged.verdict}: {MEANING[judged.verdict]}", width, VERDICT_ROLE[judged.verdict])
    rows = [("file", lock.path), ("owner", "unknown" if lock.pid is None else f"pid {lock.pid}")]
    if lock.created is not None:
        rows.append(("taken", f"{at_time(lock.created, now)}, {age_span(now - lock.created)} ago"))
    facts = [*verdict, BLANK, *labelled(rows, width), BLANK, *listed(judged.facts, width), BLANK]
    return [*facts, *wrapped("If it is released", width, "strong"), *listed(_FOLLOWS, width, mark="→ ")]
