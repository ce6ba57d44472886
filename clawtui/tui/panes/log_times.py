"""How a log's times are told."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Final, Literal, NamedTuple

from clawtui.model.time import rough_span, short_span
from clawtui.tui.panes.timeline_lines import clock

TimeStyle = Literal["clock", "since", "ago"]

STYLES: Final[tuple[TimeStyle, ...]] = ("clock", "since", "ago")
WIDTH: Final = 8


class Times(NamedTuple):
    """The time of day where the operator is, the time since the log's first line, or how long ago it is."""

    style: TimeStyle = "clock"
    zone: tzinfo | None = None
    """None is the machine's."""
    origin: datetime | None = None
    """When the log begins, for ``since``; now, for ``ago``."""

    def tell(self, instant: datetime) -> str:
        """In WIDTH cells."""
        if self.style == "clock" or self.origin is None:
            return f"{clock(instant, self.zone):>{WIDTH}}"
        if self.style == "since":
            return f"{'+' + short_span(instant - self.origin):>{WIDTH}}"
        return f"{rough_span(self.origin - instant) + ' ago':>{WIDTH}}"
