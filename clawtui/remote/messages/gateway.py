"""The messages with the store of a stock gateway: its jobs and runs, what else is in it, and the verdicts on it.

Jobs and runs are sent before the `GatewayStore` that they belong to; with that message the state is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final, Literal, TypeVar

from msgspec import Struct
from pydantic import FailFast, Field

from clawtui.model.documents.base import Problem
from clawtui.model.gateway.job import Job, JobState
from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.run import Delivery, GatewayRun, RunOwner
from clawtui.model.gateway.schedule import Schedule
from clawtui.model.gateway.state import StoreKind
from clawtui.remote.messages.fields import MAX_NAMES, MAX_TEXT, Message
from clawtui.remote.messages.gateway_values import (
    Condition,
    GatewayPart,
    Instant,
    Number,
    Problems,
    Shown,
    ShownFacts,
    WireBoot,
    WireJob,
    WireJudgement,
    WireLease,
    WireLock,
    WireProblem,
    WireRun,
    first,
)

STORE: Final = 1
"""The version of these messages. It changes when an older dashboard could not show the store; 0: they are not sent."""

MAX_RUNS: Final = 1000
"""The most runs of one job."""
MAX_JUDGED: Final = 1000
"""The most runs, and the most locks, that are judged."""
_MOST_BOOTS: Final = 50

_NO_FACTS: Final = ("no reason was sent",)
"""The facts of a verdict that has none, which only a broken agent sends."""

P = TypeVar("P", bound=GatewayPart)
S = TypeVar("S", bound=Struct)
T = TypeVar("T")

_MANY: Final = Field(max_length=MAX_NAMES)
_FEW: Final = Field(max_length=MAX_JUDGED)
Ids = Annotated[tuple[Shown, ...], FailFast(), _MANY]
Runs = Annotated[tuple[WireRun, ...], FailFast(), _MANY]
RunIds = Annotated[tuple[Shown, ...], FailFast(), Field(max_length=MAX_RUNS)]


class GatewayJobs(Message):
    """Jobs that are new or have changed, and the ids of those that are gone."""

    type: Literal["gateway-jobs"] = "gateway-jobs"
    jobs: Annotated[tuple[WireJob, ...], FailFast(), _MANY] = ()
    gone: Ids = ()


class GatewayRuns(Message):
    """Runs that are new or have changed, of any job. `GatewayOrder` says where they belong."""

    type: Literal["gateway-runs"] = "gateway-runs"
    runs: Runs = ()


class GatewayOrder(Message):
    """The ids of the runs that some jobs have now, newest first; of a job without runs none."""

    type: Literal["gateway-order"] = "gateway-order"
    jobs: Annotated[tuple[tuple[Shown, RunIds], ...], FailFast(), _MANY] = ()


class GatewayStore(GatewayPart):
    """The rest of a `GatewayState`, which is complete with it."""

    type: Literal["gateway-store"] = "gateway-store"
    root: Shown
    kind: StoreKind
    lease: WireLease | None = None
    boots: Annotated[tuple[WireBoot, ...], FailFast(), Field(max_length=_MOST_BOOTS), first(_MOST_BOOTS)] = ()
    locks: Annotated[tuple[WireLock, ...], FailFast(), _FEW, first(MAX_JUDGED)] = ()
    problems: Problems = ()
    app_version: Shown | None = None
    schema_version: Number | None = None
    newest_known_schema: Number | None = None
    has_receipts: bool = False
    log: Shown | None = None
    is_complete: bool = True
    as_of: Instant | None = None
    """When it was read, if there is a newer state that cannot be read."""


class OwnerVerdictOf(WireJudgement):
    """The verdict on the owner of a run, by its id, or of a lock, by its path."""

    of: Shown


Verdicts = Annotated[tuple[OwnerVerdictOf, ...], FailFast(), _FEW]


class GatewayVerdicts(Message):
    """The verdicts of the host of a gateway on its runs, its locks and itself, at one time of the clock there."""

    type: Literal["gateway-verdicts"] = "gateway-verdicts"
    at: Instant
    condition: Condition
    condition_facts: ShownFacts = ()
    owners: Verdicts = ()
    locks: Verdicts = ()
    zone: Shown | None = None
    """The name of the time zone of the gateway's host; None if it has none, or is unknown."""
    offset: Annotated[int, Field(gt=-24 * 60, lt=24 * 60)] | None = None
    """The minutes by which the zone is ahead of UTC now; None if it is unknown."""
    prefix: Annotated[tuple[Shown, ...], FailFast(), Field(max_length=10)] = ()
    """The first words of the gateway's own commands for this root."""


GatewayMessage = GatewayJobs | GatewayRuns | GatewayOrder | GatewayStore | GatewayVerdicts


def job_of(wire: WireJob) -> Job:
    """Return the job that was sent."""
    schedule = None if wire.schedule is None else value_of(Schedule, wire.schedule)
    state, problems = value_of(JobState, wire.state), problems_of(wire.problems)
    return value_of(Job, wire, schedule=schedule, state=state, problems=problems)


def run_of(wire: WireRun) -> GatewayRun:
    """Return the run that was sent."""
    owner = None if wire.owner is None else value_of(RunOwner, wire.owner)
    delivery = None if wire.delivery is None else value_of(Delivery, wire.delivery)
    return value_of(GatewayRun, wire, owner=owner, delivery=delivery)


def problems_of(wire: Iterable[WireProblem]) -> tuple[Problem, ...]:
    """Return the problems that were sent."""
    return tuple(Problem(each.path, each.message, each.partial) for each in wire)


def owner_judgement(wire: WireJudgement) -> OwnerJudgement:
    """Return the verdict that was sent."""
    return OwnerJudgement(wire.verdict, wire.facts or _NO_FACTS, wire.last_sign, wire.host)


def value_of(kind: type[S], wire: GatewayPart, **others: object) -> S:
    """Return the value of ``kind`` with the fields of ``wire``; ``others`` are fields that are parts themselves."""
    return kind(**{**wire.__dict__, **others})


def characters(part: object) -> int:
    """Return how many characters the texts in a part of a message have."""
    if isinstance(part, str):
        return len(part)
    parts = part.__dict__.values() if isinstance(part, Message) else part if isinstance(part, tuple) else ()
    return sum(len(each) if isinstance(each, str) else characters(each) for each in parts if each is not None)


def pieces(parts: Iterable[T], most: int = MAX_NAMES, room: int = MAX_TEXT) -> Iterator[tuple[T, ...]]:
    """Yield parts of messages in tuples of at most ``most`` parts with ``room`` characters, or of one part."""
    held: list[T] = []
    left = room
    for part in parts:
        size = characters(part)
        if held and (size > left or len(held) == most):
            yield tuple(held)
            held, left = [], room
        held.append(part)
        left -= size
    if held:
        yield tuple(held)


def part_of(kind: type[P], value: Any) -> P:
    """Return a value of the model as a part of a message, cut to the bounds of that."""
    return kind.model_validate(value)
