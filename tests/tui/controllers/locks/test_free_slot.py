"""Slots freed from the dashboard: what is surely over after one question, what is in doubt by its name alone."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.dashboard_now import dashboard_now

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _own_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))


def slot(id: str, number: int, age: timedelta = HOUR) -> dict[str, object]:
    taken = iso(datetime.now(UTC) - age)
    return {"automationId": id, "sessionId": f"cron:{id}", "acquiredAt": taken, "slotNumber": number}


def taken(gateway: GatewayRoot) -> list[object]:
    state = json.loads((gateway.automations / "config/concurrency-state.json").read_text())
    return [one["automationId"] for one in state["activeSlots"]]


@pytest.fixture
def leaked(gateway: GatewayRoot) -> GatewayRoot:
    """Write a slot whose run continues, one whose run is dead, and one whose state is unknown."""
    now = datetime.now(UTC)
    gateway.slots(slot("alive", 1), slot("dead", 2), slot("silent", 3))
    gateway.lock("github.com/acme/alive", "alive", pid=os.getpid(), acquiredAt=iso(now))
    gateway.lock("github.com/acme/dead", "dead", pid=ended_pid(), acquiredAt=iso(now - HOUR))
    return gateway


async def test_the_slot_of_a_dead_run_is_freed_and_the_others_stay(leaked: GatewayRoot) -> None:
    async with dashboard_now(leaked) as tester:
        await tester.wait_for("✗ ended dead")
        await tester.press("S")
        await tester.wait_for("› Cancel ‹   [ Another (2 more) ]   [ Free ]")
        assert "automation  dead" in tester.text
        await tester.press("enter")
        assert taken(leaked) == ["alive", "dead", "silent"]
        await tester.press("S")
        await tester.wait_for("[ Free ]")
        await tester.press("right", "right", "enter")
        await tester.wait_for("slot 2 is free; cron:dead of dead had it")
        assert taken(leaked) == ["alive", "silent"]


async def test_a_silent_slot_needs_its_typed_name_and_a_live_one_is_refused(leaked: GatewayRoot) -> None:
    async with dashboard_now(leaked) as tester:
        await tester.press("S")
        await tester.wait_for("automation  dead")
        await tester.press("right", "enter")
        await tester.wait_for("type silent")
        await tester.press(*"silen", "enter")
        assert taken(leaked) == ["alive", "dead", "silent"]
        await tester.press("tab", "right", "enter")
        await tester.wait_for("--force-live 1")
        assert "[ Free ]" not in tester.text
        await tester.press("escape", "S")
        await tester.wait_for("automation  dead")
        await tester.press("right", "enter")
        await tester.wait_for("type silent")
        await tester.press(*"silent", "enter")
        await tester.wait_for("slot 3 is free")
        assert taken(leaked) == ["alive", "dead"]


async def test_a_slot_that_is_freed_meanwhile_is_not_replaced_by_another(leaked: GatewayRoot) -> None:
    async with dashboard_now(leaked) as tester:
        await tester.press("S")
        await tester.wait_for("automation  dead")
        leaked.slots(slot("alive", 1), slot("silent", 3), slot("other", 2))
        await tester.wait_for("It is free by now: nothing was done.")
        await tester.press("right", "enter")
        assert taken(leaked) == ["alive", "silent", "other"]


async def test_read_only_frees_nothing(leaked: GatewayRoot) -> None:
    async with dashboard_now(leaked, read_only=True) as tester:
        await tester.press("S")
        await tester.wait_for("Read-only: no slot is freed here.")
        await tester.press("enter")
        assert taken(leaked) == ["alive", "dead", "silent"]
