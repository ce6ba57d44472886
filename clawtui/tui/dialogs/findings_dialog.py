"""A dialog with the findings as a list. The finding at the cursor can be fixed or shown, and its command copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Literal

from textual.binding import Binding, BindingType

from clawtui.model.findings.finding import Finding
from clawtui.tui.dialogs.finding_lines import finding_rows
from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.widgets.line import Line
from clawtui.tui.widgets.line_view import MOVEMENT_KEYS, Movement, line_room

FindingAct = Literal["go", "mend", "copy"]

_PAGE = 4
"""Findings by which a page moves the cursor."""


class FindingsDialog(LinesDialog, inherit_bindings=False):
    """Dialog with a cursor on one of the findings; `act` is called with the act that the operator chooses.

    `findings` returns the current findings in the order of `make_lines`; none where they are not known yet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,D", "dismiss", "close", tooltip="close this", id="dialog.close"),
        Binding("enter", "act('go')", "go there", tooltip="go to what it is about", id="findings.go"),
        Binding("f", "act('mend')", "mend", tooltip="mend it, after a question", id="findings.mend"),
        Binding("y", "act('copy')", "copy", tooltip="copy the command that mends it", id="findings.copy"),
        *MOVEMENT_KEYS,
    ]

    def __init__(
        self,
        make_lines: Callable[[int], Sequence[Line]],
        findings: Callable[[], Sequence[Finding]],
        act: Callable[[FindingAct, Finding], None],
    ) -> None:
        super().__init__("Findings", make_lines)
        self._findings = findings
        self._act = act
        self._shown: Sequence[Finding] = ()
        self._at = 0

    def refresh_lines(self) -> None:
        """Show the current findings; the cursor stays on its finding, or near its place."""
        last, self._shown = self._shown[self._at : self._at + 1], self._findings()
        same = (at for at, one in enumerate(self._shown) for old in last if _is_same(one, old))
        self._at = next(same, max(0, min(self._at, len(self._shown) - 1)))
        super().refresh_lines()
        self._highlight()

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move the cursor to another finding; without findings, scroll."""
        if unit == "cells" or not self._shown:
            super().action_move(unit, count)
            return
        last = len(self._shown) - 1
        steps = int(count * (_PAGE if unit == "pages" else 1))
        self._at = 0 if unit == "top" else last if unit == "bottom" else max(0, min(last, self._at + steps))
        self._highlight()

    def action_act(self, act: FindingAct) -> None:
        """Act on the finding at the cursor, and close the dialog unless only a command was copied."""
        if not self._shown:
            self.dismiss()
            return
        finding = self._shown[self._at]
        if act != "copy":
            self.dismiss()
        # Deferred to the app: Textual calls no callback for a dialog that is opened by one that is closing.
        self.app.call_later(self._act, act, finding)

    def _highlight(self) -> None:
        if self._shown:
            self._lines.highlight(finding_rows(self._shown, line_room(self.app.size.width))[self._at])

    def _show_hint(self) -> None:
        keys = "Enter goes there · f mends · y copies · Esc closes"
        self._box.border_subtitle = keys if self._shown else "Esc closes"


def _is_same(one: Finding, other: Finding) -> bool:
    return (one.code, one.subject) == (other.code, other.subject)
