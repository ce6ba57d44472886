"""Restoring a released lock from the dashboard: the newest first, unless the repository is locked again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from textual.app import App

from clawtui.model.errors import ClawtuiError
from clawtui.operations.acts.protocol import RootActs
from clawtui.operations.locks.restore import Restorable, Restored
from clawtui.tui.controllers.locks.live_question import LiveQuestion
from clawtui.tui.dialogs.lock_text import sentence_lines
from clawtui.tui.dialogs.question import CLOSE, Question, QuestionDialog
from clawtui.tui.dialogs.restore_question import ACCEPT, NEXT, Restoration, question_of


class RestoreLockController(LiveQuestion[Restoration]):
    """Dialog about one released lock at a time, also if another lock is released in the meantime."""

    def __init__(
        self, app: App[None], acts: RootActs, clock: Callable[[], datetime], *, read_only: bool = False
    ) -> None:
        super().__init__(app)
        self._acts = acts
        self._clock = clock
        self._read_only = read_only
        self._passed: frozenset[str] = frozenset()
        """The tokens of the locks that the operator has skipped."""
        self._pinned: str | None = None
        """The token of the lock in question."""
        self._last = Restoration()

    def ask(self) -> None:
        """Show the lock that was released last, and ask whether to restore it."""
        if self.dialog is None:
            self._passed, self._pinned = frozenset(), None
            self.open("Undo a release", Question(sentence_lines([("Looking up the released locks …", "dim")])))

    def look(self) -> Restoration:
        """Return the lock that can be restored now."""
        pinned, passed, now = self._pinned, self._passed, self._clock()
        try:
            found = self._acts.restorable_locks(now)
        except ClawtuiError as error:
            return Restoration(why_not=str(error), now=now, passed=passed)
        meant = _meant(found, pinned, passed)
        if meant is not None:
            return Restoration(meant, self._acts.hindrance(meant), len(found) - 1, now, passed)
        nothing = "Nothing is set aside: what is released is kept for a day."
        gone = "The released lock is gone by now; nothing was done."
        return Restoration(why_not=gone if pinned else nothing, now=now, passed=passed)

    def show(self, look: Restoration) -> Question | None:
        """Ask about the first one that was found; return None for a look that is out of date."""
        token = look.meant.aside.token if look.meant else self._pinned
        if look.passed != self._passed or self._pinned not in (None, token):
            return None
        self._pinned, self._last = token, look
        if token in self._passed:
            self._passed = frozenset()
        return question_of(look, read_only=self._read_only)

    def answer(self, key: str) -> None:
        """Restore the lock, or continue with the one released before it."""
        meant = self._last.meant
        if self._pinned is None:
            return
        if key == NEXT:
            self._passed, self._pinned = self._passed | {self._pinned}, None
            self.look_again()
        elif key == ACCEPT and meant is not None and not self._read_only:
            self.decide("the restore of a lock", partial(self._restore, meant))

    def _restore(self, meant: Restorable, dialog: QuestionDialog) -> None:
        """Restore the lock; not on the event loop."""
        try:
            restored = self._acts.restore_lock(meant, lambda why: self.unsure(why, dialog))
        except ClawtuiError as error:
            self.later(partial(self._show_refusal, str(error), dialog))
        else:
            self.later(partial(self._restored, restored, dialog))

    def _restored(self, restored: Restored, dialog: QuestionDialog) -> None:
        if dialog is self.dialog:
            dialog.dismiss()
        lines = (f"Restored: {restored.key} is locked again, unchanged", *restored.complaints)
        self.messages.say("\n".join(lines))

    def _show_refusal(self, why: str, dialog: QuestionDialog) -> None:
        if not self.ask_in(dialog, Question(sentence_lines([(f"! {why}", "bad")]), leave=CLOSE)):
            self.messages.say(why, severity="error")


def _meant(found: tuple[Restorable, ...], pinned: str | None, passed: frozenset[str]) -> Restorable | None:
    """Return the pinned one; without one, the newest that was not skipped, or the newest if all were skipped."""
    if pinned is not None:
        return next((each for each in found if each.aside.token == pinned), None)
    left = [each for each in found if each.aside.token not in passed]
    return next(iter(left or found), None)
