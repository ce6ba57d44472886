"""The messages about a log that is read and searched on the host of a root: a page, a match, and the counts travel.

A dashboard opens a log under an ``id`` and gives each filter and each search a number; the agent repeats these numbers
in its answers, so that an answer about an earlier one is known for what it is. Offsets are in bytes of the log there.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import FailFast, Field

from clawtui.model.checked.field_types import Timestamp
from clawtui.model.search.log_results import Sought, Work
from clawtui.remote.messages.fields import Count, Line, Message, Path, Text
from clawtui.remote.messages.log_parts import MAX_PAGE, Lines, WireOrigins, WirePattern, WireQuery

MAX_PARTS: Final = 400
"""The most logs that are read as one."""

Doing = Literal["", "looking", "filtering", "searching"]
Parts = Annotated[tuple[Path, ...], FailFast(), Field(min_length=1, max_length=MAX_PARTS)]
PageSize = Annotated[int, Field(ge=0, le=MAX_PAGE)]


class LogRequest(Message):
    """A request about the log that was opened under ``id``."""

    id: Count


class Opening(LogRequest):
    """A request to open a log, with the filter and the search that are in force."""

    view: Count = 0
    search: Count = 0
    query: WireQuery = WireQuery()
    pattern: WirePattern | None = None


class OpenLog(Opening):
    """Open the logs at ``paths`` below ``automations/`` as one."""

    type: Literal["log-open"] = "log-open"
    paths: Parts


class OpenAllLogs(Opening):
    """Open the logs of the dispatcher and of all runs since an instant, merged by time.

    An agent that knows this request has said ``merges_logs`` in its first message.
    """

    type: Literal["log-open-all"] = "log-open-all"
    since: Timestamp


class CloseLog(LogRequest):
    """Close a log."""

    type: Literal["log-close"] = "log-close"


class FilterLog(LogRequest):
    """Show only the lines that pass a query from now on; ``view`` is the number of this filter."""

    type: Literal["log-filter"] = "log-filter"
    view: Count
    query: WireQuery
    near: Count = 0


class SearchLog(LogRequest):
    """Search for a pattern from now on, or for none; ``search`` is the number of this search."""

    type: Literal["log-search"] = "log-search"
    search: Count
    pattern: WirePattern | None = None
    near: Count = 0


class StopLog(LogRequest):
    """Stop the search that is going on, and keep what was found."""

    type: Literal["log-stop"] = "log-stop"


class WantPage(LogRequest):
    """Send the visible lines on both sides of an offset; the answer repeats the number ``ask``."""

    type: Literal["log-lines"] = "log-lines"
    ask: Count
    offset: Count
    before: PageSize
    after: PageSize


class WantNearest(LogRequest):
    """Look for the first line of a kind from an offset on, or for the last one before it."""

    type: Literal["log-nearest"] = "log-nearest"
    what: Sought
    offset: Count
    forward: bool


class WantPlace(LogRequest):
    """The question for the offset of the first line of a time."""

    type: Literal["log-place"] = "log-place"
    at: Timestamp


class WantNumber(LogRequest):
    """Say which number the line at an offset has among all lines, and among the matches."""

    type: Literal["log-number"] = "log-number"
    offset: Count


class LogAnswer(LogRequest):
    """An answer, about the log as it was at its ``beginning``, under the filter and the search with these numbers."""

    view: Count
    search: Count
    beginning: Count


class LogState(LogAnswer):
    """The extent of a log, and how far it has been searched."""

    type: Literal["log-state"] = "log-state"
    end: Count
    unfinished: bool = False
    problem: Text | None = None
    began: Timestamp | None = None
    totals: tuple[Count, Count, Count] | None = None
    """The numbers of lines, errors and warnings."""
    hits: Count = 0
    searched: bool = True
    """Whether ``hits`` is the number for the whole log."""
    doing: Doing = ""
    progress: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    left_out: Count | None = None
    """Of merged logs, the number of those that are too large to be read from the instant on."""
    unread: Text | None = None
    """Of merged logs, why one of them cannot be read."""


class LogPage(LogAnswer):
    """All visible lines from ``start`` to ``stop``, the answer to the request ``ask``; without that, new ones."""

    type: Literal["log-page"] = "log-page"
    ask: Count | None = None
    start: Count
    stop: Count
    lines: Lines = ()
    origins: WireOrigins | None = None
    """The origins of the lines of merged logs."""


class LogFound(LogAnswer):
    """The line that was searched; None if there is none."""

    type: Literal["log-found"] = "log-found"
    what: Sought
    offset: Count
    forward: bool
    line: tuple[Count, Count, Line] | None = None


class LogPlace(LogAnswer):
    """The offset of the first line of a time."""

    type: Literal["log-at"] = "log-at"
    at: Timestamp
    offset: Count


class LogNumber(LogAnswer):
    """The number of a line, and the number of the match that it is, as far as they are known."""

    type: Literal["log-numbered"] = "log-numbered"
    offset: Count
    number: Count | None = None
    rank: Count | None = None


LogRequests = (
    OpenLog | OpenAllLogs | CloseLog | FilterLog | SearchLog | StopLog | WantPage | WantNearest | WantPlace | WantNumber
)
LogAnswers = LogState | LogPage | LogFound | LogPlace | LogNumber


def work_of(state: LogState) -> Work:
    """Return the work that is going on there."""
    return Work(state.doing, state.progress)
