"""Lines of the JSONL logs (design: Log Storage), and their levels in every spelling that loggers write.

The design has four levels. Other loggers write upper case, other words, or numbers: those of pino and bunyan (10 to
60), or those of tslog (0 to 6), which the gateway's own logger uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Final, Literal, NamedTuple, get_args

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.checked.field_types import Number, Timestamp
from clawtui.model.checked.json_value import parsed_json
from clawtui.model.checked.markers import Expected
from clawtui.model.checked.reading import from_json, refused
from clawtui.model.documents.base import Document, LogLevel, RunStatus
from clawtui.model.documents.validation_text import explain
from clawtui.model.text.cleaning import replace_lone_surrogates

if TYPE_CHECKING:
    from pydantic_core import CoreSchema

LEVELS: Final[tuple[LogLevel, ...]] = get_args(LogLevel)
"""From the lowest to the highest."""

_WORDS: Final[Mapping[LogLevel, str]] = {
    "debug": "debug dbg trace silly verbose fine finer finest d t",
    "info": "info inf information informational notice log success i",
    "warn": "warn wrn warning w",
    "error": "error err fatal ftl critical crit severe alert emerg emergency panic failure e f",
}
_BY_WORD: Final[Mapping[str, LogLevel]] = {word: level for level, words in _WORDS.items() for word in words.split()}
_TSLOG: Final[tuple[LogLevel, ...]] = ("debug", "debug", "debug", "info", "warn", "error", "error")


def level_of(value: object) -> LogLevel | None:
    """Return the level that ``value``, a text or a number, means; None if it is not understood."""
    if isinstance(value, str):
        return _level_of_text(value) if len(value) <= 20 else None
    return None if isinstance(value, bool) or not isinstance(value, int | float) else _level_of_number(value)


@lru_cache(maxsize=64)
def _level_of_text(text: str) -> LogLevel | None:
    word = text.strip().strip("[]<>:").lower()
    return _level_of_number(int(word)) if word.isascii() and word.isdigit() else _BY_WORD.get(word)


def _level_of_number(number: float) -> LogLevel | None:
    if 0 <= number <= 6:
        return _TSLOG[int(number)]
    if not 10 <= number <= 100:
        return None
    return "debug" if number < 30 else "info" if number < 40 else "warn" if number < 50 else "error"


Phase = Literal["init", "workspace", "git", "merge", "conflict", "resolution", "pr", "complete", "cleanup"]


def _spelled(value: object) -> LogLevel:
    level = level_of(value)
    if level is None:
        raise ValueError("no level")
    return level


def _level_schema() -> CoreSchema:
    from pydantic_core import core_schema

    return core_schema.union_schema(
        [core_schema.literal_schema([*LEVELS]), core_schema.no_info_plain_validator_function(_spelled)],
        mode="left_to_right",
    )


EntryLevel = Annotated[LogLevel, Expected("debug, info, warn or error", _level_schema)]
"""A level in any spelling, also as a number; the value is one of the design's four."""


class DispatcherLogEntry(Document):
    """One line of the dispatcher's log."""

    timestamp: Timestamp
    level: EntryLevel
    event: str
    automation_id: str | None = None
    session_id: str | None = None
    reason: str | None = None
    error: str | None = None
    automations_count: Number | None = None
    due_count: Number | None = None
    dispatched: Number | None = None
    skipped: Number | None = None
    duration: Number | None = None


class RunLogEntry(Document):
    """One line of a run's log."""

    timestamp: Timestamp
    level: EntryLevel
    phase: Phase
    message: str
    automation_id: str
    session_id: str | None = None
    workspace_dir: str | None = None
    repository: str | None = None
    upstream: str | None = None
    branch: str | None = None
    depth: Number | None = None
    file: str | None = None
    hunks: Number | None = None
    confidence: Number | None = None
    total: Number | None = None
    resolved: Number | None = None
    pr_number: Number | None = None
    pr_url: str | None = None
    status: RunStatus | None = None
    duration: Number | None = None
    error: str | None = None


AnyEntry = RunLogEntry | DispatcherLogEntry


class LogLine(Struct, frozen=True):
    """One line of a log: its entry, or why it is invalid."""

    text: str
    """The line without its newline; a lone surrogate in a valid entry is replaced by U+FFFD."""
    entry: AnyEntry | None
    fault: str | None

    @property
    def fields(self) -> Mapping[str, object]:
        """The keys other than time, level, phase or event, message, automation and session, in the line's order."""
        if self.entry is None:
            return {}
        content = _object(self.text)
        columns = _COLUMNS[type(self.entry)]
        return {name: value for name, value in content.items() if name not in columns}


def _object(text: str) -> Mapping[str, object]:
    value = parsed_json(text)
    assert isinstance(value, dict)
    return value


_SHARED_COLUMNS = frozenset({"timestamp", "level", "automationId", "sessionId"})
_COLUMNS: Mapping[type[AnyEntry], frozenset[str]] = {
    RunLogEntry: _SHARED_COLUMNS | {"phase", "message"},
    DispatcherLogEntry: _SHARED_COLUMNS | {"event"},
}


def parse_log_line(text: str, kind: type[AnyEntry] = RunLogEntry) -> LogLine:
    """Return the line's entry; an invalid line keeps its text and says why it is invalid (errata 12)."""
    try:
        return LogLine(text, from_json(kind, text), None)
    except refused() as error:
        repaired = replace_lone_surrogates(text)
        if repaired == text:
            return LogLine(text, None, explain(error))
    line = parse_log_line(repaired, kind)
    return line if line.entry is not None else replace(line, text=text)


class RawLine(NamedTuple):
    """One complete line."""

    start: int
    """Its offset in the log, in bytes."""
    end: int
    """The offset of the next line."""
    text: bytes
    """The line without its newline; of a very long line only the beginning, with a mark."""

    def decoded(self) -> str:
        """Return the line as text; invalid UTF-8 becomes surrogates, which `clean` makes visible."""
        return self.text.decode("utf-8", "surrogateescape")
