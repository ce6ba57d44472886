"""The parts of messages about a log: the filter, the pattern, and the lines; and what they are on either side."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.model.documents.base import LogLevel, Timestamp
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.runs.run import RunLines
from clawtui.model.search.engine import InvalidPattern
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.pattern import Pattern
from clawtui.remote.messages.fields import MAX_TEXT, BadMessage, Message, Text


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
