"""All logs of the last day as one, in a dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Final

from textual.app import App

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import RunLogEntry
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.background import in_background
from clawtui.tui.widgets.line import Line, Role, Span

if TYPE_CHECKING:
    from clawtui.operations.runs.all_logs import FoldedLine

MOST: Final = 2000
"""How many lines are shown."""
_PERIOD: Final = timedelta(days=1)
_ROLES: Final[dict[LogLevel, Role]] = {"debug": "dim", "info": "plain", "warn": "warn", "error": "bad"}


class AllLogs:
    """Controller that reads the logs in the background, then shows them, the newest line at the bottom."""

    def __init__(self, app: App[None], paths: StatePaths, clock: Callable[[], datetime], zone: tzinfo | None) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._zone = zone

    def open(self) -> None:
        """Read and show them."""
        in_background(self._app, "reading all logs", self._read)

    def _read(self) -> None:
        """Read the lines; not on the event loop."""
        from clawtui.model.errors import ClawtuiError
        from clawtui.model.search.log_query import LogQuery
        from clawtui.operations.runs.all_logs import folded, last_of, read_all_logs

        since = self._clock() - _PERIOD
        try:
            found = tuple(last_of(folded(read_all_logs(self._paths, LogQuery(since=since), since)), MOST))
        except ClawtuiError as error:
            self._app.call_later(partial(self._app.notify, str(error), severity="error", markup=False))
        else:
            self._app.call_later(self._show, found)

    def _show(self, found: Sequence[FoldedLine]) -> None:
        from clawtui.tui.dialogs.lines_dialog import LinesDialog

        if not found:
            self._app.notify("No log was written to within a day.", markup=False)
            return
        lines = [log_line(each, self._zone) for each in found]
        dialog = LinesDialog("All logs of the last day", lambda: lines)
        self._app.push_screen(dialog)
        self._app.call_after_refresh(dialog.action_move, "bottom")


def log_line(line: FoldedLine, zone: tzinfo | None) -> Line:
    """Return time, source and message, and how many times the line is repeated."""
    entry = line.first.line.entry
    role: Role
    if entry is None:
        role, text = "warn", line.first.line.text
    else:
        role = _ROLES[entry.level]
        text = entry.message if isinstance(entry, RunLogEntry) else f"{entry.event}  {entry.automation_id or ''}"
    times = (Span(f"  ×{line.times}", "dim"),) if line.times > 1 else ()
    at = f"{line.first.at.astimezone(zone):%m-%d %H:%M:%S} "
    return (Span(at, "dim"), Span(f"{line.first.source}  ", "active"), Span(text, role), *times)
