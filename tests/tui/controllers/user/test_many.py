"""The keys that mark automations, act on all of them, make new ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import dashboard_at_noon


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))


def is_enabled(gateway: GatewayRoot, id: str) -> bool:
    return "enabled: true" in (gateway.automations / f"config/smart-sync-fork/{id}.json").read_text()


async def test_all_marked_automations_have_one_question(gateway: GatewayRoot) -> None:
    for id in ("alpha", "bravo", "charlie"):
        gateway.automation(id)
    async with dashboard_at_noon(gateway, size=(80, 24)) as tester:
        await tester.wait_for("Charlie")
        await tester.press("m", "m")
        await tester.wait_for("2 marked")
        await tester.wait_for("• Alpha")
        await tester.press("minus")
        await tester.wait_for("Disable these 2 automations?")
        await tester.press("escape")
        assert all(is_enabled(gateway, id) for id in ("alpha", "bravo", "charlie"))
        await tester.press("minus")
        await tester.wait_for("Disable these 2 automations?")
        await tester.press("right", "enter")
        await tester.wait_for("2 automations are disabled.")
        assert [is_enabled(gateway, id) for id in ("alpha", "bravo", "charlie")] == [False, False, True]
        await tester.wait_for(lambda: "marked" not in tester.text)


async def test_failures_among_the_marked_are_named_and_the_others_done(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.automation("bravo")
    gateway.write("config/smart-sync-fork/broken.json", "{")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Bravo")
        await tester.press("m", "m", "m", "minus")
        await tester.wait_for("Disable these 3 automations?")
        await tester.press("right", "enter")
        await tester.wait_for("2 of 3 automations are disabled.")
        await tester.wait_for("broken.json")


async def test_the_mark_of_a_deleted_automation_is_removed(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    file = gateway.automation("bravo")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Bravo")
        await tester.press("m", "m")
        await tester.wait_for("2 marked")
        file.unlink()
        await tester.wait_for("1 marked")
        await tester.press("m")
        await tester.wait_for(lambda: "marked" not in tester.text)
