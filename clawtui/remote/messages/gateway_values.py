"""The values of a stock gateway's store as parts of messages. Each is made of the value itself, and is one again.

What a store says has no bounds of its own. So both ends cut a text, a number, a time or a list that is beyond the
bounds here, instead of refusing it, and clean every text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

from pydantic import BeforeValidator, ConfigDict, FailFast, Field, PlainSerializer, PlainValidator

from clawtui.model.documents.base import EPOCH
from clawtui.model.gateway.owner import OwnerVerdict
from clawtui.model.gateway.report import GatewayCondition
from clawtui.model.gateway.run import RunStatus, Source
from clawtui.model.text.cleaning import clean, clean_lines
from clawtui.remote.messages.fields import MAX_FACTS, MAX_TEXT_FIELD, Message

MAX_DIAGNOSTICS: Final = 50
"""The most diagnostics of one run."""
_LATEST: Final = EPOCH + timedelta(seconds=2**34)
_LONGEST: Final = timedelta(seconds=2**32)
"""Times and spans beyond these could overflow in arithmetic."""
_LARGEST: Final = 2**62
_MICROSECOND: Final = timedelta(microseconds=1)


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return min(max(value, EPOCH), _LATEST)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**34 * 10**6:
        raise ValueError("it must be a number of microseconds since 1970")
    return EPOCH + timedelta(microseconds=value)


def _span(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return min(max(value, -_LONGEST), _LONGEST)
    if isinstance(value, bool) or not isinstance(value, int) or not abs(value) <= 2**32 * 10**6:
        raise ValueError("it must be a number of microseconds")
    return timedelta(microseconds=value)


def _line(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def _lines(value: object) -> object:
    if not isinstance(value, str) or (len(value) <= MAX_TEXT_FIELD and value.isascii() and value.isprintable()):
        return value
    return clean_lines(value[:MAX_TEXT_FIELD])[:MAX_TEXT_FIELD]


def _fitting(value: object) -> object:
    return max(-_LARGEST, min(value, _LARGEST)) if isinstance(value, int) else value


def first(count: int) -> BeforeValidator:
    """Return a validator that keeps the first ``count`` items of a list."""
    return BeforeValidator(lambda value: value[:count] if isinstance(value, tuple | list) else value)


def _known(literal: Any, other: str) -> BeforeValidator:
    """Return a validator that replaces a word that is not known, such as one of a newer side, by ``other``."""
    words = get_args(literal)
    return BeforeValidator(lambda value: value if value in words else other)


def _microseconds(zero: Any) -> Callable[[Any], int]:
    return lambda value: (value - zero) // _MICROSECOND


Instant = Annotated[datetime, PlainValidator(_instant), PlainSerializer(_microseconds(EPOCH), return_type=int)]
Span = Annotated[timedelta, PlainValidator(_span), PlainSerializer(_microseconds(timedelta(0)), return_type=int)]
Shown = Annotated[str, Field(max_length=MAX_TEXT_FIELD), BeforeValidator(_line)]
"""A text of one line."""
ShownLines = Annotated[str, Field(max_length=MAX_TEXT_FIELD), BeforeValidator(_lines)]
"""A text that may have several lines."""
Number = Annotated[int, Field(ge=-_LARGEST, le=_LARGEST), BeforeValidator(_fitting)]
ShownFacts = Annotated[tuple[Shown, ...], FailFast(), Field(max_length=MAX_FACTS), first(MAX_FACTS)]
Condition = Annotated[GatewayCondition, _known(GatewayCondition, "unknown")]
Diagnostics = Annotated[
    tuple[tuple[Instant | None, Shown, ShownLines], ...],
    FailFast(),
    Field(max_length=MAX_DIAGNOSTICS),
    first(MAX_DIAGNOSTICS),
]


class GatewayPart(Message):
    """A part of a message that has the fields of a value of the model."""

    model_config: ClassVar[ConfigDict] = ConfigDict(from_attributes=True)


class WireSchedule(GatewayPart):
    """A `Schedule`."""

    kind: Shown
    at: Instant | None = None
    every: Span | None = None
    anchor: Instant | None = None
    expression: Shown | None = None
    zone: Shown | None = None
    stagger: Span | None = None


class WireJobState(GatewayPart):
    """A `JobState`."""

    next_run: Instant | None = None
    running_at: Instant | None = None
    running_receipt: Shown | None = None
    queued_at: Instant | None = None
    last_run: Instant | None = None
    last_status: Shown | None = None
    last_duration: Span | None = None
    last_error: ShownLines | None = None
    last_error_reason: Shown | None = None
    last_summary: ShownLines | None = None
    last_delivery_status: Shown | None = None
    last_delivery_error: ShownLines | None = None
    consecutive_errors: Number = 0
    consecutive_skipped: Number = 0
    startup_catchup: Instant | None = None
    paced_next_run: Instant | None = None


class WireProblem(GatewayPart):
    """A `Problem`."""

    path: Shown
    message: Shown
    partial: bool = False


Problems = Annotated[tuple[WireProblem, ...], FailFast(), Field(max_length=MAX_FACTS), first(MAX_FACTS)]


class WireJob(GatewayPart):
    """A `Job`."""

    id: Shown
    name: Shown
    enabled: bool | None = None
    schedule: WireSchedule | None = None
    state: WireJobState = Field(default_factory=WireJobState)
    store_key: Shown = ""
    description: ShownLines | None = None
    payload_kind: Shown | None = None
    agent_id: Shown | None = None
    created: Instant | None = None
    updated: Instant | None = None
    has_trigger: bool = False
    path: Shown = ""
    problems: Problems = ()


class WireOwner(GatewayPart):
    """A `RunOwner`."""

    pid: Number
    start_ticks: Number | None = None
    host: Shown | None = None


class WireDelivery(GatewayPart):
    """A `Delivery`."""

    status: Shown | None = None
    error: ShownLines | None = None


class WireRun(GatewayPart):
    """A `GatewayRun`."""

    id: Shown
    job_id: Shown
    started: Instant
    status: Annotated[RunStatus, _known(RunStatus, "unknown")]
    source: Annotated[Source, _known(Source, "state")]
    finished: Instant | None = None
    error: ShownLines | None = None
    summary: ShownLines | None = None
    owner: WireOwner | None = None
    task_id: Shown | None = None
    task_status: Shown | None = None
    last_event: Instant | None = None
    delivery: WireDelivery | None = None
    session_key: Shown | None = None
    session_id: Shown | None = None
    model: Shown | None = None
    tokens: Number | None = None
    diagnostics: Diagnostics = ()


class WireLease(GatewayPart):
    """A `Lease`."""

    pid: Number | None = None
    host: Shown | None = None
    start_ticks: Number | None = None
    created: Instant | None = None
    heartbeat: Instant | None = None
    expires: Instant | None = None
    port: Number | None = None


class WireBoot(GatewayPart):
    """A `Boot`."""

    pid: Number | None = None
    started: Instant
    completed: Instant | None = None
    outcome: Shown | None = None
    reason: Shown | None = None


class WireLock(GatewayPart):
    """An `OwnedLock`."""

    kind: Annotated[Literal["gateway", "session"], _known(Literal["gateway", "session"], "session")]
    path: Shown
    pid: Number | None = None
    start_ticks: Number | None = None
    created: Instant | None = None
    max_hold: Span | None = None
    port: Number | None = None
    problem: Shown | None = None
    outside: bool = False


class WireJudgement(GatewayPart):
    """An `OwnerJudgement`."""

    verdict: Annotated[OwnerVerdict, _known(OwnerVerdict, "foreign")]
    facts: ShownFacts = ()
    last_sign: Instant | None = None
    host: Shown | None = None
