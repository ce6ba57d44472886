"""The findings of ``doctor`` about a fleet: in difficult cases, and none in a fleet without faults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from clawtui.model.documents.base import Problem
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.findings.context import DiskSpace, FindingContext, OddVersion, WrongMode
from clawtui.model.findings.examination import findings
from clawtui.model.findings.finding import SEVERITIES, Finding, command
from clawtui.model.findings.index import FindingIndex
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.run_state import Skip
from clawtui.model.text.cleaning import clean
from tests.gateway_root import NOON, iso
from tests.model.arbitrary_fleets import fleets, surroundings
from tests.model.fleets import automation, good
from tests.model.samples import read

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
GB = 1 << 30
NOTHING = FindingContext()


def codes(fleet: Fleet, context: FindingContext = NOTHING) -> list[str]:
    return [finding.code for finding in findings(fleet, context, NOON)]


def one(fleet: Fleet, context: FindingContext = NOTHING) -> Finding:
    (finding,) = findings(fleet, context, NOON)
    return finding


@given(st.data())
def test_any_fleet_has_findings_without_an_error_with_the_most_severe_first(data: st.DataObject) -> None:
    fleet = data.draw(fleets())
    found = findings(fleet, data.draw(surroundings(fleet)), NOON)
    ranks = [SEVERITIES.index(finding.severity) for finding in found]
    assert ranks == sorted(ranks)
    assert all(finding.message == clean(finding.message) for finding in found)


@given(st.data())
def test_an_index_that_is_kept_leads_to_the_findings_of_a_new_one(data: st.DataObject) -> None:
    index = FindingIndex()
    for _ in range(3):
        fleet = data.draw(fleets())
        context = data.draw(surroundings(fleet))
        index.update(fleet, context.locks)
        kept = findings(fleet, replace(context, index=index), NOON)
        assert kept == findings(fleet, context, NOON)


def test_an_incomplete_fleet_has_no_findings() -> None:
    assert codes(Fleet("root", problems={"config/x/a.json": Problem("config/x/a.json", "is empty")})) == []


def test_a_name_that_cannot_be_shown_is_in_no_command() -> None:
    assert command("lock", "release", "a\x1b[31m") is None
    assert command("lock", "release", "a b") == "clawtui lock release 'a b'"
    assert command("workspace", "clean", "-rf") == "clawtui workspace clean -- -rf"


# The dispatcher


def _due(late: timedelta, **context: object) -> tuple[Fleet, FindingContext]:
    config = automation("sync-a", nextRun=iso(NOON - late))
    fleet = Fleet("root", loaded=True, automations={"config/smart-sync-fork/sync-a.json": config})
    return fleet, replace(NOTHING, **context)


def _rounds(apart: timedelta, until: timedelta) -> tuple[datetime, ...]:
    return tuple(NOON - until - apart * back for back in (4, 3, 2, 1, 0))


@pytest.mark.parametrize(
    ("late", "apart", "until", "expected"),
    [
        (timedelta(seconds=30), MINUTE, MINUTE / 2, []),
        (10 * MINUTE, MINUTE, MINUTE / 2, []),
        (20 * MINUTE, MINUTE, MINUTE / 2, ["overdue"]),
        (90 * MINUTE, 2 * HOUR, 100 * MINUTE, []),
        (3 * HOUR, 2 * HOUR, 100 * MINUTE, ["overdue"]),
        (-HOUR, MINUTE, 50 * MINUTE, []),
        (-HOUR, MINUTE, 61 * MINUTE, ["dispatcher-silent"]),
        (-HOUR, 2 * HOUR, 5 * HOUR, []),
        (-HOUR, 2 * HOUR, 7 * HOUR, ["dispatcher-silent"]),
        (2 * HOUR, MINUTE, 3 * HOUR, ["dispatcher-silent", "overdue"]),
    ],
)
def test_lateness_depends_on_the_interval_of_the_dispatcher(
    late: timedelta, apart: timedelta, until: timedelta, expected: Sequence[str]
) -> None:
    assert codes(*_due(late, dispatches=_rounds(apart, until))) == expected


def test_a_skipped_automation_may_wait_longer_and_has_its_reason() -> None:
    rounds = _rounds(MINUTE, MINUTE / 2)
    skips = {"sync-a": Skip(NOON - MINUTE, "repository-locked")}
    assert codes(*_due(30 * MINUTE, dispatches=rounds, skips=skips)) == []
    finding = one(*_due(2 * HOUR, dispatches=rounds, skips=skips))
    assert finding.code == "overdue"
    assert "passed it over, its repository was locked" in finding.message


def test_a_running_or_disabled_automation_is_not_overdue() -> None:
    fleet, context = _due(3 * HOUR, dispatches=_rounds(MINUTE, MINUTE))
    slot = {"automationId": "sync-a", "sessionId": "s", "acquiredAt": iso(NOON), "slotNumber": 1}
    running = replace(fleet, concurrency=good(read(ConcurrencyState, activeSlots=[slot])))
    assert codes(fleet, context) == ["overdue"]
    assert codes(running, context) == []
    off = automation("sync-a", nextRun=iso(NOON - 3 * HOUR), enabled=False)
    assert codes(replace(fleet, automations={"config/smart-sync-fork/sync-a.json": off}), context) == []


def test_a_gateway_that_never_dispatched_is_silent_once_something_has_waited_for_long() -> None:
    assert codes(*_due(30 * MINUTE)) == []
    assert codes(*_due(5 * HOUR)) == ["overdue"]
    assert codes(*_due(7 * HOUR)) == ["dispatcher-silent", "overdue"]
    assert codes(Fleet("root", loaded=True)) == []


def test_a_disabled_dispatcher_is_one_finding_and_not_silent() -> None:
    dispatcher = good(read(DispatcherConfig, enabled=False, version=1), "config/dispatcher.json")
    fleet = Fleet("root", loaded=True, dispatcher=dispatcher)
    finding = one(fleet, replace(NOTHING, dispatches=_rounds(MINUTE, 9 * HOUR)))
    assert (finding.code, finding.subject) == ("dispatcher-disabled", "config/dispatcher.json")


# Files


@pytest.mark.parametrize(
    ("disk", "severity"),
    [
        (DiskSpace(50 * GB, 100 * GB, 900, 1000), None),
        (DiskSpace(2 * GB, 100 * GB, 900, 1000), None),
        (DiskSpace(60 << 20, 64 << 20, 900, 1000), None),
        (DiskSpace(500 << 20, 20 * GB, 900, 1000), "warning"),
        (DiskSpace(50 << 20, 20 * GB, 900, 1000), "error"),
        (DiskSpace(0, 1 << 20, 900, 1000), "error"),
        (DiskSpace(50 * GB, 100 * GB, 2, 1000), "error"),
        (DiskSpace(50 * GB, 100 * GB, 0, 0), None),
        (DiskSpace(0, 0, 0, 0), None),
    ],
)
def test_a_disk_is_full_by_its_free_space_and_its_size(disk: DiskSpace, severity: str | None) -> None:
    found = findings(Fleet("root", loaded=True), replace(NOTHING, disk=disk), NOON)
    assert [finding.severity for finding in found] == ([severity] if severity else [])
    assert all((finding.code, finding.fix) == ("disk-full", "clawtui prune") for finding in found)


def test_modes_are_findings_by_the_access_of_others() -> None:
    fleet = Fleet("root", loaded=True)
    read_only = (WrongMode("config/dispatcher.json", 0o644, 0o600), WrongMode("logs", 0o755, 0o700))
    assert one(fleet, replace(NOTHING, wrong_modes=read_only)).severity == "info"
    finding = one(fleet, replace(NOTHING, wrong_modes=read_only, exposed=True))
    assert finding.severity == "warning"
    assert "0644 and should be 0600, as for 1 other" in finding.message
    writable = (WrongMode("config/dispatcher.json", 0o666, 0o600),)
    assert one(fleet, replace(NOTHING, wrong_modes=writable, exposed=True)).severity == "error"


def test_an_old_version_is_to_be_migrated_and_not_malformed() -> None:
    path = "config/dispatcher.json"
    broken: Reading[DispatcherConfig] = Reading(path, None, Problem(path, "version must be 1, not 0"), None)
    fleet = Fleet("root", loaded=True, dispatcher=broken, problems={path: Problem(path, "version must be 1, not 0")})
    old = one(fleet, replace(NOTHING, versions={path: OddVersion("has version 0", migrates=True)}))
    assert (old.code, old.fix) == ("version-old", "clawtui migrate")
    unknown = one(fleet, replace(NOTHING, versions={path: OddVersion("has version 7", migrates=False)}))
    assert (unknown.code, unknown.fix) == ("version-unknown", None)
    assert one(fleet).code == "malformed"


def test_an_unknown_version_is_a_finding_and_a_missing_one_means_the_first() -> None:
    path = "config/smart-sync-fork/sync-a.json"
    for version, expected in ({}, []), ({"version": 1}, []), ({"version": 2}, ["version-unknown"]):
        config = automation("sync-a", nextRun=iso(NOON + HOUR), **version)
        assert codes(Fleet("root", loaded=True, automations={path: config})) == expected
    assert codes(Fleet("root", loaded=True, dispatcher=good(read(DispatcherConfig), "config/dispatcher.json"))) == []
