"""The mouse: a heading sorts, a count in the header leads to what it counts, a key in the footer is pressed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.dashboard_at_noon import Looker, dashboard_at_noon


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


async def click(looker: Looker, text: str, row: int | None = None) -> None:
    """Click the last letter of ``text``, where it is first on the screen or in a row."""
    rows = looker.rows if row is None else [looker.rows[row]]
    y, found = next((y, line) for y, line in enumerate(rows) if text in line)
    await looker.pilot.click(offset=(found.index(text) + len(text) - 1, y if row is None else row % len(looker.rows)))
    await looker.pilot.pause()


def names(looker: Looker) -> list[str]:
    wanted = ("Alpha", "Beta", "Gamma", "Zeta")
    return [name for row in looker.rows[2:8] for name in wanted if name in row[:30]]


async def test_a_heading_sorts_then_reverses_then_restores_the_order(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as looker:
        first = names(looker)
        assert first[0] == "Zeta"
        await click(looker, "AUTOMATION")
        await looker.until("by name")
        assert names(looker) == ["Alpha", "Beta", "Gamma", "Zeta"]
        await click(looker, "AUTOMATION▾")
        await looker.until("by name, reversed")
        assert names(looker) == ["Zeta", "Gamma", "Beta", "Alpha"]
        await click(looker, "AUTOMATION▴")
        await looker.until("by urgency")
        assert names(looker) == first
        await click(looker, "NOW")
        await looker.until("by due")
        await click(looker, "LAST RUN")
        await looker.until("by last run")
        await click(looker, "TOOK")  # no order is of this column
        assert "by last run" in looker.text


async def test_a_click_on_a_count_in_the_header_selects_its_subject(filled: GatewayRoot) -> None:
    counted = ("problem", "finding", "to look at", "slots")
    async with dashboard_at_noon(filled) as looker:
        await looker.until(lambda: all(count in looker.rows[0] for count in counted))
        for count, shown in (("problem", "Problems"), ("finding", "Findings"), ("slots", "Dispatcher")):
            await click(looker, count, 0)
            await looker.until(f"─ {shown} ─")
            await looker.press("escape")
            await looker.until("▌1 Automations")
            await looker.until(lambda: looker.app.screen is looker.app.dashboard)
        await click(looker, "to look at", 0)
        await looker.until("▌4 Locks")
        await click(looker, "1 failed")
        await looker.until("▌1 Automations")
        table = looker.app.dashboard.view.automations.table
        await looker.until(lambda: (table.selected or "").endswith("broken.json"))  # as F does: the next after Zeta


async def test_a_key_in_the_footer_is_pressed_by_a_click_on_it_or_on_its_meaning(filled: GatewayRoot) -> None:
    async with dashboard_at_noon(filled) as looker:
        await click(looker, "help", -1)
        await looker.until("─ Keys ─")
        await looker.press("escape")
        await looker.until(lambda: "─ Keys ─" not in looker.text)
        await click(looker, "1…4", -1)
        await looker.until("▌4 Locks")
        await click(looker, "1", -1)
        await looker.until("▌1 Automations")
        await click(looker, "filter", -1)
        await looker.until(lambda: "Enter keep the filter" in looker.rows[-1])


async def test_counts_and_positions_in_titles_lead_to_what_they_count(filled: GatewayRoot) -> None:
    began = NOON - timedelta(hours=2)
    name = f"logs/smart-sync-fork/zeta-{began:%Y-%m-%d-%H-%M-%S}.jsonl"
    levels = ("info", "ERROR", "warn", "info")
    filled.append_log(name, *(run_entry("zeta", f"line of {level}", began, level=level) for level in levels * 20))
    filled.lock("github.com/acme/old", "beta", hostname="elsewhere", acquiredAt=iso(NOON - timedelta(minutes=1)))
    async with dashboard_at_noon(filled, size=(120, 40)) as looker:
        view = looker.app.dashboard.view
        await looker.until("20 errors · 20 warnings")
        await click(looker, "20 errors")
        await looker.until("▌3 Log")
        await looker.until("6/80")
        await click(looker, "20 warnings")
        await looker.until("warn and above")
        await click(looker, "20 warnings")
        await looker.until(lambda: "warn and above" not in looker.text)
        await looker.until("/80")
        await click(looker, "/80")
        await looker.until(lambda: view.log_pane.window.following)
        await looker.until("1 foreign")
        await click(looker, "1 foreign")
        await looker.until(lambda: "acme-old" in (view.locks.table.selected or ""))
        await click(looker, "1 orphaned")
        await looker.until(lambda: "acme-site" in (view.locks.table.selected or ""))
        await click(looker, "slots 0/3")
        await looker.until("─ Dispatcher ─")
        await looker.press("escape")
        await looker.until("▌4 Locks")


async def test_a_click_on_the_hidden_rows_scrolls_to_them_and_one_on_the_position_returns(gateway: GatewayRoot) -> None:
    for number in range(30):
        gateway.automation(f"a{number:02}", nextRun=iso(NOON + timedelta(hours=1)))
    failed = {"timestamp": iso(NOON - timedelta(hours=2)), "status": "failed", "duration": 1000, "summary": "Push"}
    gateway.automation("a29", lastRun=failed, runHistory=[failed])
    async with dashboard_at_noon(gateway, size=(80, 16)) as looker:
        await looker.press("greater_than_sign")
        table = looker.app.dashboard.view.automations.table
        await looker.until(lambda: "by name" in looker.text)
        await looker.press("home")
        await looker.until("1 urgent below")
        await click(looker, "1 urgent below")
        await looker.until(lambda: "30/30" in looker.text)
        table.scroll_to(y=0, animate=False)
        await looker.until(lambda: "A00" in looker.text)
        await click(looker, "30/30")
        await looker.until(lambda: "A29" in looker.text)
