"""The base class of the dashboard's apps: what both declare, and the report of failures.

An app continues after most failures, and ends without a traceback after the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual import on
from textual.actions import ActionParseResult
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.notifications import SeverityLevel

from clawtui.model.documents.settings import LabelColour
from clawtui.model.errors import reason_of_scarcity
from clawtui.model.text.cleaning import displayable
from clawtui.tui.controllers.background import WorkFailed
from clawtui.tui.terminal.screen_updates import REDRAW_KEY, BufferedApp
from clawtui.tui.terminal.textual_private import FailureBoundary, KeyOrder, free_removed_widgets, raise_in_test
from clawtui.tui.terminal.themes import DARK, label_variables
from clawtui.tui.widgets.error_boundary import PartFailed, ReportingPart
from clawtui.tui.widgets.line_painter import LINE_CLASSES
from clawtui.tui.widgets.messages import Messages

if TYPE_CHECKING:
    from textual.command import Provider

    from clawtui.operations.user.failure_reports import FailureLog

_SHOWN: Final = 15.0
"""Seconds for which a message about a failure is shown."""


def palette_provider() -> type[Provider]:
    """Return the search of the palette, which is imported at its first use."""
    from clawtui.tui.controllers.user.palette_provider import PaletteProvider

    return PaletteProvider


class FailureReporter:
    """Reporter that writes a report for each failure, and shows its path."""

    def __init__(self, app: App[None], clock: Callable[[], datetime]) -> None:
        self._app = app
        self._clock = clock
        self._log: FailureLog | None = None

    def write(self, error: Exception, what: str) -> tuple[str, bool]:
        """Write a report on `error`; return its path, and whether it is new. `what` says what failed."""
        if self._log is None:
            from clawtui.operations.user.failure_reports import FailureLog

            self._log = FailureLog()
        return self._log.record(error, what, self._clock())

    def show(self, message: str, report: str) -> None:
        """Show `message` and the path `report`."""
        text = "\n".join(map(displayable, (message, f"The report, and how to send it: {report}")))
        self._app.notify(text, severity="error", timeout=_SHOWN, markup=False)


class BaseApp(KeyOrder, FailureBoundary, BufferedApp, inherit_bindings=False):
    """App that reports failures of a part of the screen, of background work, of an action, or of the app itself.

    In a test, without a terminal, a failure is raised like any other error.
    """

    CSS_PATH = "clawtui.tcss"
    TITLE = "clawtui"
    BINDINGS: ClassVar[list[BindingType]] = [REDRAW_KEY]
    COMMANDS: ClassVar = {palette_provider}
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LINE_CLASSES)

    def __init__(
        self,
        clock: Callable[[], datetime],
        driver_class: type[Driver] | None = None,
        label_colour: LabelColour = "red",
    ) -> None:
        """Create the app; ``clock`` returns the time of messages, ``label_colour`` is that of the root's label."""
        self._label_colour = label_colour  # super().__init__ reads the variables of the style sheet
        free_removed_widgets()
        super().__init__(driver_class=driver_class)
        self.messages = Messages(self, clock)
        self._reporter = FailureReporter(self, clock)

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's variables, with defaults for those that Textual's themes lack, and the labels' colours."""
        variables = super().get_css_variables()
        return {**DARK.variables, **variables, **label_variables(self.current_theme, self._label_colour)}

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a message above the footer, from any thread. Its text is cleaned, and is never read as markup."""
        text = f"{title}: {message}" if title else message
        lines = "\n".join(map(displayable, text.split("\n")))
        self.call_later(self.messages.add, lines, severity, timeout)

    @on(PartFailed)
    @on(WorkFailed)
    def report_failure(self, event: PartFailed | WorkFailed) -> None:
        """Report the failure of background work, or of a part of the screen, which then shows where the report is."""
        if self.is_headless:
            raise_in_test(self, event.error)
            return
        if isinstance(event, WorkFailed):
            report, new = self._reporter.write(event.error, f"{event.what} failed")
            message = f"This failed: {event.what}. The rest goes on."
        else:
            part = _name_of(event.part)
            report, new = self._reporter.write(event.error, f"{part}, a part of the screen, failed")
            event.part.show_report(report)
            message = f"A part of the dashboard failed: {part}. The rest goes on."
        if new:
            self._reporter.show(message, report)

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, and report its failure."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            if self.is_headless:
                raise
            report, _ = self._reporter.write(error, f"the action {action} failed")
            self._reporter.show(f"This failed: {type(error).__name__}: {error}", report)
            return True

    def failure_text(self, error: Exception) -> Text:
        """Return the reason why the dashboard had to end, and the path of the report."""
        if (reason := reason_of_scarcity(error)) is not None:
            return Text(f"clawtui: the dashboard had to end: {reason}")
        report, _ = self._reporter.write(error, "the dashboard failed")
        failed = displayable(f"clawtui: the dashboard failed and had to end: {type(error).__name__}: {error}")
        return Text(f"{failed}\nThe report, and how to send it: {displayable(report)}")


def _name_of(part: ReportingPart) -> str:
    """Return the id of the pane or dialog that `part` belongs to."""
    nodes = part.ancestors_with_self if isinstance(part, DOMNode) else ()
    return next((node.id for node in nodes if node.id), type(part).__name__)
