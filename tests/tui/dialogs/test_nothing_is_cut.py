"""In a narrow terminal each line of a dialog is on the screen: it is wrapped, and never goes on beyond the edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.tui.widgets.line_view import LinesView
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon
from tests.tui.dashboard_of_gateway import ailing_gateway, dashboard_of

LONG = "a-name-that-is-longer-than-half-of-the-dialog"

DIALOGS = {
    "the fields of an automation": ("d",),
    "why it is not running": ("w",),
    "the dispatcher": ("C",),
    "what cannot be read": ("exclamation_mark",),
    "the findings": ("D",),
    "the messages": ("I",),
    "an entry of the log": ("3", "G", "enter"),
    "a lock": ("4", "d"),
    "a run": ("H", "d"),
}


def reaches_the_edge(tester: DashboardTester) -> bool:
    lines = tester.app.screen.query_one(LinesView)
    return lines.virtual_size.width > lines.size.width


async def has_lines(tester: DashboardTester) -> None:
    await tester.wait_for(lambda: tester.app.screen.query(LinesView) and tester.app.screen.query_one(LinesView).size)


@pytest.mark.parametrize("size", [(60, 15), (80, 24)], ids=str)
@pytest.mark.parametrize("name", DIALOGS)
async def test_no_line_of_a_dialog_goes_beyond_its_edge(gateway: GatewayRoot, name: str, size: tuple[int, int]) -> None:
    run = {"timestamp": iso(NOON), "status": "failed", "duration": 1000, "summary": "It failed. " * 9}
    gateway.automation(LONG, lastRun=run, runHistory=[run], description="It says much. " * 9)
    gateway.dispatcher(lastModifiedBy=f"{LONG}@example.org")
    gateway.lock(f"github.com/user/{LONG}", LONG, pid=4_000_000)
    gateway.write(f"config/smart-sync-fork/{LONG}-broken.json", "{")
    log = f"logs/smart-sync-fork/{LONG}-2025-01-26-12-00-00.jsonl"
    gateway.append_log(log, run_entry(LONG, "It began. " * 20))
    async with dashboard_at_noon(gateway, size) as tester:
        tester.app.notify("It was done. " * 12)
        await tester.wait_for(lambda: tester.app.dashboard.view.findings)
        first, *others = DIALOGS[name]
        await tester.press(first)
        if first == "3":
            await tester.wait_for("It began.")
        await tester.press(*others)
        await has_lines(tester)
        assert not reaches_the_edge(tester)


async def test_the_lines_are_wrapped_again_for_another_width(gateway: GatewayRoot) -> None:
    gateway.automation("alpha", description="wide " * 40)
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("d")
        await has_lines(tester)
        await tester.pilot.resize_terminal(60, 15)
        await tester.wait_for(lambda: tester.app.screen.query_one(LinesView).size.width < 60)
        await tester.wait_for(lambda: not reaches_the_edge(tester))
        await tester.pilot.resize_terminal(120, 40)
        await tester.wait_for(lambda: tester.app.screen.query_one(LinesView).size.width > 90)
        await tester.pilot.pause()
        assert "wide " * 10 in tester.text


async def test_a_sentence_about_a_missing_root_is_whole(tmp_path: Path) -> None:
    async with dashboard_at_noon(GatewayRoot(tmp_path / "nowhere"), (60, 15)) as tester:
        for key in ("D", "exclamation_mark", "C"):
            await tester.press(key)
            await has_lines(tester)
            assert not reaches_the_edge(tester)
            assert "There is no state directory yet" in tester.text, key
            await tester.press("escape")
        await tester.press("n")
        await tester.wait_for("There is no state directory at")  # said before the editor is opened, not after


async def test_the_details_of_a_job_have_the_names_of_the_gateways_files(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path, (60, 40)) as tester:
        await tester.wait_for("owner dead")
        await tester.press("d")
        await tester.wait_for("runningAt")
        assert not reaches_the_edge(tester)
        assert '"everyMs": ' in tester.text and "running_at" not in tester.text


async def test_the_table_stays_in_its_place_while_a_filter_is_typed(gateway: GatewayRoot) -> None:
    gateway.automation(LONG)
    async with dashboard_at_noon(gateway, (60, 15)) as tester:
        heading = next(row for row in tester.rows if "LAST RUN" in row)
        await tester.press("slash")
        await tester.wait_for("keep the filter")
        assert heading.strip() in tester.text
        assert next(row for row in tester.rows if "LAST RUN" in row) == heading
