"""One automation's configuration, ``config/<type>/<id>.json`` (design: Automation Configuration)."""

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import Meta

from clawtui.model.checked.field_types import Flag, Identifier, Number, Timestamp, utf16_length
from clawtui.model.checked.markers import Checks, Known
from clawtui.model.documents.base import AnyRunStatus, Document
from clawtui.model.documents.fields import ReadByField
from clawtui.model.schedules.outlook import Due, NotUnderstood, Outlook, outlook

MAX_HISTORY = 100
"""The most runs in ``runHistory``."""
MAX_NAME = 100
"""The most UTF-16 code units of a name."""


if TYPE_CHECKING:
    _AnyScheduleType = str
else:
    _AnyScheduleType = Literal["cron", "interval", "at"]


class Schedule(Document):
    """When an automation is due: a cron line, an interval such as ``2h``, or one instant."""

    type: _AnyScheduleType
    value: str

    def outlook(self, after: datetime, zone: tzinfo | None) -> Outlook:
        """Return when it is due next after the last run; ``zone`` is that of the gateway's host, None if unknown."""
        return outlook(self.type, self.value, after, zone)


class RunResult(Document, gc=False, forbid_unknown_fields=True):
    """How one run ended."""

    timestamp: Timestamp
    """When it started."""
    status: AnyRunStatus
    duration: Known[Number]
    """Milliseconds."""
    summary: str

    @property
    def took(self) -> timedelta:
        """``duration`` as a span; zero if it is unknown or the number is too large for one."""
        if self.duration is None:
            return timedelta(0)
        try:
            return timedelta(milliseconds=max(0, self.duration))
        except OverflowError:
            return timedelta(0)


def _require_short(name: str) -> str:
    if utf16_length(name) > MAX_NAME:
        from pydantic_core import PydanticKnownError

        raise PydanticKnownError("string_too_long", {"max_length": MAX_NAME})
    return name


class AutomationConfig(ReadByField):
    """The configuration of an automation, with its schedule and the results of its runs."""

    id: Identifier
    type: str
    name: Annotated[str, Meta(min_length=1, max_length=MAX_NAME), Checks(_require_short)]
    description: str | None = None
    enabled: Known[Flag] = True
    schedule: Schedule
    config: Mapping[str, object]
    """The settings of the type, which are not validated here."""
    last_run: RunResult | None = None
    next_run: Timestamp | None = None
    run_history: Annotated[tuple[RunResult, ...], Meta(max_length=MAX_HISTORY)]
    """Newest first."""
    created: Known[Timestamp]
    modified: Known[Timestamp]

    def usual(self) -> bool:
        """Return whether the name is short by JavaScript's count too."""
        return utf16_length(self.name) <= MAX_NAME

    @property
    def latest_run(self) -> RunResult | None:
        """The last run that ended: ``lastRun``, or the first of ``runHistory``; None also if ``lastRun`` is unknown."""
        if not self.knows("last_run"):
            return None
        return self.last_run or (self.run_history[0] if self.run_history else None)

    def outlook(self, zone: tzinfo | None) -> Outlook | None:
        """Return when it is due next: ``nextRun``, else by the schedule; None if it is disabled.

        A ``nextRun`` that is not after the start of the last run is ignored: it is that of the last run.

        Args:
            zone: The zone of the gateway's host; None if it is unknown.
        """
        if not self.enabled:
            return None
        for name, why in _NEEDED.items():
            if (raw := self.raw_text(name)) is not None:
                return NotUnderstood(raw, why)
        last = self.latest_run.timestamp if self.latest_run else None
        if self.next_run is not None and (last is None or self.next_run > last):
            return Due(self.next_run)
        after = last or self.created
        if after is None:
            return NotUnderstood(self.raw_text("created") or "", "when it was created is not known")
        return self.schedule.outlook(after, zone)


_NEEDED = {
    "next_run": "nextRun is no time",
    "last_run": "when it last ran is not known",
    "schedule": "a schedule is an object with a type and a value",
}
"""The fields without which it is unknown when an automation is due, by their names in Python."""
