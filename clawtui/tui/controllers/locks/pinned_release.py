"""The decision about one version of a lock: the version that the dialog showed first is released, and no other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from clawtui.tui.controllers.locks.live_question import LiveQuestion
from clawtui.tui.dialogs.question import UNDO, QuestionDialog
from clawtui.tui.dialogs.release_question import ACCEPT, OTHER, overlapped


class FingerprintedReport(Protocol):
    """Report on one version of a lock."""

    @property
    def fingerprint(self) -> str | None:
        """Identify the version; None for a lock that cannot be released."""


ReportT = TypeVar("ReportT", bound=FingerprintedReport)


class PinnedRelease(Generic[ReportT]):
    """Pins the first version of a lock that a question shows, and carries out the operator's answer about it."""

    def __init__(
        self,
        question: LiveQuestion[Any],
        undo: Callable[[], None],
        release: Callable[[ReportT], None],
        *,
        read_only: bool,
    ) -> None:
        """Handle the answers to ``question``; ``release`` starts a release, and ``undo`` asks about a restore."""
        self._question = question
        self._undo = undo
        self._release = release
        self._read_only = read_only
        self._report: ReportT | None = None
        self.fingerprint: str | None = None
        """The fingerprint of the version that the operator saw first; None before the first look at a lock."""

    def reset(self) -> None:
        """Forget the version, because the question is about another lock."""
        self._report = self.fingerprint = None

    def see(self, report: ReportT | None) -> None:
        """Record the report that is shown now, and pin its version if it is the first."""
        self._report = report
        if self.fingerprint is None and report is not None:
            self.fingerprint = report.fingerprint

    def answer(self, key: str) -> None:
        """Release the pinned version, continue with the lock that replaced it, or undo."""
        report, dialog = self._report, self._question.dialog
        if dialog is None:
            return
        if key == OTHER:
            self.fingerprint = self._question.note = None
            self._question.look_again()
        elif key == UNDO:
            dialog.dismiss()
            # Deferred to the app: Textual calls no callback for a dialog that is opened by one that is closing.
            self._question.later(self._undo)
        elif key == ACCEPT and report is not None and self._is_pinned(report) and not self._read_only:
            self._release(report)

    def overlapped(self, what: str, dialog: QuestionDialog) -> None:
        """Report that two runs may overlap, in the dialog and as a message; may be called from any thread."""
        self._question.later(partial(self._show_overlap, what, dialog))

    def _show_overlap(self, what: str, dialog: QuestionDialog) -> None:
        self._question.ask_in(dialog, overlapped(what))
        self._question.messages.say(what, title="Two runs may overlap", severity="error", timeout=60.0)

    def _is_pinned(self, report: ReportT) -> bool:
        return report.fingerprint is not None and report.fingerprint == self.fingerprint
