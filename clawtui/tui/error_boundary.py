"""An app in which one failure is not the end of all, and whose end is told in words: no traceback on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from rich.text import Text
from textual.actions import ActionParseResult
from textual.dom import DOMNode
from textual.driver import Driver
from textual.notifications import SeverityLevel

from clawtui.model.errors import reason_of_scarcity
from clawtui.model.text.cleaning import displayable
from clawtui.tui.controllers.background import WorkFailed
from clawtui.tui.terminal.textual_private import FailureBoundary, raise_in_test, toast_texts
from clawtui.tui.widgets.error_boundary import PartFailed, ReportingPart

if TYPE_CHECKING:
    from clawtui.operations.user.failure_reports import FailureLog

_SHOWN = 15.0
"""Seconds that a toast about a failure stays."""


class ErrorBoundaryApp(FailureBoundary, inherit_bindings=False):
    """Reports failures: of a part of the screen, of what a key does, and of itself.

    In a test, without a terminal, each of them is an error like any other.
    """

    def __init__(self, clock: Callable[[], datetime], driver_class: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver_class)
        self._clock = clock
        self._failures: FailureLog | None = None

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Shows a toast; whatever it is made from is cleaned, line by line, and never markup.

        One that is there already is not shown a second time.
        """
        lines = "\n".join(map(displayable, message.split("\n")))
        if lines in toast_texts(self):
            return
        super().notify(lines, title=displayable(title), severity=severity, timeout=timeout, markup=False)

    def on_part_failed(self, event: PartFailed) -> None:
        """A part of the screen failed: it is told where the report is, and the operator too."""
        if self.is_headless:
            raise_in_test(self, event.error)
            return
        part = _name_of(event.part)
        report, new = self._report(event.error, f"{part}, a part of the screen, failed")
        event.part.show_report(report)
        if new:
            self._say_failure(f"A part of the dashboard failed: {part}. The rest goes on.", report)

    def on_work_failed(self, event: WorkFailed) -> None:
        """Something failed off the event loop: it is reported, and all goes on."""
        if self.is_headless:
            raise_in_test(self, event.error)
            return
        report, new = self._report(event.error, f"{event.what} failed")
        if new:
            self._say_failure(f"That failed: {event.what}. The rest goes on.", report)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Does what a key means; where that fails it is said, and all goes on."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            if self.is_headless:
                raise
            report, _ = self._report(error, f"the action {action} failed")
            self._say_failure(f"That failed: {type(error).__name__}: {error}", report)
            return True

    def failure_text(self, error: Exception) -> Text:
        """Return why the dashboard had to end, and where the report is."""
        if (reason := reason_of_scarcity(error)) is not None:
            return Text(f"clawtui: the dashboard had to end: {reason}")
        report, _ = self._report(error, "the dashboard failed")
        said = displayable(f"clawtui: the dashboard failed and had to end: {type(error).__name__}: {error}")
        return Text(f"{said}\nThe report, and how to send it: {displayable(report)}")

    def _report(self, error: Exception, what: str) -> tuple[str, bool]:
        """Where the report is, and whether it is a new one."""
        if self._failures is None:
            from clawtui.operations.user.failure_reports import FailureLog

            self._failures = FailureLog()
        return self._failures.record(error, what, self._clock())

    def _say_failure(self, what: str, report: str) -> None:
        text = "\n".join(map(displayable, (what, f"The report, and how to send it: {report}")))
        self.notify(text, severity="error", timeout=_SHOWN, markup=False)


def _name_of(part: ReportingPart) -> str:
    """The pane or dialog that it belongs to."""
    nodes = part.ancestors_with_self if isinstance(part, DOMNode) else ()
    return next((node.id for node in nodes if node.id), type(part).__name__)
