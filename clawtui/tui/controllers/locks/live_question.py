"""A question whose facts are read again in the background while it is open."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import Generic, Literal, TypeVar

from textual.app import App

from clawtui.tui.controllers.background import PeriodicWorker, in_background
from clawtui.tui.dialogs.lock_text import sentence_lines
from clawtui.tui.dialogs.question import CLOSE, Question, QuestionDialog

LIVE = 1.0
"""Seconds between two looks while a question is open."""

_CHANGED = 0.1
"""Seconds between two looks while files change."""

_SHOWN = 10.0
"""Seconds for which a toast is shown."""
_UNSURE_SHOWN = 20.0
"""Seconds for which a toast about an unknown outcome is shown."""

LookT = TypeVar("LookT")


class Messages:
    """Messages of a controller; where several roots are shown, ``heading`` begins each, and the title of a dialog."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self.heading = ""

    def say(
        self,
        text: str,
        *,
        title: str = "",
        severity: Literal["information", "warning", "error"] = "information",
        timeout: float = _SHOWN,
    ) -> None:
        """Show a message."""
        self._app.notify(f"{self.heading}{text}", title=title, severity=severity, markup=False, timeout=timeout)


class LiveQuestion(ABC, Generic[LookT]):
    """Controller of at most one open dialog, which it updates.

    A subclass defines the reading of the facts (`look`), the question made from them (`show`), and the reaction to an
    answer (`answer`).
    """

    def __init__(self, app: App[None]) -> None:
        self.app = app
        self.messages = Messages(app)
        """The messages that are shown because the dialog is closed, or because they are to stay after it."""
        self.dialog: QuestionDialog | None = None
        self.is_asking = False
        """Whether the operator has not decided yet."""
        self.note: str | None = None
        """The reason why the last decision was refused, for the question to show above its facts."""
        self._worker = PeriodicWorker(app, "reading what a question is about", self._look_in_thread)

    @abstractmethod
    def look(self) -> LookT:
        """Read the current facts; not on the event loop."""

    @abstractmethod
    def show(self, look: LookT) -> Question | None:
        """Return the question after a look; None if the look is about another subject than the current question."""

    @abstractmethod
    def answer(self, key: str) -> None:
        """Act on the choice of the operator. It is not called when the dialog is closed without one."""

    def open(self, title: str, meanwhile: Question) -> None:
        """Open the dialog, which shows `meanwhile` until the end of the first look."""
        self.note = None
        dialog = self.dialog = QuestionDialog(f"{self.messages.heading}{title}", meanwhile, self.answer)
        self.app.push_screen(dialog, self._closed)
        self.look_again()

    def look_soon(self) -> None:
        """Look soon, because a file has changed."""
        if self.is_asking:
            self._worker.ask(_CHANGED)

    def look_again(self) -> None:
        """Look at once, and let the operator decide again."""
        self.is_asking = True
        self._worker.ask(0.0)

    def decide(self, what: str, operation: Callable[[QuestionDialog], None]) -> None:
        """Stop looking, and run `operation` in the background. `what` names it in a failure report."""
        dialog = self.dialog
        if dialog is not None and self.is_asking:
            self.is_asking = False
            self._worker.stop()
            in_background(self.app, what, partial(operation, dialog))

    def ask_in(self, dialog: QuestionDialog, question: Question) -> bool:
        """Show `question` in `dialog`; return whether the dialog is still open."""
        if dialog is not self.dialog:
            return False
        dialog.ask(question)
        return True

    def refused(self, why: str, dialog: QuestionDialog) -> None:
        """Look again, and show the reason of a refusal above the facts; as a message once the dialog is closed."""
        if dialog is self.dialog:
            self.note = why
            self.look_again()
        else:
            self.messages.say(why, severity="error")

    def unsure(self, why: str, dialog: QuestionDialog) -> None:
        """Show that the outcome of the decision is unknown; may be called from any thread."""

        def show() -> None:
            if not self.ask_in(dialog, Question(sentence_lines([(f"? {why}", "warn")]), leave=CLOSE)):
                self.messages.say(why, severity="warning", timeout=_UNSURE_SHOWN)

        self.later(show)

    def later(self, callback: Callable[[], object]) -> None:
        """Call `callback` on the event loop; may be called from any thread."""
        self.app.call_later(callback)

    def stop(self) -> None:
        """Stop looking, because the dashboard ends."""
        self._worker.stop()

    def _closed(self, _: object) -> None:
        self.dialog = None
        self.is_asking = False
        self._worker.stop()

    def _look_in_thread(self) -> float:
        self.later(partial(self._show, self.look()))
        return LIVE

    def _show(self, look: LookT) -> None:
        if self.dialog is not None and self.is_asking and (question := self.show(look)) is not None:
            self.dialog.ask(question)
