"""Metrics of a state directory, in the form of Prometheus. The values of every label are of a known, small set."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, get_args

from msgspec import Struct, field

from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.run_state import Status
from clawtui.model.runs.judgement import RunState

PREFIX: Final = "clawtui_"
QUANTILES: Final = (0.5, 0.9, 1.0)

_STATUSES: Final[tuple[Status, ...]] = get_args(Status)
_RUN_STATES: Final[tuple[RunState, ...]] = get_args(RunState)


class RunFact(NamedTuple):
    """The facts about one run that metrics need."""

    status: RunState
    started: datetime
    took: timedelta | None


class MetricFacts(Struct, frozen=True):
    """The facts of a root of any kind, from which its metrics are computed. What is unknown is None."""

    root: str
    kind: str
    version: str
    """Of clawtui."""
    now: datetime
    automations: Sequence[Status]
    """The status of each."""
    runs: Sequence[RunFact]
    """Those on record and those in progress."""
    verdicts: Mapping[str, int]
    """How many locks have each verdict."""
    expired: int
    problems: int
    findings: Sequence[Finding] = ()
    used_slots: int | None = None
    max_slots: int | float | None = None
    dispatcher_enabled: bool | None = None
    last_dispatch: datetime | None = None
    gateway_up: bool | None = None


class Sample(Struct, frozen=True):
    """One value, with its labels."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


class Metric(Struct, frozen=True):
    """One metric. All of them are gauges: the files on disk cover a limited time, so counts also fall."""

    name: str
    help: str
    samples: tuple[Sample, ...]

    @property
    def type(self) -> Literal["gauge"]:
        """The type in Prometheus' text format."""
        return "gauge"


def metrics_of(facts: MetricFacts) -> tuple[Metric, ...]:
    """Return the metrics; one that is unknown is missing. Every sample has the root as a label."""
    return tuple(
        Metric(PREFIX + name, text, tuple(Sample(one.value, {"root": facts.root, **one.labels}) for one in samples))
        for name, text, samples in _metrics(facts)
        if samples
    )


_Row = tuple[str, str, Sequence[Sample]]


def _metrics(facts: MetricFacts) -> Iterator[_Row]:
    yield "info", "The version of clawtui and the kind of root.", _info(facts)
    yield "automations", "Automations by status.", _counted("status", _STATUSES, facts.automations)
    yield from _runs(facts)
    verdicts = [Sample(facts.verdicts.get(verdict, 0), {"verdict": verdict}) for verdict in MEANING]
    yield "locks", "Locks by the verdict on their holder.", verdicts
    yield "locks_expired", "Locks older than the lock timeout.", [Sample(facts.expired)]
    yield "slots_used", "Concurrency slots that are taken.", _known(facts.used_slots)
    yield "slots_max", "Concurrency slots in total.", _known(facts.max_slots)
    yield "dispatcher_enabled", "Whether the dispatcher is enabled.", _known(facts.dispatcher_enabled)
    yield "last_dispatch_timestamp_seconds", "The time of the last dispatch.", _instant(facts.last_dispatch)
    yield "gateway_up", "Whether the gateway is running, as far as this host can see.", _known(facts.gateway_up)
    severities = [finding.severity for finding in facts.findings]
    yield "findings", "Findings of doctor by severity.", _counted("severity", SEVERITIES, severities)
    codes = Counter(finding.code for finding in facts.findings)
    by_code = [Sample(count, {"code": code}) for code, count in sorted(codes.items())]
    yield "findings_by_code", "Findings of doctor by code; a code without findings is missing.", by_code
    yield "problems", "Files and directories that cannot be read.", [Sample(facts.problems)]


def _runs(facts: MetricFacts) -> Iterator[_Row]:
    runs = facts.runs
    yield (
        "runs",
        "Runs on record and in progress, by status.",
        _counted("status", _RUN_STATES, [r.status for r in runs]),
    )
    spans = sorted(run.took.total_seconds() for run in runs if run.took is not None)
    text = "How long the runs on record took: the median, nine in ten, and the longest."
    quantiles = [Sample(_quantile(spans, at), {"quantile": f"{at:g}"}) for at in QUANTILES] if spans else []
    yield "run_duration_seconds", text, quantiles
    going = [(facts.now - run.started).total_seconds() for run in runs if run.status == "running"]
    yield "running_seconds_max", "How long the longest run in progress has taken.", [Sample(max((0.0, *going)))]
    newest: dict[str, datetime] = {}
    for run in runs:
        newest[run.status] = max(run.started, newest.get(run.status, run.started))
    last = [Sample(at.timestamp(), {"status": status}) for status, at in sorted(newest.items())]
    yield "last_run_timestamp_seconds", "When the newest run of each status started.", last


def _info(facts: MetricFacts) -> list[Sample]:
    return [Sample(1, {"version": facts.version, "kind": facts.kind})]


def _counted(label: str, names: Iterable[str], values: Iterable[str]) -> list[Sample]:
    """Return how many values there are of each name, zero included, so that an alert has no gaps."""
    counts = Counter(values)
    return [Sample(counts[name], {label: name}) for name in names]


def _known(value: float | bool | None) -> list[Sample]:
    return [] if value is None else [Sample(float(value))]


def _instant(at: datetime | None) -> list[Sample]:
    return [] if at is None else [Sample(at.timestamp())]


def _quantile(spans: Sequence[float], at: float) -> float:
    """Return the smallest of ``spans`` that is not exceeded by a fraction ``at`` of them."""
    return spans[max(0, math.ceil(at * len(spans)) - 1)]
