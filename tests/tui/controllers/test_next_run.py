"""Run now (`x`), snooze (`Z`), and `U`, which takes them back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.gateway_root import NOON, GatewayRoot, iso
from tests.tui.dashboard_at_noon import dashboard_at_noon

BEFORE = iso(NOON + timedelta(hours=5))


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))


def next_run(file: Path) -> str | None:
    found = re.search(r"""nextRun["']?: ["']([^"']*)""", file.read_text())
    return found[1] if found is not None else None


async def test_run_now_and_snooze_are_taken_back_one_after_the_other(gateway: GatewayRoot) -> None:
    file = gateway.automation("alpha", nextRun=BEFORE)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Alpha")
        await tester.press("x")
        await tester.wait_for("alpha is due now")
        assert next_run(file) == iso(NOON)
        await tester.press("Z")
        await tester.wait_for("alpha: no run until")
        await tester.press("j", "enter")
        await tester.wait_for("no run before 2025-01-26 16:00")
        assert next_run(file) == iso(NOON + timedelta(hours=4))
        await tester.press("U")
        await tester.wait_for(lambda: next_run(file) == iso(NOON))
        await tester.press("U")
        await tester.wait_for(lambda: next_run(file) == BEFORE)
        await tester.press("U")
        await tester.wait_for("Undo a release")


async def test_u_in_the_locks_pane_always_undoes_a_release(gateway: GatewayRoot) -> None:
    file = gateway.automation("alpha", nextRun=BEFORE)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Alpha")
        await tester.press("x")
        await tester.wait_for("alpha is due now")
        await tester.press("4", "U")
        await tester.wait_for("Undo a release")
        assert next_run(file) == iso(NOON)


async def test_a_next_run_that_was_changed_since_is_not_undone(gateway: GatewayRoot) -> None:
    file = gateway.automation("alpha", nextRun=BEFORE)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Alpha")
        await tester.press("x")
        await tester.wait_for("alpha is due now")
        later = iso(NOON + timedelta(days=2))
        gateway.automation("alpha", nextRun=later)
        await tester.press("U")
        await tester.wait_for("the next run of alpha was changed since; nothing was done")
        assert next_run(file) == later


async def test_nothing_is_set_when_read_only(gateway: GatewayRoot) -> None:
    file = gateway.automation("alpha", nextRun=BEFORE)
    async with dashboard_at_noon(gateway, read_only=True) as tester:
        await tester.wait_for("Alpha")
        await tester.press("x", "Z")
        await tester.wait_for("Read-only: nothing is changed.")
        assert next_run(file) == BEFORE


async def test_marked_rows_are_run_and_snoozed_together_after_one_question(gateway: GatewayRoot) -> None:
    files = [gateway.automation(name, nextRun=BEFORE) for name in ("alpha", "bravo")]
    gateway.automation("charlie", nextRun=BEFORE, enabled=False)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Charlie")
        await tester.press("home", "m", "m", "x")
        await tester.wait_for("Run these 2 automations at the next dispatch?")
        assert [next_run(file) for file in files] == [BEFORE] * 2
        await tester.press("right", "enter")
        await tester.wait_for("The next run of 2 of 2 automations is set.")
        assert [next_run(file) for file in files] == [iso(NOON)] * 2
        await tester.wait_for(lambda: "marked" not in tester.rows[1])
        await tester.press("U")
        await tester.wait_for(lambda: [next_run(file) for file in files] == [BEFORE] * 2)
        await tester.press("home", "m", "m", "m", "Z")
        await tester.wait_for("3 automations: no run until")
        await tester.press("enter")
        await tester.wait_for("The next run of 3 of 3 automations is set.")
        assert [next_run(file) for file in files] == [iso(NOON + timedelta(hours=1))] * 2


async def test_marked_automations_that_cannot_run_are_named(gateway: GatewayRoot) -> None:
    file = gateway.automation("alpha", nextRun=BEFORE)
    gateway.automation("bravo", nextRun=BEFORE, enabled=False)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Bravo")
        await tester.press("home", "m", "m", "x", "right", "enter")
        await tester.wait_for("The next run of 1 of 2 automations is set.")
        await tester.press("I")
        await tester.wait_for("bravo is disabled, so no dispatch starts it")
        assert next_run(file) == iso(NOON)
