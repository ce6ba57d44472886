"""The title of the window: what needs a look and what runs, at a glance in a list of windows."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user import window_title
from clawtui.tui.controllers.user.preferences import Startup
from tests.gateway_root import NOON, GatewayRoot
from tests.tui.controllers.user.test_notifications import TerminalOutput, failed
from tests.tui.dashboard_at_noon import DashboardTester
from tests.tui.dashboard_of_gateway import ailing_gateway


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window_title, "GAP", 0.01)


def app_in(gateway: GatewayRoot, term: str) -> ClawtuiApp:
    startup = Startup(environment={"TERM": term})
    return ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=startup)


async def test_the_title_follows_the_fleet_and_is_restored(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("alpha")
    app = app_in(gateway, "xterm-256color")
    async with app.run_test(size=(120, 40)) as pilot:
        output = TerminalOutput(app)
        output.record(monkeypatch)
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        gateway.automation("bravo", runHistory=[failed(-5)])
        gateway.write("config/smart-sync-fork/broken.json", "{")
        gateway.state("alpha")
        gateway.lock("github.com/user/repo", "alpha", hostname="elsewhere")
        await tester.wait_for(lambda: "\x1b]2;clawtui ✗2 ▸1\x07" in "".join(output.written))
        gateway.state("alpha", status="completed")
        await tester.wait_for(lambda: "".join(output.written).endswith("\x1b]2;clawtui ✗2\x07"))
    written = "".join(output.written)
    assert written.count("\x1b[22;2t") <= 1, "the title of before is remembered once"
    assert "\x1b[23;2t" in written


async def test_a_run_whose_owner_is_dead_needs_a_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ailing_gateway(tmp_path)
    app = app_in(GatewayRoot(tmp_path), "xterm-256color")
    async with app.run_test(size=(120, 40)) as pilot:
        output = TerminalOutput(app)
        output.record(monkeypatch)
        await DashboardTester(app, pilot).wait_for(lambda: "\x1b]2;clawtui ✗2 ▸1\x07" in "".join(output.written))


async def test_a_terminal_without_a_title_gets_none(gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway.automation("alpha")
    app = app_in(gateway, "linux")
    async with app.run_test(size=(120, 40)) as pilot:
        output = TerminalOutput(app)
        output.record(monkeypatch)
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        gateway.automation("bravo", runHistory=[failed(-5)])
        await tester.wait_for("✗ failed")
    assert not [text for text in output.written if "\x1b]2;" in text or "\x1b[23;2t" in text]
