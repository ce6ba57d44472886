"""The mouse: a heading sorts, a count in the header leads to what it counts, a key in the footer is pressed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    gateway.slots()
    for number, name in enumerate(("gamma", "alpha", "beta")):
        gateway.automation(name, name=name.title(), nextRun=iso(NOON + timedelta(hours=1 + number)))
    failed = {"timestamp": iso(NOON - timedelta(hours=2)), "status": "failed", "duration": 1000, "summary": "Push"}
    gateway.automation("zeta", name="Zeta", lastRun=failed, runHistory=[failed])
    gateway.lock("github.com/acme/site", "alpha", pid=ended_pid(), acquiredAt=iso(NOON - timedelta(hours=1)))
    (gateway.automations / "config/smart-sync-fork/broken.json").write_text("{")
    return gateway


async def click(tester: DashboardTester, text: str, row: int | None = None) -> None:
    """Click the last letter of ``text``, where it is first on the screen or in a row."""
    rows = tester.rows if row is None else [tester.rows[row]]
    y, found = next((y, line) for y, line in enumerate(rows) if text in line)
    await tester.pilot.click(offset=(found.index(text) + len(text) - 1, y if row is None else row % len(tester.rows)))
    await tester.pilot.pause()


def names(tester: DashboardTester) -> list[str]:
    names = ("Alpha", "Beta", "Gamma", "Zeta")
    return [name for row in tester.rows[2:8] for name in names if name in row[:30]]


async def test_a_heading_sorts_then_reverses_then_restores_the_order(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        first = names(tester)
        assert first[0] == "Zeta"
        await click(tester, "AUTOMATION")
        await tester.wait_for("by name")
        assert names(tester) == ["Alpha", "Beta", "Gamma", "Zeta"]
        await click(tester, "AUTOMATION▾")
        await tester.wait_for("by name, reversed")
        assert names(tester) == ["Zeta", "Gamma", "Beta", "Alpha"]
        await click(tester, "AUTOMATION▴")
        await tester.wait_for("by urgency")
        assert names(tester) == first
        await click(tester, "NOW")
        await tester.wait_for("by due")
        await click(tester, "LAST RUN")
        await tester.wait_for("by last run")
        await click(tester, "TOOK")  # no order is of this column
        assert "by last run" in tester.text


async def test_a_click_on_a_count_in_the_header_selects_its_subject(filled: GatewayRoot) -> None:
    counted = ("problem", "finding", "to look at", "slots")
    async with dashboard_at_noon(filled) as tester:
        await tester.wait_for(lambda: all(count in tester.rows[0] for count in counted))
        for count, shown in (("problem", "Problems"), ("finding", "Findings"), ("slots", "Dispatcher")):
            await click(tester, count, 0)
            await tester.wait_for(f"─ {shown} ─")
            await tester.press("escape")
            await tester.wait_for("▌1 Automations")
            await tester.wait_for(lambda: tester.app.screen is tester.app.dashboard)
        await click(tester, "to look at", 0)
        await tester.wait_for("▌4 Locks")
        await click(tester, "1 failed")
        await tester.wait_for("▌1 Automations")
        table = tester.app.dashboard.view.automations.table
        await tester.wait_for(lambda: (table.selected or "").endswith("broken.json"))  # as F does: the next after Zeta


async def test_a_key_in_the_footer_is_pressed_by_a_click_on_it_or_on_its_meaning(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as tester:
        await click(tester, "help", -1)
        await tester.wait_for("─ Keys ─")
        await tester.press("escape")
        await tester.wait_for(lambda: "─ Keys ─" not in tester.text)
        await click(tester, "1…4", -1)
        await tester.wait_for("▌4 Locks")
        await click(tester, "1", -1)
        await tester.wait_for("▌1 Automations")
        await click(tester, "filter", -1)
        await tester.wait_for(lambda: "Enter keep the filter" in tester.rows[-1])


async def test_counts_and_positions_in_titles_lead_to_what_they_count(filled: GatewayRoot) -> None:
    began = NOON - timedelta(hours=2)
    name = f"logs/smart-sync-fork/zeta-{began:%Y-%m-%d-%H-%M-%S}.jsonl"
    levels = ("info", "ERROR", "warn", "info")
    filled.append_log(name, *(run_entry("zeta", f"line of {level}", began, level=level) for level in levels * 20))
    filled.lock("github.com/acme/old", "beta", hostname="elsewhere", acquiredAt=iso(NOON - timedelta(minutes=1)))
    async with dashboard_at_noon(filled, size=(120, 40)) as tester:
        view = tester.app.dashboard.view
        await tester.wait_for("20 errors · 20 warnings")
        await click(tester, "20 errors")
        await tester.wait_for("▌3 Log")
        await tester.wait_for("6/80")
        await click(tester, "20 warnings")
        await tester.wait_for("warn and above")
        await click(tester, "20 warnings")
        await tester.wait_for(lambda: "warn and above" not in tester.text)
        await tester.wait_for("/80")
        await click(tester, "/80")
        await tester.wait_for(lambda: view.log_pane.window.following)
        await tester.wait_for("1 foreign")
        await click(tester, "1 foreign")
        await tester.wait_for(lambda: "acme-old" in (view.locks.table.selected or ""))
        await click(tester, "1 orphaned")
        await tester.wait_for(lambda: "acme-site" in (view.locks.table.selected or ""))
        await click(tester, "slots 0/3")
        await tester.wait_for("─ Dispatcher ─")
        await tester.press("escape")
        await tester.wait_for("▌4 Locks")


async def test_a_click_on_the_hidden_rows_scrolls_to_them_and_one_on_the_position_returns(gateway: GatewayRoot) -> None:
    for number in range(30):
        gateway.automation(f"a{number:02}", nextRun=iso(NOON + timedelta(hours=1)))
    failed = {"timestamp": iso(NOON - timedelta(hours=2)), "status": "failed", "duration": 1000, "summary": "Push"}
    gateway.automation("a29", lastRun=failed, runHistory=[failed])
    async with dashboard_at_noon(gateway, size=(80, 16)) as tester:
        await tester.press("greater_than_sign")
        table = tester.app.dashboard.view.automations.table
        await tester.wait_for(lambda: "by name" in tester.text)
        await tester.press("home")
        await tester.wait_for("1 urgent below")
        await click(tester, "1 urgent below")
        await tester.wait_for(lambda: "30/30" in tester.text)
        table.scroll_to(y=0, animate=False)
        await tester.wait_for(lambda: "A00" in tester.text)
        await click(tester, "30/30")
        await tester.wait_for(lambda: "A29" in tester.text)
