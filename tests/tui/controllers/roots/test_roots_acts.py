"""Acts in the list of several roots are those of the row's root; Enter opens its dashboard, which leads back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user.preferences import Startup
from clawtui.tui.roots_app import Position
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import DashboardTester
from tests.tui.dashboard_of_gateway import ailing_gateway
from tests.tui.roots_list import RootsListTester, gateway, listed, roots_list


def content(root: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}


async def test_an_automation_is_disabled_in_the_root_of_its_row_alone(tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        gateway(tmp_path, name, "same")  # the same id in both
    before = content(tmp_path / "alpha")
    async with roots_list([listed(tmp_path, "alpha"), listed(tmp_path, "beta")]) as tester:
        await tester.go_to("beta", "Same")
        await tester.press("minus")
        await tester.wait_for(lambda: tester.row("beta", "disabled"))
        await tester.wait_for(lambda: any(message.text.startswith("beta: ") for message in tester.app.messages.history))
        assert b"enabled: false" in (tmp_path / "beta/automations/config/smart-sync-fork/same.json").read_bytes()
        assert content(tmp_path / "alpha") == before
        assert "disabled" not in tester.row("alpha", "Same")
        assert tester.row("›", "beta"), "the cursor stays on the row, which is now the last"
        await tester.press("plus")
        await tester.wait_for(lambda: not tester.row("beta", "disabled"))
    assert content(tmp_path / "alpha") == before


def had_message(tester: RootsListTester, text: str) -> bool:
    return any(message.text == text for message in tester.app.messages.history)


async def test_an_act_that_the_row_cannot_have_is_refused_with_the_way(tmp_path: Path) -> None:
    gateway(tmp_path, "locked", "one")
    gateway(tmp_path, "lab", "two")
    ailing_gateway(tmp_path / "stock").close()
    roots = [listed(tmp_path, "locked", read_only=True), listed(tmp_path, "lab"), listed(tmp_path, "stock")]
    async with roots_list(roots) as tester:
        await tester.wait_for(lambda: tester.row("lab", "Two") and tester.row("locked", "One"))
        (tmp_path / "lab").rename(tmp_path / "gone")
        await tester.wait_for(lambda: "lab missing" in tester.rows[0])
        before = content(tmp_path)
        for texts, message in {
            ("locked", "One"): "locked: Read-only: nothing is changed.",
            ("lab", "Two"): "lab cannot be reached: nothing is changed.",
        }.items():
            await tester.go_to(*texts)
            await tester.press("minus")
            await tester.wait_for(partial(had_message, tester, message))
        await tester.press("A")
        await tester.wait_for("A is a key of a root's own dashboard: Enter opens that.")
        await tester.go_to("stock", "Job failed")
        await tester.press("minus")
        await tester.wait_for("stock: Disable Job failed")
        await tester.wait_for(lambda: "openclawautomationsdisable" in tester.dialog)
        await tester.press("escape")
        assert content(tmp_path) == before


async def test_enter_opens_the_root_of_the_row_at_its_automation(tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        gateway(tmp_path, name, "one", "two")
    roots = [listed(tmp_path, "alpha"), listed(tmp_path, "beta")]
    async with roots_list(roots) as tester:
        await tester.go_to("beta", "Two")
        await tester.press("enter")
        opened = tester.app.opened
    assert opened == Position(roots[1], "config/smart-sync-fork/two.json")
    async with roots_list(roots, position=opened) as tester:
        await tester.wait_for(lambda: tester.row("›", "beta", "Two"))


@pytest.mark.parametrize("key", ["0", "escape", "q"])
async def test_the_dashboard_below_the_list_begins_at_the_automation_and_leads_back(tmp_path: Path, key: str) -> None:
    root = gateway(tmp_path, "alpha", *(f"a-{number}" for number in range(5)))
    startup = Startup(environment={}, is_below_list=True, selected="config/smart-sync-fork/a-3.json")
    app = ClawtuiApp(StatePaths(root.root), host="here", clock=lambda: datetime.now(UTC), zone=UTC, startup=startup)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_for(lambda: any("›" in row and "A 3" in row for row in tester.rows))
        await tester.wait_for("0 all roots")
        await tester.press("enter", "escape", "j")  # one step back is not yet the list
        await tester.wait_for(lambda: any("›" in row and "A 4" in row for row in tester.rows))
        await tester.press(key)
    assert app.roots.wants_list
    assert app.roots.selected == "config/smart-sync-fork/a-4.json"


async def test_a_dashboard_without_a_list_above_it_has_no_key_for_one(tmp_path: Path) -> None:
    GatewayRoot(tmp_path / "alpha").automation("a-1")
    app = ClawtuiApp(StatePaths(tmp_path / "alpha"), host="here", clock=lambda: datetime.now(UTC), zone=UTC)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        await tester.press("0", "escape")
        assert "all roots" not in tester.text
        assert not app.roots.wants_list and app.is_running
