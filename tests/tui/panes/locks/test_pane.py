"""The locks pane: the verdict first, what needs a hand on top, and never a verdict on another version than is shown."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.tui.panes.locks.cells import COLUMNS, lock_cells
from clawtui.tui.panes.locks.verdicts import Verdicts, locks_to_look_at
from clawtui.tui.widgets.table_layout import column_widths
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.model.samples import read
from tests.operations.evidence.test_processes import ended_pid, sleeping
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon
from tests.tui.dashboard_now import dashboard_now

HOUR = timedelta(hours=1)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def night(gateway: GatewayRoot) -> GatewayRoot:
    """Write one lock of each verdict."""
    gateway.dispatcher()
    gateway.lock("github.com/acme/orphaned", "alpha", pid=ended_pid(), acquiredAt=iso(now() - 5 * HOUR))
    gateway.lock("github.com/acme/foreign", "bravo", hostname="gateway-2", acquiredAt=iso(now() - HOUR))
    gateway.lock("github.com/acme/quiet", "charlie", acquiredAt=iso(now()))
    gateway.lock("github.com/acme/live", "delta", acquiredAt=iso(now()))
    gateway.state("delta", startTime=iso(now() + HOUR), lastUpdate=iso(now() + HOUR))
    gateway.write("locks/broken.lock", "{ no lock")
    return gateway


def lock_rows(tester: DashboardTester) -> list[str]:
    words = ("orphaned ", "invalid ", "foreign ", "quiet ", "live ")
    return [row[1:40].strip() for row in tester.rows if row[3:].startswith(words)]


async def judged(tester: DashboardTester) -> None:
    await tester.wait_for(lambda: len(lock_rows(tester)) == 5)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_urgent_locks_are_sorted_first(night: GatewayRoot, size: tuple[int, int]) -> None:
    async with dashboard_now(night, size, later=HOUR) as tester:
        await judged(tester)
        assert [row.split()[:2] for row in lock_rows(tester)] == [
            ["✗", "orphaned"],
            ["!", "invalid"],
            ["?", "foreign"],
            ["~", "quiet"],
            ["▸", "live"],
        ]
        row = next(row for row in tester.rows if "✗ orphaned" in row)
        assert row.split()[3:7] == ["alpha", "6h00m", "none", "expired"]
        assert "5 · 1 orphaned · 1 invalid · 1 foreign · 1 q" in tester.text


async def test_the_header_counts_urgent_locks(night: GatewayRoot) -> None:
    async with dashboard_now(night, later=HOUR) as tester:
        await judged(tester)
        await tester.wait_for(lambda: "3 locks to look at" in tester.rows[0])


async def test_a_process_that_dies_is_noticed_without_any_file_changing(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        gateway.lock("github.com/acme/site", "alpha", pid=pid, acquiredAt=iso(now() + timedelta(seconds=1)))
        async with dashboard_now(gateway) as tester:
            await tester.wait_for("▸ live")
            os.kill(pid, signal.SIGKILL)
            await tester.wait_for("✗ orphaned")


async def test_a_filter_finds_verdicts(night: GatewayRoot) -> None:
    async with dashboard_now(night, later=HOUR) as tester:
        await judged(tester)
        await tester.press("slash", *"orphaned", "enter")
        assert [row.split()[1] for row in lock_rows(tester)] == ["orphaned"]


@pytest.mark.parametrize("key", ["d", "enter"])
async def test_details_show_the_verdict_with_its_facts_and_the_raw_lock(gateway: GatewayRoot, key: str) -> None:
    pid = ended_pid()
    gateway.lock("github.com/acme/site", "alpha", pid=pid, acquiredAt=iso(now()), future="kept")
    async with dashboard_now(gateway) as tester:
        await tester.wait_for("✗ orphaned")
        await tester.press(key)
        await tester.wait_for(f"pid {pid} is gone")
        assert "✗ orphaned: the holder cannot be alive" in tester.text
        assert '"future": "kept"' in tester.text
        await tester.press("escape")
        assert "▌4 Locks" in tester.text


async def test_the_slot_of_a_session_that_is_over_is_marked(gateway: GatewayRoot) -> None:
    taken = {"acquiredAt": iso(now() - HOUR), "slotNumber": 1}
    gateway.slots({"automationId": "alpha", "sessionId": "cron:alpha", **taken})
    gateway.lock("github.com/acme/site", "alpha", pid=ended_pid(), acquiredAt=iso(now() - HOUR))
    async with dashboard_now(gateway) as tester:
        await tester.wait_for("✗ ended alpha")


def reading(path: str = "locks/a.lock", **changes: object) -> Reading[RepositoryLock]:
    return Reading(path, read(RepositoryLock, **changes), None, None)


JUDGED = LockJudgement("orphaned", False, ("pid 1 is gone",))


def test_a_verdict_is_shown_on_the_version_that_was_judged_and_on_no_other() -> None:
    old, new = reading(), reading(sessionId="another")
    verdicts = Verdicts({"locks/a.lock": old}, {"locks/a.lock": JUDGED})
    assert verdicts.on("locks/a.lock", old) is JUDGED
    assert verdicts.on("locks/a.lock", reading()) is JUDGED
    assert verdicts.on("locks/a.lock", new) is None
    assert verdicts.on("locks/b.lock", old) is None


def test_an_orphan_needs_a_hand_a_quiet_or_expired_lock_a_look_and_a_foreign_one_neither() -> None:
    cases: list[tuple[Verdict, int, tuple[int, int]]] = [
        ("orphaned", 1, (1, 0)),
        ("invalid", 1, (1, 0)),
        ("quiet", 1, (0, 1)),
        ("live", 1, (0, 0)),
        ("live", 5, (0, 1)),
        ("foreign", 1, (0, 0)),
        ("foreign", 5, (0, 1)),
    ]
    for verdict, age, expected in cases:
        shown = reading(acquiredAt=iso(NOON - age * HOUR))
        verdicts = Verdicts({shown.path: shown}, {shown.path: LockJudgement(verdict, False, ())})
        assert locks_to_look_at({shown.path: shown}, verdicts, NOON, 4 * HOUR) == expected, verdict


@pytest.mark.parametrize("width", range(58, 120))
def test_at_any_width_verdict_repository_age_and_expiry_are_whole(width: int) -> None:
    shown = reading(acquiredAt=iso(NOON - 100 * HOUR))
    widths = column_widths(COLUMNS, width)
    assert sum(widths.values()) + 2 * (len(widths) - 1) <= width
    cells = lock_cells(shown, JUDGED, NOON, 4 * HOUR)
    whole = {cells[at][0].text for at, size in widths.items() if cells[at] and len(cells[at][0].text) <= size}
    assert {"✗ orphaned", "github.com/user/repo", "4d04h", "expired"} <= whole


async def test_the_keys_of_a_run_are_about_the_holder_of_the_row(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.automation("bravo")
    gateway.lock("github.com/user/bravo", "bravo")
    gateway.lock("github.com/user/gone", "gone")
    gateway.append_log("logs/smart-sync-fork/bravo-2025-01-26-11-55-00.jsonl", run_entry("bravo", "A line of Bravo"))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("2 Timeline  Alpha")
        await tester.press("4")
        table = tester.app.dashboard.view.locks.table
        table.move_to(table.cursor.keys.index("locks/github.com-user-bravo.lock"))
        await tester.wait_for("2 Timeline  Bravo")
        await tester.wait_for("A line of Bravo")
        await tester.press("H")
        await tester.wait_for("▌Runs  1/1 · Bravo")
        await tester.press("escape", "L")
        await tester.wait_for("▌3 Log")
        assert "2 Timeline  Bravo" in tester.text
        await tester.press("4")
        table.move_to(table.cursor.keys.index("locks/github.com-user-gone.lock"))
        await tester.press("H")
        await tester.wait_for("gone, which holds the lock, is not an automation here.")
        await tester.press("1")
        await tester.wait_for("2 Timeline  Alpha")


async def test_without_locks_and_slots_taken_the_pane_is_one_line(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.slots()
    async with dashboard_at_noon(gateway) as tester:
        pane = tester.app.dashboard.view.locks
        await tester.wait_for(lambda: pane.size.height == 1)
        assert "4 Locks  0 " in tester.rows[-2]
        gateway.lock("github.com/user/alpha", "alpha", hostname="gateway-2")
        await tester.wait_for(lambda: pane.size.height > 1)


async def test_x_leads_from_an_automation_to_the_lock_on_its_repository(gateway: GatewayRoot) -> None:
    gateway.automation("alpha", "smart-sync-fork", config={"forkRepoUrl": "git@github.com:user/site.git"})
    gateway.automation("bravo", "smart-sync-fork", config={"forkRepoUrl": "git@github.com:user/other.git"})
    gateway.lock("github.com/user/aaa", "other")
    gateway.lock("github.com/user/site", "bravo")
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("X")
        await tester.wait_for("▌4 Locks")
        assert tester.app.dashboard.view.locks.table.selected == "locks/github.com-user-site.lock"
        await tester.press("1", "j", "X")
        await tester.wait_for("Its repository is not locked.")


async def test_x_without_an_automation_says_that_there_is_none(gateway: GatewayRoot) -> None:
    gateway.slots()
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("X")
        await tester.wait_for("There is no automation to choose here.")
