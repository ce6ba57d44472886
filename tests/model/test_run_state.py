"""The state of an automation, and the order by urgency."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Skip, dispatcher_status, status_of, urgency
from tests.model.fleets import automation, unreadable, workspace
from tests.model.samples import RUN

FAILED = RUN | {"status": "failed"}


@pytest.mark.parametrize(
    ("subject", "where", "status"),
    [
        (automation("a"), None, "idle"),
        (automation("a", lastRun=RUN), workspace("a", "complete"), "idle"),
        (automation("a", lastRun=RUN | {"status": "partial"}), None, "idle"),
        (automation("a", lastRun=RUN | {"status": "cancelled"}), None, "idle"),
        (automation("a", lastRun=FAILED), None, "failed"),
        (automation("a", runHistory=[FAILED, RUN]), None, "failed"),
        (automation("a", runHistory=[RUN, FAILED]), None, "idle"),
        (automation("a", lastRun=RUN, runHistory=[FAILED]), None, "idle"),
        (automation("a", lastRun=FAILED, enabled=False), None, "disabled"),
        (automation("a", lastRun=FAILED), workspace("a"), "running"),
        (automation("a", enabled=False), workspace("a"), "running"),
        (automation("a"), Workspace("a"), "idle"),
        (unreadable("a"), workspace("a"), "invalid"),
        (unreadable("a"), None, "invalid"),
    ],
)
def test_the_state_of_an_automation_is_one_word(subject: Automation, where: Workspace | None, status: str) -> None:
    assert status_of(subject, where) == status


def _urgency_of(pair: tuple[Automation, Workspace | None]) -> tuple[int, datetime, str]:
    subject, where = pair
    return urgency(status_of(subject, where), subject.due, subject.id)


def test_running_automations_are_sorted_first_then_failed_then_due_ones() -> None:
    in_order = [
        (automation("z-runs"), workspace("z-runs")),
        (automation("y-failed-due-soon", lastRun=FAILED, nextRun="2025-01-26T11:00:00Z"), None),
        (automation("x-failed-due-later", lastRun=FAILED, nextRun="2025-01-26T13:00:00Z"), None),
        (unreadable("a-broken"), None),
        (automation("w-overdue", nextRun="2020-01-01T00:00:00Z"), None),
        (automation("v-due-soon", nextRun="2025-01-26T12:00:00+00:00"), None),
        (automation("u-due-later", nextRun="2025-01-26T13:30:00+01:00"), None),
        (automation("b-never-due", schedule={"type": "cron", "value": "never"}), None),
        (automation("a-disabled", enabled=False, nextRun="2025-01-26T11:00:00Z"), None),
    ]
    names = [subject.id for subject, _ in in_order]
    backwards = in_order[::-1]
    assert [subject.id for subject, _ in sorted(backwards, key=_urgency_of)] == names


def test_equal_states_are_sorted_by_id() -> None:
    running = [(automation(id), workspace(id)) for id in ("c", "a", "b")]
    assert [subject.id for subject, _ in sorted(running, key=_urgency_of)] == ["a", "b", "c"]


def line(second: int, event: str, **fields: str) -> str:
    timestamp = f"2025-01-26T10:00:{second:02d}Z"
    return json.dumps({"timestamp": timestamp, "level": "info", "event": event, **fields})


def test_the_dispatchers_log_gives_the_last_dispatch_and_the_skips() -> None:
    news = dispatcher_status(
        [
            line(0, "dispatch-started"),
            line(1, "automation-dispatched", automationId="went"),
            line(2, "automation-skipped", automationId="locked", reason="repository-locked"),
            line(3, "automation-skipped", automationId="full", reason="concurrency-limit"),
            line(4, "automation-skipped", automationId="unexplained"),
            line(5, "dispatch-completed"),
            line(6, "dispatch-started"),
        ]
    )
    assert news.last_dispatch == datetime(2025, 1, 26, 10, 0, 6, tzinfo=UTC)
    assert news.skips == {
        "locked": Skip(datetime(2025, 1, 26, 10, 0, 2, tzinfo=UTC), "repository-locked"),
        "full": Skip(datetime(2025, 1, 26, 10, 0, 3, tzinfo=UTC), "concurrency-limit"),
        "unexplained": Skip(datetime(2025, 1, 26, 10, 0, 4, tzinfo=UTC), ""),
    }


@pytest.mark.parametrize("later", ["automation-dispatched", "automation-failed"])
def test_a_dispatch_ends_a_skip(later: str) -> None:
    skipped = line(0, "automation-skipped", automationId="a", reason="repository-locked")
    assert dispatcher_status([skipped, line(1, later, automationId="a")]).skips == {}
    assert "a" in dispatcher_status([skipped, line(1, later, automationId="b")]).skips


def test_only_the_key_names_on_disk_are_read() -> None:
    assert dispatcher_status([line(0, "automation-skipped", automation_id="a", reason="repository-locked")]).skips == {}


def test_a_second_skip_has_the_newer_reason() -> None:
    news = dispatcher_status(
        [
            line(0, "automation-skipped", automationId="a", reason="repository-locked"),
            line(9, "automation-skipped", automationId="a", reason="concurrency-limit"),
        ]
    )
    assert news.skips["a"].reason == "concurrency-limit"


@given(st.lists(st.text() | st.just(line(0, "dispatch-started"))))
def test_lines_that_are_none_are_passed_over(lines: list[str]) -> None:
    news = dispatcher_status(lines)
    assert (news.last_dispatch is not None) is (line(0, "dispatch-started") in lines)
