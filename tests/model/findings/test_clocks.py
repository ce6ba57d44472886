"""Clocks that differ between the gateway's host and this one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clawtui.model.documents.base import Stamp
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.findings.clocks import clock_findings
from clawtui.model.findings.context import FindingContext
from clawtui.model.fleet import Fleet, Reading, Workspace
from tests.gateway_root import NOON, iso
from tests.model.samples import read

MINUTE = timedelta(minutes=1)


def fleet_of(starts: dict[str, datetime], modified: datetime, slots_updated: datetime | None = None) -> Fleet:
    stamp = Stamp(1, 2, 3, int(modified.timestamp() * 1e9))
    workspaces = {
        id: Workspace(
            id,
            state=Reading(
                f"workspaces/{id}/state.json", read(RuntimeState, automationId=id, lastUpdate=iso(at)), None, stamp
            ),
        )
        for id, at in starts.items()
    }
    slots = (
        None
        if slots_updated is None
        else Reading(
            "config/concurrency-state.json", read(ConcurrencyState, lastUpdated=iso(slots_updated)), None, stamp
        )
    )
    return Fleet("/root", workspaces=workspaces, concurrency=slots, loaded=True)


@pytest.mark.parametrize(
    ("offset", "difference"),
    [
        (10 * MINUTE, "10m00s ahead of"),
        (1.5 * MINUTE, "1m30s ahead of"),
        (-4 * MINUTE, "4m00s behind"),
        (0.5 * MINUTE, None),
        (0 * MINUTE, None),
        (-0.5 * MINUTE, None),
    ],
)
def test_a_difference_of_minutes_is_a_finding_with_the_difference(offset: timedelta, difference: str | None) -> None:
    fleet = fleet_of({"a": NOON + offset, "b": NOON + offset}, NOON, NOON + offset)
    found = [finding.message for finding in clock_findings(fleet, FindingContext(), NOON)]
    assert len(found) == (difference is not None)
    assert all(difference in message for message in found if difference)


def test_a_dispatch_in_the_future_is_one_too() -> None:
    context = FindingContext(dispatches=(NOON + 10 * MINUTE,))
    (finding,) = clock_findings(Fleet("/root", loaded=True), context, NOON)
    assert finding.code == "clocks-differ"
    assert "10m00s ahead of" in finding.message


@pytest.mark.parametrize(
    ("starts", "modified"),
    [
        ({"a": NOON - 9 * MINUTE, "b": NOON - 90 * MINUTE}, NOON),  # copied: each is as old as it was
        ({"a": NOON - 9 * MINUTE}, NOON),  # edited by hand
        ({"a": NOON - 2000 * MINUTE, "b": NOON - 2000 * MINUTE}, NOON),  # copied, all from one instant
        ({"a": NOON - 90 * MINUTE, "b": NOON - 90 * MINUTE}, NOON - 80 * MINUTE),  # long ago
    ],
)
def test_copied_or_edited_files_are_no_evidence(starts: dict[str, datetime], modified: datetime) -> None:
    assert not list(clock_findings(fleet_of(starts, modified), FindingContext(), NOON))
