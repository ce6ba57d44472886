"""The details of an automation and of the dispatcher: each field, without JSON."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.tui.screens.palette import commands
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.tui.dashboard_at_noon import dashboard_at_noon


async def test_details_name_each_field_of_the_run_before_the_json(gateway: GatewayRoot) -> None:
    gateway.automation("alpha", schedule={"type": "cron", "value": "61 * * * *"})
    gateway.state("alpha", git={"currentCommit": "abc123def456"}, artifacts={"branchUrl": "https://h/tree/smart-sync"})
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("d")
        await tester.wait_for("schedule.value")
        assert "unknown: “61” is not understood: in the minute field, a minute is 0 to 59" in tester.text
        await tester.wait_for("git.currentCommit")
        assert "abc123def456" in tester.text


@pytest.mark.parametrize("key", ["d", "w"])
async def test_the_title_is_the_name_of_an_automation_that_was_renamed_meanwhile(
    gateway: GatewayRoot, key: str
) -> None:
    gateway.automation("alpha", name="The old name")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("The old name")
        await tester.press(key)
        await tester.wait_for("─ The old name ─")
        gateway.automation("alpha", name="The \x1b[2Jnew name")
        await tester.wait_for("─ The ␛[2Jnew name ─")


async def test_the_dispatchers_configuration_has_a_place_that_the_palette_finds(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.dispatcher(maxConcurrent=5, lastModifiedBy="ops@example.org")
    async with dashboard_at_noon(gateway) as tester:
        titles = [command.title for command in commands(tester.app, tester.app.screen)]
        assert any("the dispatcher's configuration and slots" in title for title in titles)
        await tester.press("C")
        await tester.wait_for("maxConcurrent")
        assert "ops@example.org" in tester.text
        assert "notifications.channels" in tester.text


async def test_an_automation_whose_run_is_in_progress_is_not_late(gateway: GatewayRoot) -> None:
    gateway.automation("alpha", nextRun=iso(NOON - timedelta(minutes=5)))
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("d")
        await tester.wait_for("2025-01-26 11:55, 5m late")
        gateway.state("alpha")
        await tester.wait_for("2025-01-26 11:55, a run is in progress")
        assert "late" not in tester.text
