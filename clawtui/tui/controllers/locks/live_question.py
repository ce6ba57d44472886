"""A question that stays current while it is open: looked into off the event loop, and asked anew after each look."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from textual.app import App

from clawtui.tui.controllers.background import in_background
from clawtui.tui.controllers.periodic_worker import PeriodicWorker
from clawtui.tui.dialogs.question import Question, QuestionDialog

LIVE = 1.0
"""Seconds between two looks while a question is open."""

_CHANGED = 0.1
"""Seconds until the next look where something on disk is another."""

LookT = TypeVar("LookT")


class LiveQuestion(ABC, Generic[LookT]):
    """At most one dialog at a time. A subclass says what is looked at, what is asked then, and what an answer does."""

    def __init__(self, app: App[None]) -> None:
        self.app = app
        self.dialog: QuestionDialog | None = None
        self.is_asking = False
        """Whether there is something to decide still."""
        self._rounds = PeriodicWorker(app, "looking into what is asked", self._look_in_thread)

    @abstractmethod
    def look(self) -> LookT:
        """What there is to know at this instant; off the event loop."""

    @abstractmethod
    def show(self, look: LookT) -> Question | None:
        """What is asked after a look; None where the look is of something else than what is asked about now."""

    @abstractmethod
    def answer(self, key: str) -> None:
        """What the operator chose; leaving is none of it."""

    def open(self, title: str, meanwhile: Question) -> None:
        """Opens the dialog, which shows ``meanwhile`` until the first look is over."""
        dialog = self.dialog = QuestionDialog(title, meanwhile, self.answer)
        self.app.push_screen(dialog, self._closed)
        self.look_again()

    def consider_again(self) -> None:
        """Something on disk is another: looks soon, where that may matter."""
        if self.is_asking:
            self._rounds.ask(_CHANGED)

    def look_again(self) -> None:
        """Looks at once; there is something to decide."""
        self.is_asking = True
        self._rounds.ask(0.0)

    def decide(self, what: str, operation: Callable[[QuestionDialog], None]) -> None:
        """The operator has decided: no more looks, and ``operation`` runs off the event loop. ``what`` is its name."""
        dialog = self.dialog
        if dialog is not None and self.is_asking:
            self.is_asking = False
            self._rounds.stop()
            in_background(self.app, what, partial(operation, dialog))

    def ask_in(self, dialog: QuestionDialog, question: Question) -> bool:
        """Asks in that dialog and in no later one; whether it is still open."""
        if dialog is not self.dialog:
            return False
        dialog.ask(question)
        return True

    def later(self, callback: Callable[[], object]) -> None:
        """Has the event loop call ``callback``; for whatever runs off it."""
        self.app.call_later(callback)

    def stop(self) -> None:
        """The dashboard ends: nothing is waited for."""
        self._rounds.stop()

    def _closed(self, _: object) -> None:
        self.dialog = None
        self.is_asking = False
        self._rounds.stop()

    def _look_in_thread(self) -> float:
        self.later(partial(self._show, self.look()))
        return LIVE

    def _show(self, look: LookT) -> None:
        if self.dialog is not None and self.is_asking and (question := self.show(look)) is not None:
            self.dialog.ask(question)
