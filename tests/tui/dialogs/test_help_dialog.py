"""The help: it can be searched, also by other words, and Enter presses the key at the cursor."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.command import Hit

from clawtui.tui.controllers.user.key_map import operations
from clawtui.tui.controllers.user.palette_provider import PaletteProvider
from clawtui.tui.screens.bindings import SYNONYMS
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    for name in ("alpha", "bravo"):
        gateway.automation(name, nextRun=iso(NOON + timedelta(hours=1)))
    return gateway


def keys(tester: DashboardTester) -> list[str]:
    """Return the keys that are listed."""
    rows = [row.partition("│")[2] for row in tester.rows]
    return [row.split()[0] for row in rows if row.rstrip(" │").endswith(("In Automations", "Moving", "Everywhere"))]


async def test_a_key_is_found_and_pressed(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.press("question_mark")
        await tester.wait_for("In Automations")
        assert len(keys(tester)) > 10
        await tester.press("slash", *"maximize")
        await tester.wait_for(lambda: keys(tester) == ["z"])
        await tester.press("enter", "enter")
        await tester.wait_for(lambda: tester.app.dashboard.panes.has_class("single"))


async def test_escape_shows_all_keys_again_and_then_closes(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.press("question_mark", "slash", *"xyzzy", "enter")
        await tester.wait_for("Nothing matches “xyzzy”")
        await tester.press("enter")  # there is no key to press
        await tester.press("escape")
        await tester.wait_for("In Automations")
        await tester.press("escape")
        await tester.wait_for(lambda: tester.app.screen is tester.app.dashboard)


async def test_a_key_that_opens_a_dialog_opens_it_from_the_help(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await tester.press("question_mark", "slash", *"doctor", "enter", "enter")
        await tester.wait_for("─ Findings ─")


async def test_the_palette_finds_a_command_by_a_synonym_after_those_found_by_name(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        provider = PaletteProvider(tester.app.dashboard)

        async def best(query: str) -> str:
            hits = [(hit.score, str(hit.text)) async for hit in provider.search(query) if isinstance(hit, Hit)]
            return max(hits)[1]

        for query, title in (("unlock", "Release:"), ("tail", "Follow:"), ("maximize", "Zoom:"), ("doct", "Findings")):
            assert (await best(query)).startswith(title), query
        assert "filter" in (await best("filter")).casefold()  # a synonym of Only matches, too


def test_synonyms_are_of_operations_that_exist() -> None:
    assert set(SYNONYMS) <= set(operations())


async def test_the_keys_of_other_panes_are_found_and_pressed_there(filled: GatewayRoot) -> None:
    filled.lock("github.com/acme/site", "alpha", pid=ended_pid(), acquiredAt=iso(NOON - timedelta(hours=1)))
    async with dashboard_at_noon(filled) as tester:
        await tester.press("question_mark", "slash", *"unlock", "enter")
        await tester.wait_for("release the lock, after a question with every fact (in Locks)")
        await tester.press("down", "down")
        assert tester.text.count("X  ") >= 2, "that of this pane, that of a run and that of the locks"
        await tester.press("end", "enter")
        await tester.wait_for("▌4 Locks")
        await tester.wait_for("╭─ Release")


async def test_at_80_columns_the_meanings_take_the_room_of_the_places(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled, size=(80, 24)) as tester:
        await tester.press("question_mark")
        await tester.wait_for("run it at the next dispatch; of a stock gateway, at")
        assert "In Automations" not in tester.text
