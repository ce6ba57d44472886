"""A lock that names the host of another root: judged there, shown with that host's name, released on its verdict."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.model.documents.settings import RootSettings, Settings
from clawtui.remote.command import SSH_COMMAND
from clawtui.roots.foreign_locks import ForeignLocks
from clawtui.roots.listing import list_roots
from clawtui.roots.sources import source_maker
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user.preferences import Startup
from tests.operations.evidence.test_processes import ended_pid
from tests.remote.other_host import OTHER_NAME, OtherHost, can_rename
from tests.tui.dashboard_at_noon import DashboardTester
from tests.tui.roots_list import gateway, listed, roots_list


@pytest.mark.skipif(not can_rename(), reason="needs a UTS namespace")
async def test_a_lock_is_judged_on_the_host_that_it_names_and_released_with_its_word_in_the_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    home, there = gateway(tmp_path, "home", "r"), gateway(tmp_path, "there", "two")
    pid = ended_pid()
    lock = home.lock("github.com/u/r", "r", hostname="gw1-host", pid=pid)
    host = OtherHost(tmp_path, there.root)
    renamed = f'{shlex.join(OTHER_NAME)} sh -c "hostname gw1-host; exec $command"'
    monkeypatch.setenv(SSH_COMMAND, shlex.quote(str(host.script(f"exec {renamed}"))))
    command = shlex.join([sys.executable, "-m", "clawtui"])
    settings = Settings(roots={"work": RootSettings(host="gw1", path=str(there.root), command=command)})
    (work,) = list_roots((), settings)
    make = source_maker(settings, lambda: datetime.now(UTC))
    async with roots_list([listed(tmp_path, "home"), work], make=make) as tester:
        await tester.wait_for(lambda: tester.row("work", "Two"), 60)
        await tester.wait_for(lambda: "home !1" in tester.rows[0], 60)  # orphaned, by the word of gw1-host

        foreign = ForeignLocks(tester.app._sources).of("home")
        startup = Startup(foreign=foreign, environment={})
        app = ClawtuiApp(StatePaths(home.root), host="here", zone=UTC, startup=startup)
        async with app.run_test(size=(130, 40), notifications=True) as pilot:
            dashboard = DashboardTester(app, pilot)
            await dashboard.wait_until_loaded()
            await dashboard.press("4")
            await dashboard.wait_for("orphaned")
            await dashboard.press("X")
            await dashboard.wait_for("judged on gw1-host at")
            assert f"pid {pid} is gone" in dashboard.text
            assert "github.com/u/r is free for the next run" in dashboard.text
            await dashboard.press(*"github.com/u/r", "enter")
            await dashboard.wait_for("✓ Released: github.com/u/r")
    assert not lock.exists()
    intent = Audit().recent()[0]
    assert (intent.verdict, intent.consent) == ("foreign", "typed")
    assert any("judged on gw1-host at" in fact for fact in intent.facts or ())
