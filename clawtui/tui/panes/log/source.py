"""The source of the log window: the log of the run or of the dispatcher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from clawtui.model.runs.judgement import BAD
from clawtui.tui.panes.log.log_search import LogSearch
from clawtui.tui.panes.log.reader import LogReader, NoLog, OpenLog
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.log.window import LogWindow


class LogSource:
    """The log in the window: it is opened when the selection changes, and checked for changes."""

    def __init__(self, window: LogWindow, search: LogSearch, on_change: Callable[[], None]) -> None:
        self.open_log: OpenLog = lambda paths, on_change: NoLog()
        self.shown = LogViewModel()
        """The log in the window."""
        self.keeps_place = False
        """Whether the cursor stays on its line when the log begins again: its lines are the same, at other offsets."""
        self._window = window
        self._search = search
        self._on_change = on_change
        self._given = LogViewModel()
        self._shows_dispatcher = False
        self._opened: tuple[tuple[str, ...], LogReader] | None = None
        """The place and the paths of the open log, and its reader."""
        self._subject = self._given.subject
        self._ending_awaited = False
        """Whether it is not known yet whether the run had failed when its log was opened: a verdict comes later."""
        self._going_end: int | None = None
        """The end of the log when its run was first seen to be going; None before."""
        self._beginning = 0

    @property
    def line_number(self) -> int | None:
        """The number of the line at the cursor in its file; None while the end is followed, or among several files."""
        chosen = self._window.chosen
        if self._window.following or chosen is None or self.shown.older:
            return None
        return self._window.reader.places.number_of(chosen.start)

    def show(self, given: LogViewModel) -> bool:
        """Show the log of ``given``: another one, or the same one after a change; return whether anything changed."""
        if (given.path, given.place) != (self._given.path, self._given.place):
            self._shows_dispatcher = False
        self._given = given
        changed = self._show_log()
        is_known = self.shown.state is not None and not self._window.reader.is_waiting
        if self._ending_awaited and is_known and self._had_failed():
            self._search.open_at_error()
            return True
        return changed

    def toggle_dispatcher(self) -> bool:
        """Show the dispatcher's log, or the run's again; return whether anything changed."""
        self._shows_dispatcher = not self._shows_dispatcher
        return self._show_log()

    def show_step(self, at: datetime, title: str) -> None:
        """Show a milestone's line in the log of the run, also where the dispatcher's is shown."""
        self._shows_dispatcher = False
        self._show_log()
        self._search.go_to_step(at, title)

    def check_torn_line(self) -> bool:
        """Check whether the unfinished last line is torn now, and so is shown; return whether anything changed."""
        return self._window.reader.is_unfinished and self._look()

    def notice_restart(self) -> None:
        """Show the end of the log, or the same line again, if it was truncated or replaced since the last time."""
        beginning = self._window.reader.beginning
        if beginning != self._beginning:
            self._beginning = beginning
            is_kept = self.keeps_place and not self._window.following
            chosen, row = self._window.chosen if is_kept else None, self._window.row
            self._window.restart()
            if chosen is not None:
                self._search.go_to_line(chosen, row)

    def close(self) -> None:
        """Close the log that is open."""
        if self._opened is not None:
            self._opened[1].close()

    def _had_failed(self) -> bool:
        """Return whether the run had failed when its log was opened, and the end is still followed.

        A run that is judged lost is in progress at first; if it writes more it is in progress, and is followed to its
        end.
        """
        end = self._window.reader.end
        if self._going_end not in (None, end):
            self._ending_awaited = False
        elif self.shown.is_over:
            self._ending_awaited = False
            return self.shown.state in BAD and self._window.following
        else:
            self._going_end = end
        return False

    def _show_log(self) -> bool:
        last, self.shown = self.shown, self._given
        if self._shows_dispatcher and self._given.dispatcher is not None:
            self.shown = replace(self._given.dispatcher, place=self._given.place)
        if (self.shown.place, self.shown.paths, self.shown.automation_id) != (
            last.place,
            last.paths,
            last.automation_id,
        ):
            self._open()
            return True
        if self.shown.run != last.run:
            self._search.open(self.shown.automation_id, self.shown.run, of_gateway=self.shown.of_gateway)
            return True
        return self.shown.tail is not last.tail and self._look()

    def _open(self) -> None:
        """Open the log to show; keep the filter if the log is of the same automation."""
        path = self.shown.path
        if path is None:
            self._window.open(NoLog())
        else:
            self._open_at(self.shown.paths)
            if self.shown.subject != self._subject:
                self._search.forget_filter()
            self._subject = self.shown.subject
        self._search.open(self.shown.automation_id, self.shown.run, of_gateway=self.shown.of_gateway)
        self._ending_awaited = path is not None and not self.shown.of_dispatcher
        self._going_end = None

    def _open_at(self, paths: tuple[str, ...]) -> None:
        """Open the logs at ``paths``; use the open reader if it has these: a rotated log is missing for a moment."""
        opened = (self.shown.place, *paths)
        if self._opened is not None and self._opened[0] == opened:
            self._opened[1].look()
            self._window.open(self._opened[1], go_on=True)
        else:
            self.close()
            reader = self.open_log(paths, self._on_change)
            self._opened = (opened, reader)
            self._window.open(reader)
        self._beginning = self._window.reader.beginning

    def _look(self) -> bool:
        changed = self._window.reader.look()
        self.notice_restart()
        return changed
