"""The dashboard here over a root on another host, whose agent is real and whose ``ssh`` is a script."""

from __future__ import annotations

import os
from datetime import UTC, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import psutil
import pytest
from textual.app import App

from clawtui.model.connection import Connection
from clawtui.model.fleet import Fleet
from clawtui.remote.sources import acts_over
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.remote_commands import RemoteCommands
from clawtui.tui.controllers.user.preferences import Startup
from tests.gateway_root import NOON, GatewayRoot, run_entry
from tests.remote.cutting_ssh import cutting_body
from tests.remote.other_host import OtherHost
from tests.tui.dashboard_at_noon import DashboardTester

LOG = "logs/smart-sync-fork/sync-main-2025-01-26-11-55-00.jsonl"


async def test_all_panes_show_the_other_host_and_acts_are_done_there_or_refused_with_the_command_that_does_them(
    tmp_path: Path, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    gateway.dispatcher()
    gateway.automation("sync-main")
    gateway.state("sync-main")
    gateway.progress("sync-main", ("Cloned it", 10), ("Merging it", 50))
    lock = gateway.lock("github.com/user/r", "sync-main", pid=2**22 + 1)
    early = [run_entry("sync-main", f"early {number}{' needle' if number == 700 else ''}") for number in range(2500)]
    gateway.append_log(LOG, *early, *(run_entry("sync-main", f"entry {number}") for number in range(3)))
    earlier = "logs/smart-sync-fork/sync-main-2025-01-26-10-55-00.jsonl"
    gateway.append_log(earlier, run_entry("sync-main", "an earlier entry", NOON - timedelta(hours=1)))
    host = OtherHost(tmp_path, gateway.root)
    source = host.make_source(cutting_body(tmp_path))
    startup = Startup(source=source, acts=lambda: acts_over(source), environment={})
    app = ClawtuiApp(StatePaths(source.place), host="here", clock=lambda: NOON, zone=UTC, startup=startup)
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        for shown in ("work", " ms", "Sync Main", "Cloned it", "entry 2", "orphaned"):
            await tester.wait_for(shown, 60)

        gateway.append_log(LOG, run_entry("sync-main", "a new entry"))
        await tester.wait_for("a new entry")
        gateway.automation("another-one")
        await tester.wait_for("Another One")

        await tester.press("3", "home")  # more than the end of a log is sent where it is asked for
        await tester.wait_for("early 0")
        await tester.press("slash", *"needle", "enter")
        await tester.wait_for("early 700 needle")
        await tester.wait_for("1 of 1")
        await tester.press("f")
        await tester.wait_for("a new entry")

        assert "Log in with ssh" in {each.title for each in app.get_system_commands(app.screen)}
        await tester.press("4")
        await tester.wait_for(lambda: app.dashboard.view.locks.table.selected)
        await tester.press("d")
        await tester.wait_for(f"judged on {os.uname().nodename} at")
        await tester.press("escape", "X")
        await tester.wait_for("[ Release ]")
        assert f"judged on {os.uname().nodename} at" in tester.text
        (tmp_path / "cut").write_text("before-answer")
        host.script("echo 'work: No route to host' >&2; exit 255")
        await tester.press("right", "enter")
        await tester.wait_for("whether it was done is unknown", 60)  # until there is a connection again
        assert not lock.exists()
        host.script(cutting_body(tmp_path))
        await tester.wait_for("✓ Released: github.com/user/r", 60)
        await tester.press("U")
        await tester.wait_for("[ Restore ]")
        await tester.press("right", "enter")
        await tester.wait_for("Restored: github.com/user/r")
        assert lock.exists()
        await tester.press("1", "minus")
        await tester.wait_for("sync-main is disabled")
        assert b"enabled: false" in (gateway.automations / "config/smart-sync-fork/sync-main.json").read_bytes()
        for key, command in (
            ("D", "clawtui --root work doctor"),
            ("a", "clawtui --root work artifact list sync-main"),
            ("e", "clawtui automation edit sync-main"),
        ):
            await tester.press(key)
            await tester.wait_for(command)

        await tester.press("A")
        await tester.wait_for("lock-restored")
        await tester.press("home")
        await tester.wait_for("an earlier entry")
        await tester.press("v")
        await tester.wait_for("only the log in the pane Log is here")
        await tester.press("escape", "escape")
        await tester.wait_for("1 Automations")
        source.logs.are_merged = False  # as of an older agent
        await tester.press("A")
        await tester.wait_for("is too old to send all logs as one: update it there")
        await tester.wait_for("`clawtui --root work logs --all --since 1h`")

        host.script("echo 'gw1: Connection refused' >&2; exit 255")
        for child in psutil.Process().children(recursive=True):
            if "agent" in child.cmdline():
                child.kill()
        await tester.wait_for("No connection to work since")
        for shown in ("Connection refused", "the last state is shown", "Sync Main", "a new entry", "orphaned"):
            await tester.wait_for(shown)
    assert not source.place.exists()


def test_a_refusal_begins_with_the_command_that_does_it() -> None:
    said: list[str] = []
    app = cast("App[None]", SimpleNamespace(notify=lambda text, **_: said.append(text)))
    fleet = Fleet("work", connection=Connection("work", "connected", host="gw1"))
    commands = RemoteCommands(app, lambda: fleet, lambda: None)
    assert commands.run("workspaces") and commands.run("new") and commands.refuses_freeing()
    assert said[0].startswith("`clawtui --root work workspace list` does it")
    assert said[1].startswith("Log in on gw1 and run `clawtui automation create`")
    assert said[2].startswith("`clawtui --root work slot list` does it")
    assert not commands.run("help")
