"""The conditions under which a line of a log is shown."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import AnyEntry, LogLine, parse_log_line
from clawtui.model.gateway.log_entry import gateway_job_filter, gateway_level_filter, gateway_run_filter
from clawtui.model.runs.run import RunLines
from clawtui.model.search.field_filter import field_filter, level_filter
from clawtui.model.search.line_filter import LineFilter, all_of, line_fields, pattern_filter
from clawtui.model.search.pattern import Pattern
from clawtui.model.text.units import zoned_instant


class LogQuery(Struct, frozen=True):
    """Conditions on a line, all of which must hold; None means no condition."""

    level: LogLevel | None = None
    """The lowest level; a line without one, or with one that is not understood, passes."""
    phase: str | None = None
    pattern: Pattern | None = None
    """It is matched with the line as it is in the file."""
    since: datetime | None = None
    automation_id: str | None = None
    """The automation that the line is about, in a log of several."""
    run: RunLines | None = None
    """The run of that automation whose lines are selected; None for all runs."""
    of_gateway: bool = False
    """Whether the log is that of a stock gateway, whose entries have another form."""

    @property
    def asks(self) -> bool:
        """Whether there is any condition."""
        return self != LogQuery()

    def line_filter(self) -> LineFilter | None:
        """Return the query, without the time, as a filter of lines as they are in the file; None if all lines pass.

        A line that is not a valid entry is tested by the level, phase and automation that are in it. A missing or
        unknown value is no reason to hide it: it may be the last line of a crash.
        """
        filters = []
        if self.pattern is not None:
            filters.append(pattern_filter(self.pattern))
        if self.level is not None:
            filters.append((gateway_level_filter if self.of_gateway else level_filter)(self.level))
        if self.phase is not None:
            filters.append(field_filter("phase", self.phase))
        if self.run is not None:
            filters.append((gateway_run_filter if self.of_gateway else _run_filter)(self.run))
        elif self.automation_id is not None:
            by_field = field_filter("automationId", self.automation_id)
            filters.append(gateway_job_filter(self.automation_id) if self.of_gateway else by_field)
        return all_of(filters)

    def parse(self, line: bytes, kind: type[AnyEntry]) -> LogLine | None:
        """Return a line that passed the filter, parsed; None if it is blank or older than `since`.

        A line that is not a valid entry has no time and is never too old.
        """
        if not line or line.isspace():
            return None
        parsed = parse_log_line(line.decode("utf-8", "surrogateescape"), kind)
        if self.since is not None and parsed.entry is not None and parsed.entry.timestamp < self.since:
            return None
        return parsed


def _run_filter(run: RunLines) -> LineFilter:
    """Return a filter for the lines of one run; a line without an automation or a time passes."""
    of_automation = field_filter("automationId", run.automation_id)

    def holds(line: bytes) -> bool:
        if not of_automation.holds(line):
            return False
        content = line_fields(line)
        session_id, written = content.get("sessionId"), content.get("timestamp")
        at = zoned_instant(written)
        if at is None or content.get("automationId") != run.automation_id:
            return True
        return run.holds(run.automation_id, session_id if isinstance(session_id, str) else None, at)

    return LineFilter(holds, of_automation.searchers)
