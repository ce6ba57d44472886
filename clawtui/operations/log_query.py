"""Which lines of a log are wanted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, get_args

from pydantic_core import from_json

from clawtui.model.base import LogLevel
from clawtui.model.log_entry import AnyEntry, LogLine, RunLogEntry, parse_log_line

LEVELS: Final[tuple[LogLevel, ...]] = get_args(LogLevel)
"""From the least to the most urgent."""


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What a line must be for it to be wanted; None asks for nothing."""

    level: LogLevel | None = None
    """The least level."""
    phase: str | None = None
    pattern: re.Pattern[str] | None = None
    """Is found in the line as it stands in the file."""
    since: datetime | None = None

    @property
    def levels(self) -> tuple[LogLevel, ...]:
        """The levels that are wanted."""
        return LEVELS if self.level is None else LEVELS[LEVELS.index(self.level) :]

    @property
    def asks(self) -> bool:
        """Whether any line may be unwanted."""
        return any(wanted is not None for wanted in (self.level, self.phase, self.pattern, self.since))

    def read(self, text: str, kind: type[AnyEntry]) -> LogLine | None:
        """The line, where it is wanted. One that is no entry has no time, and its level and phase as it says them."""
        if self.pattern is not None and not self.pattern.search(text):
            return None
        if self.level is not None and not any(f'"{level}"' in text for level in self.levels):
            return None
        line = parse_log_line(text, kind)
        return line if self._wants(line) else None

    def _wants(self, line: LogLine) -> bool:
        entry = line.entry
        if entry is not None:
            level: object = entry.level
            phase: object = entry.phase if isinstance(entry, RunLogEntry) else None
            if self.since is not None and entry.timestamp < self.since:
                return False
        elif self.level is not None or self.phase is not None:
            said = _said(line.text)
            level, phase = said.get("level"), said.get("phase")
        else:
            return True
        return (self.level is None or level in self.levels) and (self.phase is None or phase == self.phase)


def _said(text: str) -> dict[str, object]:
    """What a line says that is no entry; nothing where it is no object."""
    try:
        value: object = from_json(text)
    except (ValueError, TypeError):  # TypeError: bytes that are no UTF-8
        return {}
    return value if isinstance(value, dict) else {}
