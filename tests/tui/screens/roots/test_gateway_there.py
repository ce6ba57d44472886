"""A stock gateway on another host, in the list of several roots and in its dashboard here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.live.source import Source
from clawtui.model.listed_root import ListedRoot
from clawtui.roots.sources import local_source
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user.preferences import Startup
from tests.openclaw.gateway_store import GatewayStore, gateway_lock
from tests.operations.openclaw.test_run_command import install
from tests.remote.other_host import OtherHost
from tests.tui.dashboard_at_noon import DashboardTester
from tests.tui.dashboard_of_gateway import DEAD, HOUR_MS, ailing_gateway
from tests.tui.roots_list import gateway, listed, roots_list

LOG_LINE = {"_meta": {"logLevelName": "INFO"}, "0": '{"module":"cron"}'}


@pytest.fixture
def host(tmp_path: Path) -> OtherHost:
    return OtherHost(tmp_path, tmp_path / "there")


@pytest.fixture
def store(host: OtherHost) -> Iterator[GatewayStore]:
    """Yield a gateway there with a lock that it left, a long history, and a log."""
    store = ailing_gateway(host.root)
    gateway_lock(host.root, pid=DEAD, startTime=5, createdAt=datetime.now(UTC).isoformat())
    (began,) = store.connection.execute("SELECT min(started_at_ms) FROM cron_run_receipts WHERE job_id = 'failed'")
    for number in range(1, 31):
        start = began[0] - number * HOUR_MS
        store.receipt(f"old-{number}", "failed", "ok", start, start + 1000)
    log = host.root / "gateway.log"
    (host.root / "openclaw.json").write_text(json.dumps({"logging": {"file": str(log)}}))
    lines = (
        {**LOG_LINE, "2": f"a line about {id}", "1": {"jobId": id}, "time": datetime.now(UTC).isoformat()}
        for id in ("failed", "lost")
    )
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    yield store
    store.close()


async def test_the_list_shows_it_as_its_host_judges_it(tmp_path: Path, host: OtherHost, store: GatewayStore) -> None:
    gateway(tmp_path, "here", "sync-main")
    there = ListedRoot("work", "work", "blue", host="gw1")

    def make(root: ListedRoot) -> Source:
        return local_source(root) or host.make_source()

    async with roots_list([listed(tmp_path, "here"), there], make=make) as tester:
        await tester.wait_for(lambda: tester.row("work", "Job lost", "owner dead"))
        await tester.wait_for(lambda: tester.row("work", "Job missed", "missed 4"))
        assert tester.row("work", "Job alive", "owner alive")
        assert tester.row("here", "Sync Main")
        await tester.go_to("work", "Job failed")
        await tester.wait_for("job-failing: it failed 3 times in a row")
        store.job("failed", enabled=False)
        await tester.wait_for(lambda: tester.row("work", "Job failed", "disabled"))


async def test_its_dashboard_shows_its_log_and_runs_and_copies_the_commands(
    tmp_path: Path, host: OtherHost, store: GatewayStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = tmp_path / "calls"
    monkeypatch.setenv("PATH", install(tmp_path / "bin", f"echo $* >> {calls}")["PATH"])
    source = host.make_source()
    startup = Startup(source=source, environment={})
    app = ClawtuiApp(StatePaths(source.place), host="here", clock=lambda: datetime.now(UTC), zone=UTC, startup=startup)
    try:
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            tester = DashboardTester(app, pilot)
            await tester.wait_for("gateway down")
            await tester.press("F")
            await tester.wait_for("Job failed")
            await tester.press("L")
            await tester.wait_for("a line about failed")
            assert "a line about lost" not in tester.text
            await tester.press("escape", "1", "H")
            await tester.wait_for("Runs  1/33")
            await tester.press("escape", "x")
            await tester.wait_for("run it there")
            assert "$ OPENCLAW_STATE_DIR=/" in tester.text and "automations run failed" in tester.text
            assert "Run it ]" not in tester.text
            await tester.press("escape", "4", "down", "X")
            await tester.wait_for("clawtui --root work lock release tmp/openclaw-1000/gateway.state.lock")
            await tester.press("right", "enter")
            await tester.wait_for("the command sent to the terminal")
            await tester.press("D")
            await tester.wait_for("job-failing")
            await tester.press("y")
            await tester.wait_for("the command, which is for ")
            assert not calls.exists()
    finally:
        source.stop()
