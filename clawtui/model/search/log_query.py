"""Which lines of a log are wanted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import AnyEntry, LogLine, parse_log_line
from clawtui.model.search.line_filter import LineFilter, all_of, found, says

LEVELS: Final[tuple[LogLevel, ...]] = get_args(LogLevel)
"""From the least to the most urgent."""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What a line must be for it to be wanted; None asks for nothing. All that is asked must hold."""

    level: LogLevel | None = None
    """The least level."""
    phase: str | None = None
    pattern: re.Pattern[str] | None = None
    """Is found in the line as it stands in the file."""
    since: datetime | None = None
    automation_id: str | None = None
    """Whose lines are wanted, where a log has those of several."""

    @property
    def levels(self) -> tuple[LogLevel, ...]:
        """The levels that are wanted."""
        return LEVELS if self.level is None else LEVELS[LEVELS.index(self.level) :]

    @property
    def asks(self) -> bool:
        """Whether any line may be unwanted."""
        return self != LogQuery()

    def test(self, allowance: float = math.inf) -> LineFilter | None:
        """The query as a test of lines as they stand in the file, but for the time; None where any line will do.

        A line that is no entry has its level, phase and automation as it says them. All lines on which the pattern
        takes long may take ``allowance`` seconds together.
        """
        tests = []
        if self.pattern is not None:
            tests.append(found(self.pattern, allowance))
        if self.level is not None:
            tests.append(says("level", self.levels))
        if self.phase is not None:
            tests.append(says("phase", (self.phase,)))
        if self.automation_id is not None:
            tests.append(says("automationId", (self.automation_id,)))
        return all_of(tests)

    def reader(self, kind: type[AnyEntry]) -> Callable[[bytes], LogLine | None]:
        """Reads a line as it stands in the file, where it is wanted; blank ones never are.

        One that is no entry has no time. A line is parsed only where it may be wanted. It raises TooSlow.
        """
        test = self.test()
        since = self.since

        def read(line: bytes) -> LogLine | None:
            if not line or line.isspace() or (test is not None and not test.admits(line)):
                return None
            parsed = parse_log_line(line.decode("utf-8", "surrogateescape"), kind)
            if since is not None and parsed.entry is not None and parsed.entry.timestamp < since:
                return None
            return parsed

        return read
