"""The view model of the log pane, and the styles in which it writes times."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from clawtui.model.fleet import LogTail
from clawtui.model.paths import DISPATCHER_LOGS, LOG_SUFFIX, parse_log_name
from clawtui.model.runs.judgement import GOING, RunState
from clawtui.model.runs.run import RunLines
from clawtui.model.text.units import rough_span, short_span
from clawtui.tui.panes.log.window import Between
from clawtui.tui.panes.timeline.lines import clock


class LogViewModel(Struct, frozen=True):
    """The log that the pane shows."""

    path: str | None = None
    """The log, relative to ``automations/``; None where the automation has none."""
    tail: LogTail | None = None
    """An object that is replaced after each change of the log; the pane reads the lines from the log itself."""
    automation_id: str | None = None
    """The automation whose lines are shown, where the log holds lines of several."""
    dispatcher: LogViewModel | None = None
    """The dispatcher's log, which a key shows instead."""
    state: RunState | None = None
    """The state of the run; None if it is not known, or for the dispatcher's log."""
    ended: datetime | None = None
    """When the run ended, if it has and that is known."""
    older: tuple[str, ...] = ()
    """The logs of earlier days, oldest first, whose lines come before those of ``path``."""
    run: RunLines | None = None
    """The run whose lines are shown, where the log holds lines of several runs."""
    has_gateway: bool = False
    """Whether the root is of a stock gateway, for the title where there is no log."""
    has_before: bool = False
    """Whether the previous run has a log, which the title names if this run has none."""
    title: str = ""
    """The title that replaces the file's name."""
    why_empty: str = ""
    """The sentence in the place of the lines where there are none without a filter; empty for none."""
    place: str = ""
    """The root of the log if several roots are shown; empty for a single root."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all logs, oldest first."""
        return () if self.path is None else (*self.older, self.path)

    @property
    def is_over(self) -> bool:
        """Whether the run has ended, so that no more lines are expected in its log."""
        return self.state is not None and self.state not in GOING

    @property
    def of_dispatcher(self) -> bool:
        """Whether the log is one of the dispatcher's."""
        return self.path is not None and self.path.startswith(f"logs/{DISPATCHER_LOGS}/")

    @property
    def of_gateway(self) -> bool:
        """Whether the log is that of a stock gateway, outside of the root."""
        return self.path is not None and self.path.startswith("/")

    @property
    def subject(self) -> tuple[str, str | None]:
        """The place and the automation of the log; equal for all runs of one automation."""
        folder, _, file = (self.path or "").rpartition("/")
        named = parse_log_name(file)
        return f"{self.place}/{folder}", self.automation_id or (named.automation_id if named is not None else None)

    @property
    def name(self) -> str:
        """The name of the log for the title."""
        if self.title:
            return self.title
        if self.path is None:
            if self.has_gateway:
                return "no log of the gateway here"
            none = "no run log" if self.is_over else "no run log yet"
            return f"{none} · [ shows that of the previous run" if self.has_before else none
        file = self.path.rpartition("/")[2]
        if self.of_gateway:
            if self.automation_id is None:
                return f"{file} · all"
            return f"{file} · this {'job' if self.run is None else 'run'}, 0 all"
        if self.older:
            file = f"{self.older[0].rpartition('/')[2].removesuffix(LOG_SUFFIX)} … {file}"
        return f"dispatcher {file}" if self.of_dispatcher else file


TimeStyle = Literal["clock", "since", "ago"]

STYLES: Final[tuple[TimeStyle, ...]] = ("clock", "since", "ago")
WIDTH: Final = 8


class Times(NamedTuple):
    """A style of times: the time of day in a time zone, the time since the log's first line, or how long ago."""

    style: TimeStyle = "clock"
    zone: tzinfo | None = None
    """The time zone; None for that of the machine."""
    origin: datetime | None = None
    """The start of the log for ``since``; the current time for ``ago``."""

    def text(self, instant: datetime) -> str:
        """Return ``instant`` as text in ``WIDTH`` cells."""
        if self.style == "clock" or self.origin is None:
            return f"{clock(instant, self.zone):>{WIDTH}}"
        if self.style == "since":
            return f"{'+' + short_span(instant - self.origin):>{WIDTH}}"
        return f"{rough_span(self.origin - instant) + ' ago':>{WIDTH}}"


_SET_BACK: Final = timedelta(minutes=1)
"""The smallest step back of the time that is shown in a row of its own; several writers cause smaller ones."""
_SAME: Final = timedelta(seconds=1)


def between(before: datetime, at: datetime, zone: tzinfo | None) -> Between:
    """Return the note between two lines for their times: a new day, another offset from UTC, or a clock set back."""
    last, now = before.astimezone(zone), at.astimezone(zone)
    late = before - at > _SAME
    if before - at >= _SET_BACK:
        return Between(f"{now:%Y-%m-%d}, {short_span(before - at)} earlier than the line above", late)
    offset = f"UTC{now.isoformat()[-6:] if now.utcoffset() else ''}"
    if now.date() != last.date():
        return Between(f"{now:%a %Y-%m-%d} {offset}", late)
    return Between(f"{offset} from here on" if now.utcoffset() != last.utcoffset() else "", late)
