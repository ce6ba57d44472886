from __future__ import annotations

import math

import pytest

from clawtui.live.watching.health import DEAF_AFTER, DEAF_RETRIES, Repair, WatchHealth, WatchState
from clawtui.live.watching.intervals import Intervals

INTERVALS = Intervals(retry=30, recovery=1, reconcile=4, poll=0.5)
NOW = 1000.0


@pytest.fixture
def health() -> WatchHealth:
    return WatchHealth(INTERVALS, NOW, remote=False)


@pytest.fixture
def watching(health: WatchHealth) -> WatchHealth:
    health.started(passes=0)
    return health


def test_the_kernel_is_to_be_asked_at_the_start(health: WatchHealth) -> None:
    assert health.state is WatchState.SCANNING
    assert health.next_attempt == NOW
    assert health.mode == "watching" and not health.watching


def test_while_the_kernel_watches_it_is_not_asked_and_comparisons_are_rare(watching: WatchHealth) -> None:
    assert watching.watching and watching.mode == "watching"
    assert watching.next_attempt == math.inf
    assert watching.pass_interval == INTERVALS.reconcile


def test_a_refusal_is_polling_until_the_kernel_is_asked_again(health: WatchHealth) -> None:
    health.refused(OSError("no space"), NOW)
    assert health.state is WatchState.POLLING and health.mode == "polling"
    assert health.next_attempt == NOW + INTERVALS.retry
    assert health.pass_interval == INTERVALS.poll
    assert health.problem is None
    health.ask_again(NOW + 1)
    assert health.next_attempt == NOW + 1
    health.started(passes=0)
    assert health.watching


def test_a_missing_library_is_a_problem_until_something_is_watched(health: WatchHealth) -> None:
    health.refused(ImportError("No module named 'watchfiles'"), NOW)
    assert health.problem is not None and "No module named 'watchfiles'" in health.problem.message
    health.started(passes=0)
    assert health.problem is None


def test_another_machine_s_file_system_is_polled_for_ever() -> None:
    health = WatchHealth(INTERVALS, NOW, remote=True)
    health.ask_again(NOW)
    assert health.state is WatchState.REMOTE and health.mode == "polling"
    assert health.next_attempt == math.inf


def test_after_an_unexpected_end_the_kernel_is_asked_at_once_but_not_again_and_again(watching: WatchHealth) -> None:
    watching.broken(NOW)
    assert watching.state is WatchState.POLLING
    assert watching.next_attempt <= NOW
    pauses = []
    for number in range(1, 6):
        watching.started(passes=0)
        watching.broken(NOW + number)
        pauses.append(watching.next_attempt - NOW - number)
    assert pauses == [1, 2, 4, 4, 4]
    watching.started(passes=0)
    watching.broken(NOW + 1000)
    assert watching.next_attempt == NOW + 1000


def test_changes_between_two_generators_prove_nothing(watching: WatchHealth) -> None:
    watching.started(passes=7)
    assert watching.excuses(6)
    assert not watching.excuses(7)


def test_a_kernel_that_reports_nothing_is_replaced_by_polling_for_long(watching: WatchHealth) -> None:
    for passes in range(1, DEAF_AFTER):
        assert watching.judge(missed=1, passes=passes, now=NOW) is Repair.WATCH_AGAIN
    assert watching.watching
    assert watching.judge(missed=1, passes=DEAF_AFTER, now=NOW) is Repair.STOP_WATCHING
    assert watching.state is WatchState.POLLING
    assert watching.next_attempt == NOW + DEAF_RETRIES * INTERVALS.retry


def test_a_pass_counts_once_and_one_without_unreported_changes_not_at_all(watching: WatchHealth) -> None:
    assert watching.judge(missed=0, passes=1, now=NOW) is Repair.NONE
    assert watching.judge(missed=2, passes=1, now=NOW) is Repair.WATCH_AGAIN
    assert watching.judge(missed=2, passes=1, now=NOW) is Repair.NONE


def test_a_report_in_between_shows_that_the_kernel_is_not_deaf(watching: WatchHealth) -> None:
    for passes in range(1, 4 * DEAF_AFTER):
        assert watching.judge(missed=1, passes=passes, now=NOW) is Repair.WATCH_AGAIN
        watching.note_report()


def test_nothing_is_judged_while_nothing_is_watched(health: WatchHealth) -> None:
    health.refused(None, NOW)
    assert health.judge(missed=5, passes=1, now=NOW) is Repair.NONE
