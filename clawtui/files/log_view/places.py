"""The positions of lines in a log: by number, and by time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clawtui.files.logs.index import LineIndex
from clawtui.files.logs.log_data import LogData
from clawtui.files.logs.time_search import first_time, start_at
from clawtui.model.errors import ClawtuiError
from clawtui.model.search.log_results import Totals


class LogFilePlaces:
    """The places in one log from one beginning on; implements the protocol ``LogPlaces`` of the log pane."""

    def __init__(self) -> None:
        self.data = LogData()
        """The log as of the last look."""
        self._index = LineIndex()

    @property
    def is_behind(self) -> bool:
        """Whether a part of the log is not indexed yet."""
        return self._index.is_behind(self.data)

    def index_steps(self) -> Iterator[bool]:
        """Index the log, in steps for the background thread."""
        while self._index.grow(self.data):
            yield False

    def number_of(self, offset: int) -> int | None:
        """Return the number of the line at ``offset``, from 1; None where it is not known yet."""
        try:
            number = self._index.lines_before(self.data, offset)
        except ClawtuiError:
            return None
        return None if number is None else number + 1

    def totals(self) -> Totals | None:
        """Return the numbers of lines, errors and warnings of the whole log; None while they are not counted."""
        try:
            levels, lines = self._index.levels(self.data), self._index.lines_before(self.data, self.data.end)
        except ClawtuiError:
            return None
        return None if levels is None or lines is None else Totals(lines, levels.errors, levels.warnings)

    def place_of(self, instant: datetime) -> int:
        """Return the offset of the first line written at ``instant`` or later; the end if there is none."""
        try:
            return start_at(self.data, instant)
        except ClawtuiError:
            return self.data.end

    def began(self) -> datetime | None:
        """Return the time in the first lines of the log; None if they have none."""
        try:
            return first_time(self.data)
        except ClawtuiError:
            return None
