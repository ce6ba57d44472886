"""The first screens without a state directory: what clawtui is, what to do, and the demo."""

from __future__ import annotations

import sys
from datetime import UTC
from pathlib import Path

import pytest
from msgspec.structs import replace

from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from tests.gateway_root import NOON, GatewayRoot
from tests.openclaw.gateways import fingerprint
from tests.openclaw.gateways import gateway as gateway_process
from tests.tui.dashboard_at_noon import DashboardTester

SIZES = [(120, 40), (80, 24)]


async def first_screen(root: Path, size: tuple[int, int], *expected: str) -> str:
    """Return the screen once all expected texts are on it."""
    app = ClawtuiApp(StatePaths(root), host="gateway-1", clock=lambda: NOON, zone=UTC)
    async with app.run_test(size=size) as pilot:
        tester = DashboardTester(app, pilot)
        for text in expected:
            await tester.wait_for(lambda text=text: "".join(text.split()) in tester.unwrapped)  # type: ignore[misc]
        return " ".join(tester.text.split())


@pytest.mark.parametrize("size", SIZES)
async def test_no_root(tmp_path: Path, size: tuple[int, int]) -> None:
    text = await first_screen(tmp_path / "none", size, "There is no state directory")
    assert "clawtui demo" in text
    assert "clawtui --root DIR" in text
    assert "waiting" in text


async def test_an_existing_directory_is_not_reported_as_missing(tmp_path: Path) -> None:
    root = tmp_path / "state"
    root.mkdir()
    app = ClawtuiApp(StatePaths(root), host="gateway-1", clock=lambda: NOON, zone=UTC)
    async with app.run_test(size=(120, 40)) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_for(lambda: "isempty." in tester.unwrapped)
        assert "Thereisnostatedirectory" not in tester.unwrapped
        await tester.press("exclamation_mark")
        await tester.wait_for("The state directory is empty: nothing to read.")
        await tester.press("escape")
        root.rmdir()
        await tester.wait_for(lambda: "Thereisnostatedirectoryat" in tester.unwrapped)
        root.mkdir()
        await tester.wait_for(lambda: "isempty." in tester.unwrapped)


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_root(gateway: GatewayRoot, size: tuple[int, int]) -> None:
    text = await first_screen(gateway.root, size, "No automations are configured")
    assert "clawtui demo" in text
    assert "automations/config/" in text


@pytest.mark.parametrize("which", ["root", "automations"])
async def test_a_root_without_permission(unprivileged: GatewayRoot, which: str) -> None:
    closed = unprivileged.root if which == "root" else unprivileged.automations
    closed.chmod(0)
    try:
        text = await first_screen(unprivileged.root, (120, 40), "may not be read: permission denied")
    finally:
        closed.chmod(0o700)
    assert "sudo -u USER clawtui" in text
    assert "clawtui demo" in text


async def test_a_file_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root/automations").write_text("")
    text = await first_screen(tmp_path / "root", (120, 40), "is a file where a directory should be")
    assert "clawtui --root DIR" in text


async def test_without_watchfiles_the_message_names_how_to_install_it(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    gateway.automation("alpha")
    text = await first_screen(gateway.root, (120, 40), "pip install", "Alpha")
    assert "Install it with: pip install watchfiles" in text
    assert "--root DIR" not in text


async def test_the_cursor_is_on_the_first_automation_once_there_are_some(tmp_path: Path) -> None:
    app = ClawtuiApp(StatePaths(tmp_path / "root"), host="gateway-1", clock=lambda: NOON, zone=UTC)
    async with app.run_test() as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_for("waiting")
        waiting = app.dashboard.view.fleet
        gateway = GatewayRoot(tmp_path / "root")
        gateway.automation("alpha")
        await tester.wait_for("Alpha")
        partly, table = app.dashboard.view.fleet, app.dashboard.view.automations.table
        gateway.automation("bravo")
        gateway.state("bravo")
        await tester.wait_for("▸  Bravo")
        whole = app.dashboard.view.fleet
        for fleet in (waiting, replace(partly, loaded=False), whole):
            app.dashboard.view.show_fleet(fleet)
        assert table.selected == "config/smart-sync-fork/bravo.json"


async def test_it_is_there_as_soon_as_the_gateway_writes(tmp_path: Path) -> None:
    app = ClawtuiApp(StatePaths(tmp_path / "state"), host="gateway-1", clock=lambda: NOON, zone=UTC)
    async with app.run_test(size=(120, 40)) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_for("There is no state directory")
        GatewayRoot(tmp_path / "state").automation("alpha")
        await tester.wait_for("Alpha")
        assert "clawtui demo" not in tester.text


@pytest.mark.parametrize("size", SIZES)
async def test_a_stock_gateway(tmp_path: Path, size: tuple[int, int]) -> None:
    with gateway_process(tmp_path / "root", "live"):
        text = await first_screen(tmp_path / "root", size, "OpenClaw 2026.9.6", "Job job-0")
    assert "50" in text


async def test_no_key_writes_to_a_stock_gateway(tmp_path: Path) -> None:
    root = tmp_path / "root"
    with gateway_process(root, "live"):
        before = fingerprint(root)
        app = ClawtuiApp(StatePaths(root), host="gateway-1", clock=lambda: NOON, zone=UTC)
        async with app.run_test(size=(120, 40)) as pilot:
            tester = DashboardTester(app, pilot)
            await tester.wait_for("OpenClaw 2026.9.6")
            for key in (
                "plus",
                "minus",
                "X",
                "U",
                "e",
                "v",
                "d",
                "L",
                "H",
                "F",
                "R",
                "p",
                "4",
                "X",
                "escape",
                "3",
                "f",
            ):
                await pilot.press(key)
            await tester.wait_for("OpenClaw 2026.9.6")
        assert fingerprint(root) == before
