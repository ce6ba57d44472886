"""One automation's configuration, ``config/<type>/<id>.json`` (design: Automation Configuration)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Annotated, Final, get_args, overload

from msgspec import Meta, Struct, ValidationError, convert
from pydantic import AfterValidator, Field, GetCoreSchemaHandler, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from clawtui.model.documents.base import (
    Document,
    Flag,
    Identifier,
    Known,
    Number,
    OneOf,
    RunStatus,
    Timestamp,
    utf16_length,
)
from clawtui.model.documents.fields import ReadByField
from clawtui.model.schedules.outlook import Due, NotUnderstood, Outlook, outlook

MAX_HISTORY = 100
"""The most runs in ``runHistory``."""
MAX_NAME = 100
"""The most UTF-16 code units of a name."""


class Schedule(Document):
    """When an automation is due: a cron line, an interval such as ``2h``, or one instant."""

    type: Annotated[str, OneOf(("cron", "interval", "at"))]
    value: str

    def outlook(self, after: datetime, zone: tzinfo | None) -> Outlook:
        """Return when it is due next after the last run; ``zone`` is that of the gateway's host, None if unknown."""
        return outlook(self.type, self.value, after, zone)


class RunResult(Document):
    """How one run ended."""

    timestamp: Timestamp
    """When it started."""
    status: Annotated[str, OneOf(get_args(RunStatus))]
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


_EXACT: Final = 2**53
"""The largest whole number up to which a float is exact."""


class _Recorded(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A run as the gateway records it: every field is valid, and there are no others."""

    timestamp: Annotated[datetime, Meta(tz=True)]
    status: RunStatus
    duration: Annotated[int, Meta(ge=-_EXACT, le=_EXACT)] | Annotated[float, Meta(ge=-_EXACT, le=_EXACT)]
    summary: str


_LONGEST_TIMESTAMP: Final = len("2025-01-26T10:30:00.123456Z")
"""msgspec rounds the digits beyond microseconds, and pydantic drops them."""
_FIRST_YEAR, _AFTER_LAST_YEAR = "0002", "9999"
"""Between these years a time in any zone is in the bounds of `Timestamp`."""


class RunHistory(Sequence[RunResult]):
    """A sequence of runs, each of which becomes a `RunResult` when it is used.

    A pydantic object takes five times the time and three times the memory of the `Struct` that is kept here. The table
    of automations uses few of the hundred runs of each.
    """

    __slots__ = ("_runs",)

    def __init__(self, runs: tuple[_Recorded, ...]) -> None:
        self._runs = runs

    def __len__(self) -> int:
        return len(self._runs)

    @overload
    def __getitem__(self, index: int) -> RunResult: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[RunResult, ...]: ...
    def __getitem__(self, index: int | slice) -> RunResult | tuple[RunResult, ...]:
        if isinstance(index, slice):
            return tuple(map(_result_of, self._runs[index]))
        return _result_of(self._runs[index])

    def __iter__(self) -> Iterator[RunResult]:
        return map(_result_of, self._runs)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, RunHistory):
            return self._runs == other._runs
        return tuple(self) == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))


def _result_of(run: _Recorded) -> RunResult:
    return RunResult(timestamp=run.timestamp, status=run.status, duration=run.duration, summary=run.summary)


def _recorded(raw: object) -> RunHistory | None:
    """Return the runs in a list as it was parsed; None if one of them has a form that pydantic has to judge."""
    if not isinstance(raw, list) or not 0 < len(raw) <= MAX_HISTORY:
        return None
    try:
        runs = convert(raw, tuple[_Recorded, ...])
        times: list[str] = [run["timestamp"] for run in raw]
        is_usual = max(map(len, times)) <= _LONGEST_TIMESTAMP
    except (ValidationError, TypeError):  # TypeError: a time that is no text but a datetime
        return None
    return RunHistory(runs) if is_usual and min(times) >= _FIRST_YEAR and max(times) < _AFTER_LAST_YEAR else None


class _Compact(Struct, frozen=True, eq=False):
    """A marker of a list of runs that become a `RunHistory` if all of them are as the gateway records them."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            _validated_history,
            handler.generate_schema(Annotated[tuple[RunResult, ...], Field(max_length=MAX_HISTORY)]),
            serialization=core_schema.wrap_serializer_function_ser_schema(lambda runs, write: write(tuple(runs))),
        )


def _validated_history(raw: object, validate: ValidatorFunctionWrapHandler) -> Sequence[RunResult]:
    recorded = _recorded(raw)
    if recorded is not None:
        return recorded
    judged: tuple[RunResult, ...] = validate(raw)
    return judged


def _require_short(name: str) -> str:
    if utf16_length(name) > MAX_NAME:
        raise PydanticKnownError("string_too_long", {"max_length": MAX_NAME})
    return name


class AutomationConfig(ReadByField):
    """The configuration of an automation, with its schedule and the results of its runs."""

    id: Identifier
    type: str
    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME), AfterValidator(_require_short)]
    description: str | None = None
    enabled: Known[Flag] = True
    schedule: Schedule
    config: Mapping[str, object]
    """The settings of the type, which are not validated here."""
    last_run: RunResult | None = None
    next_run: Timestamp | None = None
    run_history: Annotated[Sequence[RunResult], _Compact()]
    """Newest first."""
    created: Known[Timestamp]
    modified: Known[Timestamp]

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
