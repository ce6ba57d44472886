"""The list of findings: Enter selects the subject, f opens its dialog, y copies the command."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import pytest

from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.dashboard_at_noon import DashboardTester
from tests.tui.dashboard_now import dashboard_now


@pytest.fixture
def ailing(gateway: GatewayRoot) -> GatewayRoot:
    """Write a lock whose holder is dead, and a file that others may read."""
    gateway.dispatcher()
    gateway.automation("alpha").chmod(0o644)
    taken = iso(datetime.now(UTC) - timedelta(hours=1))
    gateway.lock("github.com/acme/site", "alpha", pid=ended_pid(), acquiredAt=taken)
    return gateway


async def findings(tester: DashboardTester) -> None:
    await tester.press("1")
    await tester.wait_for(lambda: "finding" in tester.rows[0])
    await tester.press("D")
    await tester.wait_for("Enter goes there · f mends · y copies")


async def select(tester: DashboardTester, code: str) -> None:
    """Move the cursor to a finding."""
    screen = tester.app.screen
    for _ in range(9):
        if screen._shown[screen._at].code == code:  # type: ignore[attr-defined]
            return
        await tester.press("j")
    raise AssertionError(tester.text)


async def test_enter_selects_the_subject_of_the_finding(ailing: GatewayRoot) -> None:
    async with dashboard_now(ailing) as tester:
        await findings(tester)
        await select(tester, "lock-orphaned")
        await tester.press("enter")
        await tester.wait_for("▌4 Locks")
        assert tester.app.dashboard.view.locks.table.selected == "locks/github.com-acme-site.lock"


async def test_a_lock_is_mended_in_the_dialog_of_its_release(ailing: GatewayRoot) -> None:
    async with dashboard_now(ailing) as tester:
        await findings(tester)
        await select(tester, "lock-orphaned")
        await tester.press("f")
        await tester.wait_for("Release a lock")
        await tester.wait_for("the holder cannot be alive")


async def test_another_finding_is_mended_after_a_question(ailing: GatewayRoot) -> None:
    config = ailing.automations / "config/smart-sync-fork/alpha.json"
    async with dashboard_now(ailing) as tester:
        await findings(tester)
        await select(tester, "wrong-mode")
        await tester.press("f")
        await tester.wait_for("Set the modes")
        assert stat.S_IMODE(config.stat().st_mode) == 0o644
        await tester.press("right", "enter")
        await tester.wait_for(lambda: stat.S_IMODE(config.stat().st_mode) == 0o600)


async def test_read_only_mends_nothing(ailing: GatewayRoot) -> None:
    async with dashboard_now(ailing, read_only=True) as tester:
        await findings(tester)
        await select(tester, "wrong-mode")
        await tester.press("f")
        await tester.wait_for("Read-only: nothing is changed.")


async def test_the_command_is_copied_and_the_list_stays(ailing: GatewayRoot) -> None:
    async with dashboard_now(ailing) as tester:
        await findings(tester)
        await select(tester, "lock-orphaned")
        await tester.press("y")
        await tester.wait_for("the command sent to the terminal")
        assert "Enter goes there" in tester.text
