"""Following timelines and logs, a look at a time: what happens between two looks is up to the test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.workspace import Milestone
from clawtui.model.search.log_query import LogQuery
from clawtui.operations.logs.follow_logs import follow_logs
from clawtui.operations.runs.follow_progress import follow_progress, fresh
from clawtui.operations.runs.logs import automation_logs
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, run_entry

ID = "auto-sync-main-123"
FOLDER = "logs/smart-sync-fork"


@pytest.fixture
def paths(gateway: GatewayRoot) -> StatePaths:
    return StatePaths(gateway.root)


def between_looks(*happenings: Callable[[], object]) -> Callable[[float], None]:
    """Return a sleep that does one thing after each look; fail if there are more looks."""
    left: Iterator[Callable[[], object]] = iter(happenings)

    def pause(seconds: float) -> None:
        assert seconds == 0.2
        next(left)()

    return pause


def milestone(number: int) -> Milestone:
    return Milestone(timestamp=NOON, milestone=f"number {number}", percentage=number)


def test_a_timeline_is_followed_until_its_run_is_over(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.state(ID)
    gateway.progress(ID, ("one", 1))
    pause = between_looks(
        lambda: gateway.progress(ID, ("one", 1), ("two", 2)),
        lambda: None,
        lambda: (gateway.progress(ID, ("one", 1), ("two", 2), ("three", 3)), gateway.state(ID, status="success")),
    )
    assert [one.milestone for one in follow_progress(paths, ID, pause)] == ["one", "two", "three"]


def test_another_session_in_its_place_means_that_the_run_is_over(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.state(ID)
    gateway.progress(ID, ("one", 1))
    pause = between_looks(lambda: gateway.state(ID, sessionId="cron:other"))
    assert [one.milestone for one in follow_progress(paths, ID, pause)] == ["one"]


def test_a_workspace_that_is_cleaned_ends_it(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.state(ID)
    gateway.progress(ID, ("one", 1))
    pause = between_looks(lambda: shutil.rmtree(gateway.automations / "workspaces" / ID))
    assert [one.milestone for one in follow_progress(paths, ID, pause)] == ["one"]


def test_half_a_document_between_two_looks_changes_nothing(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.state(ID)
    gateway.progress(ID, ("one", 1))
    pause = between_looks(
        lambda: (
            gateway.write(f"workspaces/{ID}/progress.json", "{"),
            gateway.write(f"workspaces/{ID}/state.json", "{"),
        ),
        lambda: (gateway.progress(ID, ("one", 1), ("two", 2)), gateway.state(ID, status="failed")),
    )
    assert [one.milestone for one in follow_progress(paths, ID, pause)] == ["one", "two"]


def test_a_new_run_does_not_get_the_timeline_of_the_last(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.progress(ID, ("of the last run", 100))
    gateway.state(ID, sessionId="cron:new")
    pause = between_looks(lambda: gateway.state(ID, sessionId="cron:new", status="failed"))
    assert list(follow_progress(paths, ID, pause)) == []


@given(st.integers(0, 30), st.integers(0, 10), st.integers(1, 20))
def test_each_milestone_is_fresh_once_though_the_front_is_cut_off(before: int, added: int, kept: int) -> None:
    every = [milestone(number) for number in range(before + added)]
    now_there = every[-max(kept, added + 1) :]
    assert list(fresh(every[:before], now_there)) == every[before:]


def test_a_timeline_that_is_another_altogether_is_fresh_as_a_whole() -> None:
    assert list(fresh([milestone(1)], [milestone(2), milestone(3)])) == [milestone(2), milestone(3)]


def test_no_line_falls_between_the_old_log_and_the_new(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID)
    first, second = f"{FOLDER}/{ID}-2025-01-26-11-00-00.jsonl", f"{FOLDER}/{ID}-2025-01-26-12-00-00.jsonl"
    gateway.append_log(first, run_entry(ID, "1"))
    over = []

    def both() -> None:
        gateway.append_log(first, run_entry(ID, "2"))
        gateway.append_log(second, run_entry(ID, "3"))

    def end() -> None:
        gateway.append_log(second, run_entry(ID, "4"))
        over.append(True)

    # Every fifth look asks for a newer log; what came just before it is still read from the old one.
    pause = between_looks(*[lambda: None] * 3, both, lambda: None, end)
    lines = follow_logs(paths, lambda: automation_logs(paths, ID), LogQuery(), over=lambda: bool(over), pause=pause)
    assert [json.loads(line.text)["message"] for line in lines] == [*"1234"]


def test_a_log_that_is_not_there_yet_is_waited_for(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID)
    path = f"{FOLDER}/{ID}-2025-01-26-11-00-00.jsonl"
    over = []

    def begin() -> None:
        gateway.append_log(path, run_entry(ID, "here"))
        over.append(True)

    pause = between_looks(begin)
    lines = follow_logs(paths, lambda: automation_logs(paths, ID), LogQuery(), over=lambda: bool(over), pause=pause)
    assert len(list(lines)) == 1
