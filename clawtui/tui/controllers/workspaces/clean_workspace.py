"""Removing a workspace from the dashboard, after the same checks as in the command and a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Workspace
from clawtui.tui.controllers.background import in_background
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.dialogs.question import Question, QuestionDialog
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Span, wrap_line

_KEEP = Choice("cancel", "Keep it")
_REMOVE = Choice("remove", "Remove")


class CleanWorkspace:
    """Controller that looks for reasons against the removal of a workspace, asks, and removes it."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        self._app = context.app
        self._quiet_after = context.quiet_after

    def ask(self, id: str) -> None:
        """Ask whether to remove a workspace; if there is a reason against it, show that instead."""
        if self._context.read_only:
            self._say("Read-only: nothing is removed.")
            return
        Loader(self._app, "judging a workspace", partial(self._judge, id), self._ask, partial(self._refuse, id)).start()

    def _judge(self, id: str) -> Workspace:
        """Return the workspace if it may be removed; not on the event loop. Raises ClawtuiError."""
        from clawtui.operations.runs.workspaces import report_workspace, require_removable

        found = report_workspace(self._context.paths, id, measured=False).workspace
        require_removable(self._context.paths, found, (), self._context.clock().astimezone(), self._quiet_after)
        return found

    def _refuse(self, id: str, why: str) -> None:
        """Show why the workspace is kept, and the command that removes it all the same."""
        lines = [(Span(text),) for text in why.splitlines()]
        self._app.push_screen(LinesDialog(f"{id}: its workspace is kept", lambda width: lines))

    def _ask(self, found: Workspace) -> None:
        def lines(width: int) -> Sequence[Line]:
            texts = (
                f"workspaces/{found.id} is removed with everything in it: its clone, and the state of its last run.",
                "Its run has ended, it is not preserved, and no commit in its clone is only there.",
            )
            return [part for text in texts for part in (*wrap_line((Span(text),), width), BLANK)]

        def answer(key: str) -> None:
            if key == _REMOVE.key:
                in_background(self._app, "removing a workspace", partial(self._remove, found))
            dialog.dismiss()

        dialog = QuestionDialog(f"{found.id}: remove its workspace?", Question(lines, _REMOVE, leave=_KEEP), answer)
        self._app.push_screen(dialog)

    def _remove(self, found: Workspace) -> None:
        from clawtui.operations.runs.workspaces import clean_workspace

        def clock() -> datetime:
            return self._context.clock().astimezone()

        try:
            message = clean_workspace(self._context.paths, found, clock, (), self._quiet_after)
        except ClawtuiError as error:
            self._app.call_later(self._say, str(error))
        else:
            self._app.call_later(partial(self._app.notify, message, markup=False))

    def _say(self, problem: str) -> None:
        self._app.notify(problem, severity="warning", markup=False, timeout=10)
