"""Freeing a slot from the dashboard: only the one that was shown, with slots of ended runs shown first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from textual.app import App

from clawtui.model.documents.concurrency import Slot
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.consent import required_consent
from clawtui.model.liveness.slot_verdict import SLOT_MEANING, SlotJudgement
from clawtui.operations.slots.free import FreedSlot, free_slot, target_of_slot
from clawtui.operations.slots.report import judged_slots
from clawtui.operations.user.actor import this_actor
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.tui.controllers.locks.live_question import LiveQuestion
from clawtui.tui.dialogs.lock_text import sentence_lines
from clawtui.tui.dialogs.question import Question, QuestionDialog
from clawtui.tui.dialogs.slot_question import ACCEPT, NEXT, SlotLook, question_of

_URGENCY = tuple(SLOT_MEANING)


class FreeSlotController(LiveQuestion[SlotLook]):
    """Dialog about one slot at a time, identified by its session and the time since which it is taken."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        quiet_after: timedelta,
        *,
        read_only: bool = False,
    ) -> None:
        super().__init__(app)
        self._paths = paths
        self._clock = clock
        self._quiet_after = quiet_after
        self._read_only = read_only
        self._fleet = Fleet(str(paths.root))
        self._passed: tuple[Slot, ...] = ()
        self._pinned: Slot | None = None
        self._last = SlotLook()

    def observe(self, fleet: Fleet) -> None:
        """Look at the slots again while the question is open."""
        self._fleet = fleet
        self.look_soon()

    def ask(self) -> None:
        """Show the slot whose run has most probably ended, and ask whether to free it."""
        if self.dialog is None:
            self._passed, self._pinned, self._last = (), None, SlotLook()
            self.open("Free a slot", Question(sentence_lines([("Looking up who has the slots …", "dim")])))

    def look(self) -> SlotLook:
        """Judge the current slots."""
        fleet, passed, pinned, now = self._fleet, self._passed, self._pinned, self._clock()
        judged = sorted(judged_slots(fleet, now, self._quiet_after), key=lambda one: _URGENCY.index(one.verdict))
        meant = _meant(judged, pinned, passed)
        if meant is None:
            why = "It is free by now: nothing was done." if pinned else "No slot is taken."
            return SlotLook(now=now, passed=passed, why_not=why)
        target, line = target_of_slot(meant.slot, fleet), command_line_for(self._paths.root)
        return SlotLook(meant, target, len(judged) - 1, now, passed, line)

    def show(self, look: SlotLook) -> Question | None:
        """Ask about the first slot that was found; return None for a look that is out of date."""
        slot = look.judged.slot if look.judged else self._pinned
        if look.passed != self._passed or (self._pinned is not None and self._pinned != slot):
            return None
        self._last, self._pinned = look, slot
        if slot in self._passed:
            self._passed = ()
        return question_of(look, self.note, read_only=self._read_only)

    def answer(self, key: str) -> None:
        """Free the slot, or continue with another."""
        judged = self._last.judged
        if judged is None or judged.slot != self._pinned:
            return
        if key == NEXT:
            self._passed, self._pinned, self.note = (*self._passed, judged.slot), None, None
            self.look_again()
        elif key == ACCEPT and not self._read_only:
            self.decide("the freeing of a slot", partial(self._free, self._last))

    def _free(self, look: SlotLook, dialog: QuestionDialog) -> None:
        """Free the slot that was shown, and no other; not on the event loop."""
        assert look.judged is not None
        assert look.target is not None
        consent = required_consent(look.judged.verdict)
        try:
            freed = free_slot(self._paths, look.target, consent, this_actor(), self._clock, self._quiet_after)
        except ClawtuiError as error:
            self.later(partial(self.refused, str(error), dialog))
        else:
            self.later(partial(self._freed, freed, dialog))

    def _freed(self, freed: FreedSlot, dialog: QuestionDialog) -> None:
        if dialog is self.dialog:
            dialog.dismiss()
        self.messages.say("\n".join((f"Done: {freed.message}", *freed.complaints)))


def _meant(judged: list[SlotJudgement], pinned: Slot | None, passed: tuple[Slot, ...]) -> SlotJudgement | None:
    """Return the pinned slot; without one, the first that was not skipped, or the first if all were skipped."""
    if pinned is not None:
        return next((each for each in judged if each.slot == pinned), None)
    left = [each for each in judged if each.slot not in passed]
    return next(iter(left or judged), None)
