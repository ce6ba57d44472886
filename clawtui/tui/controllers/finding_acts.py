"""The acts on a finding: go to its subject, apply its fix after a question, or copy its command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from clawtui.model.findings.finding import Finding
from clawtui.model.text.command_line import PROGRAM
from clawtui.model.text.width import wrap
from clawtui.tui.controllers.background import in_background
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.selection import ClipboardItem
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.messages import READ_ONLY

if TYPE_CHECKING:
    from clawtui.operations.doctor.fix_rule import FixRule
    from clawtui.tui.controllers.commands import CommandContext
    from clawtui.tui.dialogs.findings_dialog import FindingAct


class FindingActs:
    """Controller of the list of findings. `mend_gateway` asks whether to run the repair command of a stock gateway."""

    def __init__(
        self, context: CommandContext, copy: Callable[[ClipboardItem], None], mend_gateway: Callable[[], None]
    ) -> None:
        self._context = context
        self._app = context.app
        self._view = context.dashboard.view
        self._copy = copy
        self._mend_gateway = mend_gateway

    def act(self, act: FindingAct, finding: Finding) -> None:
        """Carry out the act that the operator chose."""
        if act == "go":
            self._go(finding)
        elif act == "mend":
            self._mend(finding)
        elif finding.fix is None:
            self._say(f"No command mends {finding.code}: the text says what to do.")
        else:
            self._copy(ClipboardItem(self._command_name(finding.fix), finding.fix))

    def _command_name(self, command: str) -> str:
        """Return what is copied: a command that runs here, or one of the gateway on another host."""
        connection = self._view.fleet.connection
        if connection is None or command.startswith(f"{PROGRAM} "):
            return "the command"
        return f"the command, which is for {connection.host or connection.address},"

    def _go(self, finding: Finding) -> None:
        view, panes, subject = self._view, self._context.dashboard.panes, finding.subject
        if show_row(view.locks, subject) or show_row(view.locks, f"lock {subject}") or finding.code.startswith("slot"):
            panes.go_to(view.locks)
        elif (key := self._key_of(subject)) is not None and show_row(view.automations, key):
            panes.go_to(view.automations)
        else:
            self._say(f"No pane shows {subject}.")

    def _key_of(self, subject: str) -> str | None:
        """Return the key of the row of the automation or job that a finding is about; None if there is none."""
        view = self._view
        if view.gateway is not None:
            return subject.rpartition("(")[2].removesuffix(")")
        if subject in view.fleet.automations:
            return subject
        id = subject.split("/")[1] if subject.startswith("workspaces/") else subject
        return next((key for key, automation in view.fleet.automations.items() if automation.id == id), None)

    def _mend(self, finding: Finding) -> None:
        from clawtui.operations.doctor.fix import FIXES, why_left

        rule = FIXES.get(finding.code)
        if self._view.gateway is not None and " lock release " in (finding.fix or ""):
            self._app.post_message(LocksPane.ReleaseAsked(f"lock {finding.subject}"))
        elif self._view.gateway is not None:
            self._mend_gateway()
        elif finding.subject in self._view.fleet.locks and " lock release " in (finding.fix or ""):
            self._app.post_message(LocksPane.ReleaseAsked(finding.subject))
        elif finding.code.startswith("slot"):
            self._app.post_message(LocksPane.FreeAsked())
        elif self._context.read_only:
            self._say(READ_ONLY)
        elif rule is None or finding.fix is None:
            self._say(f"{why_left(finding)[:1].upper()}{why_left(finding)[1:]}.")
        else:
            self._ask(finding, rule)

    def _ask(self, finding: Finding, rule: FixRule) -> None:
        from clawtui.tui.dialogs.question import Question, QuestionDialog

        def answer(_: str) -> None:
            dialog.dismiss()
            in_background(self._app, "mending a finding", partial(self._apply, finding, rule))

        accept = Choice("mend", f"{rule.does[:1].upper()}{rule.does[1:]}")
        dialog = QuestionDialog("Mend", Question(partial(_question_lines, finding, rule), accept), answer)
        self._app.push_screen(dialog)

    def _apply(self, finding: Finding, rule: FixRule) -> None:
        """Apply the fix, which examines its subject again first; not on the event loop."""
        from clawtui.model.errors import ClawtuiError
        from clawtui.model.runs.judgement import QUIET_AFTER
        from clawtui.operations.doctor.fix_rule import FixContext
        from clawtui.operations.user.actor import this_actor

        context = self._context
        case = FixContext(context.paths, finding, self._view.fleet, this_actor(), context.clock, QUIET_AFTER)
        try:
            result = rule.act(case)
        except ClawtuiError as error:
            self._app.call_later(partial(self._app.notify, str(error), severity="error", markup=False))
        else:
            self._app.call_later(self._say, f"{finding.subject}: {result}")

    def _say(self, text: str) -> None:
        self._app.notify(text, markup=False)


def _question_lines(finding: Finding, rule: FixRule, width: int) -> Sequence[Line]:
    why = f"{rule.why[:1].upper()}{rule.why[1:]}."
    return (
        (Span(finding.subject, "strong"),),
        *((Span(part),) for part in wrap(finding.message, width)),
        BLANK,
        *((Span(part, "dim"),) for part in wrap(why, width)),
    )


def show_row(pane: TablePane, key: str) -> bool:
    """Put the cursor of `pane` on the row at `key`, and clear a filter that hides it; return False if there is none."""
    if key not in pane.table.cursor.keys and pane.filter.search_text:
        pane.filter.clear_all()
    if key not in pane.table.cursor.keys:
        return False
    pane.table.move_to(pane.table.cursor.keys.index(key))
    return True
