"""The details of an automation and of the dispatcher: each field, without JSON."""

from __future__ import annotations

from clawtui.tui.screens.palette import commands
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import dashboard_at_noon


async def test_details_name_each_field_of_the_run_before_the_json(gateway: GatewayRoot) -> None:
    gateway.automation("alpha", schedule={"type": "cron", "value": "61 * * * *"})
    gateway.state("alpha", git={"currentCommit": "abc123def456"}, artifacts={"branchUrl": "https://h/tree/smart-sync"})
    async with dashboard_at_noon(gateway) as looker:
        await looker.press("d")
        await looker.until("schedule.value")
        assert "unknown: “61” is not understood: in the minute field, a minute is 0 to 59" in looker.text
        await looker.until("git.currentCommit")
        assert "abc123def456" in looker.text


async def test_the_dispatchers_configuration_has_a_place_that_the_palette_finds(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.dispatcher(maxConcurrent=5, lastModifiedBy="ops@example.org")
    async with dashboard_at_noon(gateway) as looker:
        titles = [command.title for command in commands(looker.app, looker.app.screen)]
        assert any("the dispatcher's configuration and slots" in title for title in titles)
        await looker.press("C")
        await looker.until("maxConcurrent")
        assert "ops@example.org" in looker.text
        assert "notifications.channels" in looker.text
