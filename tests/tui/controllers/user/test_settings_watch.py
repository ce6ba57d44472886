"""The settings file, changed while the dashboard is open."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest

from clawtui.storage.paths import StatePaths
from clawtui.storage.user.settings_file import load_settings
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user import settings_watch
from clawtui.tui.controllers.user.preferences import Startup, settings_news
from tests.gateway_root import NOON, GatewayRoot
from tests.tui.controllers.user.test_notifications import TerminalOutput, failed
from tests.tui.dashboard_at_noon import DashboardTester


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings_watch.SettingsWatch.__init__, "__defaults__", (0.02,))


def app_with(gateway: GatewayRoot, file: Path) -> ClawtuiApp:
    startup = Startup(settings=load_settings(file).settings, settings_file=file, environment={})
    return ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=startup)


async def test_changed_settings_take_effect_or_are_named(
    gateway: GatewayRoot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config.toml"
    gateway.automation("alpha")
    app = app_with(gateway, file)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        theme = app.theme
        assert "LAST RUN" in tester.text
        new = tmp_path / "new"
        new.write_text(
            'theme = "light"\nquiet-after = "1h"\n[notify]\nby = ["bell"]\n[columns]\nautomations = ["automation"]\n'
            '[keys]\n"app.help" = "f9"\n'
        )
        new.replace(file)
        news = "The next start of clawtui has the new quiet-after."
        await tester.wait_for(lambda: any(news in message.text for message in app.messages.history))
        assert app.theme != theme
        assert "LAST RUN" not in tester.text
        output = TerminalOutput(app)
        output.record(monkeypatch)
        gateway.automation("alpha", runHistory=[failed(1)])
        await tester.wait_for(lambda: "\a" in output.written)
        file.unlink()
        await tester.wait_for(lambda: app.theme == theme)
        await tester.wait_for("LAST RUN")


async def test_a_settings_file_with_a_fault_is_reported_and_ignored(gateway: GatewayRoot, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('theme = "light"\n')
    gateway.automation("alpha")
    app = app_with(gateway, file)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        theme = app.theme
        new = tmp_path / "new"
        new.write_text('theme = "lig\n')
        new.replace(file)
        await tester.wait_for("The settings stay as they were")
        assert app.theme == theme


def test_the_news_names_each_setting_once() -> None:
    assert settings_news(["theme", "notify"]) == "The settings have changed: theme, notify."
    assert settings_news(["root", "quiet_after"]) == "The next start of clawtui has the new root, quiet-after."
