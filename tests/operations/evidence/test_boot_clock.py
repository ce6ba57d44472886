"""Since when the wall clock was not set, by the times that files got at the start of the host."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psutil
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.liveness.evidence import Host, Span
from clawtui.operations.evidence.boot_clock import boot_stamps, boot_time, clocks_before
from tests.gateway_root import NOON

SECONDS, MINUTES, HOURS = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
BOOTED = NOON - 2 * HOURS


def clocks(*stamps: datetime) -> tuple[Span, ...] | None:
    return clocks_before(BOOTED, NOON, stamps)


def test_no_step_is_found_if_the_oldest_file_agrees_with_the_start() -> None:
    for oldest in (-60 * SECONDS, 1 * SECONDS, 60 * SECONDS):
        assert clocks(BOOTED + 30 * MINUTES, BOOTED + oldest, BOOTED + HOURS) == ()


def test_without_files_from_the_start_the_boot_time_is_unknown() -> None:
    assert clocks() is None
    assert clocks(BOOTED + 61 * SECONDS, NOON) is None


def test_a_step_forward_leaves_files_from_before_the_start() -> None:
    """The host had no clock at the start: it began in 1970, and was set when the network came, 40 s later."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    spans = clocks(epoch + 1 * SECONDS, epoch + 30 * SECONDS, BOOTED + 41 * SECONDS)
    host = Host("x", booted=BOOTED, earlier_clocks=spans)
    assert not host.can_date(epoch + 35 * SECONDS), "a lock that was taken before the clock was set"
    assert host.can_date(BOOTED - HOURS), "a lock from before this start"
    assert host.can_date(BOOTED + HOURS)


def test_a_small_step_hides_all_that_it_may_have_dated() -> None:
    spans = clocks(BOOTED - 10 * MINUTES, BOOTED + 5 * SECONDS)
    host = Host("x", booted=BOOTED, earlier_clocks=spans)
    for ago in (1 * MINUTES, 10 * MINUTES, 2 * HOURS):
        assert not host.can_date(BOOTED - ago)
    assert host.can_date(BOOTED - 3 * HOURS)


offsets = st.integers(0, 10**7).map(lambda seconds: seconds * SECONDS)


@given(step=offsets, up=st.integers(1, 10**6), marks=st.lists(st.floats(0, 1), max_size=5), taken=st.floats(0, 1))
def test_no_lock_of_this_boot_is_dated_before_it(step: timedelta, up: int, marks: list[float], taken: float) -> None:
    """The clock is set forward by ``step`` at some time; a lock taken before is never from before the start."""
    booted = NOON - up * SECONDS
    stamps = [booted - step + 1 * SECONDS, *(booted + mark * up * SECONDS for mark in marks)]
    lock = booted - step + taken * up * SECONDS
    host = Host("x", booted=booted, earlier_clocks=clocks_before(booted, NOON, stamps))
    assert lock >= booted - 60 * SECONDS or not host.can_date(lock)


def test_this_host_has_a_start_and_files_from_then() -> None:
    booted = boot_time()
    assert booted is not None
    assert abs(booted - datetime.fromtimestamp(psutil.boot_time(), UTC)) < 2 * SECONDS
    assert all(stamp <= datetime.now(UTC) + SECONDS for stamp in boot_stamps())
