"""Editing a configuration in the operator's editor, and the question before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from textual.app import App

from clawtui.model.fleet import Automation
from clawtui.presentation.roles import diff_roles
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.background import in_background
from clawtui.tui.controllers.user.external_program import run_outside
from clawtui.tui.dialogs.question import Question, QuestionDialog
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.messages import READ_ONLY

if TYPE_CHECKING:
    from clawtui.operations.state.editing import Draft, Review

Severity = Literal["information", "warning", "error"]

_LEAVE = Choice("cancel", "Do not save")
_AGAIN = Choice("again", "Edit again")
_SAVE = Choice("save", "Save")


class EditorController:
    """Controller that edits one draft, shows its review, and edits it again or saves it."""

    def __init__(
        self, app: App[None], paths: StatePaths, clock: Callable[[], datetime], *, read_only: bool = False
    ) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._read_only = read_only

    def edit(self, automation: Automation | None) -> None:
        """Open the configuration of `automation` in the editor."""
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.state.automations import require_only_file
        from clawtui.operations.state.editing import begin_draft

        if self._read_only:
            self._say(READ_ONLY, "warning")
        elif automation is None:
            self._say("Only the configuration of an automation can be edited; none is selected here.", "warning")
        else:
            try:
                require_only_file(self._paths, automation)
                self._open(begin_draft(self._paths, automation))
            except ClawtuiError as error:
                self._say(str(error), "error")

    def create(self) -> None:
        """Open the template of a new automation in the editor."""
        from clawtui.operations.state.new_automation import begin_new

        self._begin(lambda: begin_new(self._paths, self._clock()))

    def edit_dispatcher(self) -> None:
        """Open the dispatcher's configuration in the editor."""
        from clawtui.operations.state.editing import begin_dispatcher_draft

        self._begin(lambda: begin_dispatcher_draft(self._paths))

    def duplicate(self, automation: Automation) -> None:
        """Open a copy of `automation` in the editor."""
        from clawtui.operations.state.new_automation import begin_copy, free_id

        self._begin(lambda: begin_copy(self._paths, automation, free_id(self._paths, automation.id), self._clock()))

    def _begin(self, begin: Callable[[], Draft]) -> None:
        from clawtui.model.errors import ClawtuiError

        if self._read_only:
            self._say(READ_ONLY, "warning")
            return
        try:
            self._open(begin())
        except ClawtuiError as error:
            self._say(str(error), "error")

    def _open(self, draft: Draft) -> None:
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.state.editing import discard_draft, leave_draft, review_draft
        from clawtui.operations.user.programs import editor_command

        try:
            status = run_outside(self._app, [*editor_command(), str(draft.file)])
            review = review_draft(draft)
        except ClawtuiError as error:
            self._say("\n".join(filter(None, (str(error), leave_draft(draft)))), "error")
            return
        if status != 0:
            left = leave_draft(draft)
            self._say(
                " ".join(filter(None, (f"The editor ended with status {status}; nothing is saved.", left))), "warning"
            )
        elif not review.difference:
            discard_draft(draft)
            self._say("Nothing was changed.", "information")
        else:
            self._ask(draft, review)

    def _ask(self, draft: Draft, review: Review) -> None:
        lines = fault_lines(review) if review.fault else difference_lines(review)
        title = f"{draft.title}: not valid" if review.fault else f"{draft.title}: save this?"
        question = Question(
            lambda width: lines,
            accept=_AGAIN if review.fault else _SAVE,
            others=() if review.fault else (_AGAIN,),
            leave=_LEAVE,
        )
        answers: list[str] = []

        def answer(key: str) -> None:
            answers.append(key)
            dialog.dismiss()

        def closed(result: None) -> None:
            self._answered(draft, review, answers[0] if answers else _LEAVE.key)

        dialog = QuestionDialog(title, question, answer)
        self._app.push_screen(dialog, closed)

    def _answered(self, draft: Draft, review: Review, key: str) -> None:
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.state.editing import explain_in

        if key == _SAVE.key:
            in_background(self._app, "saving a configuration", partial(self._save, draft, review))
        elif key == _LEAVE.key:
            self._say(f"Nothing is saved. What you wrote is in {draft.file}", "warning")
        else:
            try:
                explain_in(draft, review)
            except ClawtuiError as error:
                self._say(str(error), "error")
            else:
                self._app.call_after_refresh(self._open, draft)

    def _save(self, draft: Draft, review: Review) -> None:
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.state.editing import save_draft

        try:
            message = save_draft(self._paths, draft, review, self._clock())
        except ClawtuiError as error:
            self._app.call_later(self._say, str(error), "error")
        else:
            self._app.call_later(self._say, message, "information")

    def _say(self, what: str, severity: Severity) -> None:
        self._app.notify(what, severity=severity, markup=False, timeout=10)


def fault_lines(review: Review) -> Sequence[Line]:
    """Return the reason why the draft cannot be saved, as lines."""
    return (
        (Span("The configuration as you wrote it is not valid:"),),
        BLANK,
        (Span(f"  {review.fault}", "bad"),),
        BLANK,
        (Span("Nothing is saved. The editor shows the reason in its first line.", "dim"),),
    )


def difference_lines(review: Review) -> Sequence[Line]:
    """Return the lines of the difference, each with a mark and a colour."""
    return tuple((Span(line, role),) for line, role in diff_roles(review.difference))
