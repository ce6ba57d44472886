"""The time until which a verdict cannot change by time alone."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.liveness.evidence import Evidence, Host, Process, SignOfLife
from clawtui.model.liveness.verdict import LockJudgement, judge
from tests.gateway_root import NOON
from tests.model.liveness.test_verdict import lock

SPANS = st.integers(-40, 40).map(lambda minutes: timedelta(minutes=minutes))
"""Around the quiet time, which is 10 minutes here, on both sides."""


@given(
    taken=SPANS,
    signs=st.lists(SPANS, max_size=3),
    timeout=st.none() | st.integers(1, 30).map(lambda minutes: timedelta(minutes=minutes)),
    later=st.lists(st.timedeltas(timedelta(0), timedelta(minutes=90)), min_size=1, max_size=6),
)
def test_before_that_time_the_verdict_is_the_same(
    taken: timedelta, signs: list[timedelta], timeout: timedelta | None, later: list[timedelta]
) -> None:
    reading = lock(acquiredAt=(NOON + taken).isoformat())
    assert reading.value is not None

    def evidence(now: timedelta) -> Evidence:
        host = Host(reading.value.hostname if reading.value else "", Process(1, None, None))
        found = tuple(SignOfLife("state.json", NOON + at) for at in signs)
        quiet = timedelta(minutes=10)
        return Evidence(reading, host, None, None, True, found, NOON + now, timeout, quiet)

    def essence(judged: LockJudgement) -> tuple[object, ...]:
        return (judged.verdict, judged.expired, judged.last_sign, judged.process_gone)

    first = evidence(timedelta(0))
    until = first.holds_until(reading.value)
    for span in (*later, timedelta(minutes=1), *([until - NOON - timedelta.resolution] if until else [])):
        if until is None or NOON <= NOON + span < until:
            assert essence(judge(evidence(span))) == essence(judge(first))
