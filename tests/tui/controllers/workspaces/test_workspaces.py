"""The screen with the workspaces: their state and size, and removing one with the care of the command."""

from __future__ import annotations

from clawtui.tui.screens.palette import commands
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.tui.dashboard_at_noon import dashboard_at_noon


def info(gateway: GatewayRoot, id: str, **changes: object) -> None:
    document = {
        "automationId": id,
        "automationType": "smart-sync-fork",
        "sessionId": f"cron:{id}",
        "created": iso(NOON),
        "lastUpdated": iso(NOON),
        "status": "complete",
    }
    gateway.write_json(f"workspaces/{id}/workspace-info.json", document | changes)


async def test_workspaces_are_found_by_the_palette_measured_and_shown_field_by_field(gateway: GatewayRoot) -> None:
    info(gateway, "sync-gone", size={"bytes": 52428800, "humanReadable": "50 MB"})
    gateway.write("workspaces/sync-gone/big.bin", b"x" * 4096)
    async with dashboard_at_noon(gateway) as tester:
        titles = [command.title for command in commands(tester.app, tester.app.screen)]
        assert any("the workspaces: their state and size" in title for title in titles)
        await tester.press("B")
        await tester.wait_for("4.3 KB")
        await tester.press("enter")
        await tester.wait_for("size.humanReadable")
        assert "50 MB" in tester.text


async def test_the_workspace_of_an_ended_run_is_removed_after_a_question(gateway: GatewayRoot) -> None:
    info(gateway, "sync-gone")
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("B")
        await tester.wait_for("sync-gone")
        await tester.press("X")
        await tester.wait_for("remove its workspace?")
        assert (gateway.automations / "workspaces/sync-gone").exists()
        await tester.press("right", "enter")
        await tester.wait_for("the workspace of sync-gone is removed")
    assert not (gateway.automations / "workspaces/sync-gone").exists()


async def test_a_preserved_workspace_is_kept_with_the_reason(gateway: GatewayRoot) -> None:
    info(gateway, "sync-kept", preserve=True)
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("B")
        await tester.wait_for("sync-kept")
        await tester.press("X")
        await tester.wait_for("its workspace is kept")
        assert "nothing was removed" in tester.text
        assert "--force preserved" in " ".join(tester.text.split())
    assert (gateway.automations / "workspaces/sync-kept").exists()
