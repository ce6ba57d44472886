"""The parts of messages about a log: the filter, the pattern, the lines and their origins; and what they become."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Final

from pydantic import FailFast, Field

from clawtui.model.checked.field_types import Timestamp
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.runs.run import RunLines
from clawtui.model.search.engine import InvalidPattern
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Origin
from clawtui.model.search.pattern import Pattern
from clawtui.remote.messages.fields import MAX_TEXT, BadMessage, Count, Line, Message, Text

MAX_PAGE: Final = 1000
"""The most lines of one page on either side of its offset."""
_MAX_NAME: Final = 256
_MAX_PATH: Final = 1024
"""The most characters of an id, and of the path of a log of a run or of the dispatcher."""

Lines = Annotated[tuple[tuple[Count, Count, Line], ...], FailFast(), Field(max_length=2 * MAX_PAGE)]
"""Lines by the offset of each, that of the next line, and the text without its newline."""


class WirePattern(Message):
    """A pattern that is searched for."""

    text: Text
    source: Text
    ignore_case: bool


class WireRun(Message):
    """A run whose lines are selected, in a log that also has lines of other runs."""

    automation_id: Text
    session_id: Text | None = None
    since: Timestamp
    until: Timestamp | None = None


class WireQuery(Message):
    """The conditions under which a line is shown."""

    level: LogLevel | None = None
    phase: Text | None = None
    pattern: WirePattern | None = None
    automation_id: Text | None = None
    run: WireRun | None = None
    of_gateway: bool = False


class WireSource(Message):
    """A log of which lines are on a page, with the automation that they are about."""

    name: Annotated[str, Field(max_length=_MAX_NAME)]
    path: Annotated[str, Field(max_length=_MAX_PATH)]
    of_dispatcher: bool = False
    about: Annotated[str, Field(max_length=_MAX_NAME)] | None = None


_LineSource = tuple[Count, Timestamp, Count]
"""The index of a source, the time of a line, and how many times in a row the log repeats it."""


class WireOrigins(Message):
    """The origins of the lines of a page, in their order; None for a line whose origin is not known."""

    sources: Annotated[tuple[WireSource, ...], FailFast(), Field(max_length=2 * MAX_PAGE)] = ()
    lines: Annotated[tuple[_LineSource | None, ...], FailFast(), Field(max_length=2 * MAX_PAGE)] = ()


def wire_query(query: LogQuery) -> WireQuery:
    """Return the conditions as they are sent."""
    run = None if query.run is None else WireRun(**query.run._asdict())
    return WireQuery(
        level=query.level,
        phase=query.phase,
        pattern=wire_pattern(query.pattern),
        automation_id=query.automation_id,
        run=run,
        of_gateway=query.of_gateway,
    )


def query_of(wire: WireQuery) -> LogQuery:
    """Return the conditions that were sent."""
    run = None if wire.run is None else RunLines(**dict(wire.run))
    return LogQuery(
        wire.level,
        wire.phase,
        pattern_of(wire.pattern),
        automation_id=wire.automation_id,
        run=run,
        of_gateway=wire.of_gateway,
    )


def wire_pattern(pattern: Pattern | None) -> WirePattern | None:
    """Return the pattern as it is sent."""
    if pattern is None:
        return None
    return WirePattern(text=pattern.text, source=pattern.source, ignore_case=pattern.ignore_case)


def pattern_of(wire: WirePattern | None) -> Pattern | None:
    """Return the pattern that was sent; one that the engine here does not know is the text itself."""
    if wire is None:
        return None
    pattern = Pattern(wire.text, wire.source, wire.ignore_case)
    try:
        _ = pattern.searcher
    except InvalidPattern:
        return Pattern.literal(wire.text)
    return pattern


def wire_line(line: RawLine) -> tuple[int, int, str]:
    """Return a line as it is sent, with bytes that are not UTF-8 replaced: JSON cannot have them."""
    return line.start, line.end, line.text.decode("utf-8", "replace")[:MAX_TEXT]


def lines_of(page: Sequence[tuple[int, int, str]], start: int, stop: int) -> list[RawLine]:
    """Return the lines that were sent for the range. Raises BadMessage for lines that cannot be in it in that order."""
    lines: list[RawLine] = []
    at = start
    for begin, end, text in page:
        if not at <= begin < end <= stop or "\n" in text:
            raise BadMessage("it sent lines of a log that cannot be there")
        lines.append(RawLine(begin, end, text.encode("utf-8", "replace")))
        at = end
    return lines


def wire_origins(origins: Iterable[Origin | None]) -> WireOrigins:
    """Return the origins of lines as they are sent: each log once."""
    sources: dict[tuple[object, ...], int] = {}
    named: list[WireSource] = []
    lines: list[tuple[int, datetime, int] | None] = []
    for origin in origins:
        if origin is None:
            lines.append(None)
            continue
        index = sources.setdefault(origin[:4], len(named))
        if index == len(named):
            named.append(_wire_source(origin))
        lines.append((index, origin.at, origin.times))
    return WireOrigins(sources=tuple(named), lines=tuple(lines))


def origins_of(wire: WireOrigins, count: int) -> list[Origin | None]:
    """Return the origins of ``count`` lines that were sent. Raises BadMessage where they are not those of the lines."""
    if len(wire.lines) != count:
        raise BadMessage("it sent lines of a log without their origins")
    origins: list[Origin | None] = []
    for line in wire.lines:
        if line is None:
            origins.append(None)
            continue
        index, at, times = line
        if index >= len(wire.sources):
            raise BadMessage("it sent lines of a log that it does not name")
        source = wire.sources[index]
        origins.append(Origin(source.name, source.path, source.of_dispatcher, source.about, at, times))
    return origins


def _wire_source(origin: Origin) -> WireSource:
    about = origin.automation_id
    return WireSource(
        name=_short(origin.source, _MAX_NAME),
        path=_short(origin.path, _MAX_PATH),
        of_dispatcher=origin.of_dispatcher,
        about=None if about is None else _short(about, _MAX_NAME),
    )


def _short(text: str, most: int) -> str:
    """Return a text of a bounded length, with bytes that are not UTF-8 replaced: JSON cannot have them."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:most]
