"""Notifications: of what is news, as they were asked for, and never a storm."""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from textual.app import App

from clawtui.model.documents.settings import NotifySettings, Settings
from clawtui.model.findings.finding import Finding
from clawtui.operations.user.programs import run_notice_command
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.doctor_monitor import FindingsChanged
from clawtui.tui.controllers.user.notifications import together
from clawtui.tui.controllers.user.preferences import Startup
from clawtui.tui.terminal.escapes import clipboard, note_9, note_99, note_777, through
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.tui.dashboard_at_noon import DashboardTester

TMUX = {"TMUX": "/tmp/tmux-0/default,1,0"}


def failed(minutes: int) -> dict[str, object]:
    at = NOON + timedelta(minutes=minutes)
    return {"timestamp": iso(at), "status": "failed", "duration": 1000, "summary": "Push rejected"}


@dataclass
class TerminalOutput:
    """The notices that reached the terminal of a running app."""

    app: App[None]
    written: list[str] = field(default_factory=list)

    def record(self, monkeypatch: pytest.MonkeyPatch) -> None:
        driver = self.app._driver
        assert driver is not None
        monkeypatch.setattr(driver, "write", self.written.append)


async def started(tester: DashboardTester, app: ClawtuiApp, text: str) -> None:
    """Wait until ``text`` is shown and the notices have the fleet with which they compare the next one."""
    await tester.wait_until_loaded()
    await tester.wait_for(text)
    await tester.wait_for(lambda: app._notifier._fleet is not None and app._notifier._fleet.loaded)


async def test_a_failed_run_is_notified_in_each_configured_way(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("alpha", runHistory=[failed(-60)])
    settings = Settings(notify=NotifySettings(by=("toast", "bell", "osc9", "osc777")))
    startup = Startup(settings=settings, environment=TMUX)
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=startup)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await started(tester, app, "Alpha")
        output = TerminalOutput(app)
        output.record(monkeypatch)
        await pilot.pause()
        assert "alpha failed" not in tester.text
        gateway.automation("alpha", runHistory=[failed(1), failed(-60)])
        await tester.wait_for("alpha failed: Push rejected")
        assert "\a" in output.written
        assert through(note_9("clawtui: alpha failed: Push rejected"), TMUX) in output.written
        assert through(note_777("clawtui", "alpha failed: Push rejected"), TMUX) in output.written


async def test_events_that_are_not_configured_are_not_notified(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("alpha")
    startup = Startup(settings=Settings(notify=NotifySettings(on=("slot-leaked",), by=("bell",))), environment={})
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=startup)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await started(tester, app, "Alpha")
        output = TerminalOutput(app)
        output.record(monkeypatch)
        gateway.automation("alpha", runHistory=[failed(1)])
        await tester.wait_for("✗ failed")
        await pilot.pause(0.2)
        assert "\a" not in output.written


async def test_many_at_once_are_one(gateway: GatewayRoot) -> None:
    names = [f"fork-{letter}" for letter in "abcdef"]
    for name in names:
        gateway.automation(name)
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await started(tester, app, "Fork A")
        for name in names:
            gateway.automation(name, runHistory=[failed(1)])
        await tester.wait_for(lambda: tester.text.count("✗ failed  ") >= len(names))
        await tester.wait_for("fork-")
        assert len(app.messages.history) <= 2


async def test_a_newly_orphaned_lock_is_notified_and_an_old_one_is_not(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.lock("github.com/user/old", "alpha", acquiredAt=iso(NOON - timedelta(hours=1)), pid=2**22 - 1)
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_for("orphaned")
        # A lock that is read before everything has been loaded counts as one of the start.
        await tester.wait_for(lambda: app.dashboard.view.fleet.loaded and app._notifier._orphaned)
        assert "is orphaned" not in tester.text
        gateway.lock("github.com/user/new", "alpha", acquiredAt=iso(NOON - timedelta(hours=1)), pid=2**22 - 1)
        await tester.wait_for("the lock of github.com/user/new is orphaned")
        assert "github.com/user/old is orphaned" not in tester.text


async def test_a_newly_leaked_slot_is_notified_and_an_old_one_is_not(gateway: GatewayRoot) -> None:
    old, new = (Finding("slot-orphaned", "error", f"slot {number} of s", "its session is over") for number in (1, 2))
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        app.post_message(FindingsChanged((old,)))
        await pilot.pause()
        app.post_message(FindingsChanged((old, new)))
        await tester.wait_for("slot 2 of s: its session is over")
        assert "slot 1 of s:" not in tester.text


def test_several_events_are_one_notice_with_their_number() -> None:
    assert together("run-failed", [("a", "a failed")]) == "a failed"
    many = [(name, "") for name in "abcd"]
    assert together("run-failed", many) == "4 runs failed: a, b, c …"


def test_sequences_hold_nothing_that_the_terminal_would_act_on_besides() -> None:
    hostile = "a\x07b\x1b]0;title\x07;c"
    for sequence in (note_9(hostile), note_777(hostile, hostile)):
        assert sequence.count("\x1b") == 1
        assert sequence.count("\x07") == 1
    assert note_777("a;b", "c").count(";") == 3
    sent = clipboard("Größe\n").removeprefix("\x1b]52;c;").removesuffix("\x07")
    assert base64.b64decode(sent).decode() == "Größe\n"


def test_through_tmux_and_screen_they_are_wrapped() -> None:
    assert through("\x1b]9;a\x07", {}) == "\x1b]9;a\x07"
    assert through("\x1b]9;a\x07", TMUX) == "\x1bPtmux;\x1b\x1b]9;a\x07\x1b\\"
    assert through("\x1b]9;a\x07", {"STY": "1.x"}) == "\x1bP\x1b]9;a\x07\x1b\\"


def test_a_text_of_osc_9_is_never_taken_for_a_progress_bar() -> None:
    assert note_9("4;1;50") == "\x1b]9;(4;1;50)\x07"
    assert note_9(" 12 ; x") == "\x1b]9;( 12 ; x)\x07"
    assert note_9("9 runs failed") == "\x1b]9;9 runs failed\x07"
    assert note_9("a\x1b]9;4;1\x07") == "\x1b]9;a␛]9;4;1␇\x07"


def test_osc_99_has_its_texts_in_base64_under_one_id() -> None:
    sequence = note_99("clawtui", "alpha failed;\x1b\\ \x07" + "x" * 5000)
    title, body, rest = sequence.split("\x1b\\")
    assert rest == ""
    for part in (title, body):
        assert part.startswith("\x1b]99;i=")
        assert part.count("\x1b") == 1
    assert base64.b64decode(title.rpartition(";")[2]) == b"clawtui"
    assert base64.b64decode(body.rpartition(";")[2]).startswith("alpha failed;␛\\ ␇".encode())
    assert len(base64.b64decode(body.rpartition(";")[2])) <= 2048
    assert title.split(":")[0] == body.split(":")[0]
    assert note_99("clawtui", "other").split(":")[0] != title.split(":")[0], "another one does not replace it"


@pytest.mark.parametrize("environment", [TMUX, {"STY": "1.pts"}, {"ZELLIJ": "0"}, {}])
async def test_the_bell_rings_where_a_multiplexer_may_swallow_the_notice(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    gateway.automation("alpha")
    startup = Startup(settings=Settings(notify=NotifySettings(by=("osc99",))), environment=environment)
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=startup)
    async with app.run_test(size=(120, 40)) as pilot:
        tester = DashboardTester(app, pilot)
        await started(tester, app, "Alpha")
        output = TerminalOutput(app)
        output.record(monkeypatch)
        gateway.automation("alpha", runHistory=[failed(1)])
        await tester.wait_for(lambda: any("]99;" in text for text in output.written))
        assert ("\a" in output.written) == bool(environment)


async def test_ones_own_command_is_run_without_a_shell_with_the_event_in_its_environment(
    gateway: GatewayRoot, tmp_path: Path
) -> None:
    gateway.automation("alpha")
    out = tmp_path / "out"
    program = "import os,sys; open(sys.argv[1],'w').write('|'.join(os.environ['CLAWTUI_'+x] for x in sys.argv[2:]))"
    command = (sys.executable, "-c", program, str(out), "EVENT", "SUBJECT", "TEXT", "ROOT")
    notify = NotifySettings(on=("run-finished",), by=(), command=command)
    startup = Startup(settings=Settings(notify=notify), environment={})
    app = ClawtuiApp(StatePaths(gateway.root), host="h", clock=lambda: NOON, zone=UTC, startup=startup)
    async with app.run_test(size=(120, 40)) as pilot:
        tester = DashboardTester(app, pilot)
        await started(tester, app, "Alpha")
        gateway.automation(
            "alpha", runHistory=[failed(1) | {"status": "success", "summary": "$(touch x); `id`\x1b[2J"}]
        )
        await tester.wait_for(lambda: out.exists() and out.read_text() != "")
    text = "alpha ended, success: $(touch x); `id`␛[2J"
    assert out.read_text() == f"run-finished|alpha|{text}|{gateway.root}"


def test_a_notice_command_that_fails_is_reported(tmp_path: Path) -> None:
    assert "no such file" in (run_notice_command([str(tmp_path / "nope")], {}) or "")
    assert "status 3" in (run_notice_command(["sh", "-c", "exit 3"], {}) or "")
    assert "was killed" in (run_notice_command(["sleep", "60"], {}, patience=0.05) or "")
    assert run_notice_command(["true"], {}) is None
