"""Acts on a root on another host: done there once, recorded there, and looked up when the connection breaks."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.model.errors import Changed, Refused
from clawtui.model.fleet import Fleet
from clawtui.operations.acts.protocol import LockLook
from clawtui.remote.client.acts import RemoteActs
from clawtui.remote.client.source import RemoteSource
from clawtui.remote.command import Unreachable
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit
from tests.gateway_root import GatewayRoot
from tests.remote.cutting_ssh import cutting_body
from tests.remote.other_host import OtherHost
from tests.waiting import wait_until

KEY = "github.com/user/sync-main"
DEAD = 2**22 + 1


@pytest.fixture
def host(tmp_path: Path, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> OtherHost:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.7 50122 10.0.0.1 22")
    gateway.dispatcher()
    gateway.automation("sync-main")
    gateway.lock(KEY, "sync-main", pid=DEAD)
    return OtherHost(tmp_path, gateway.root)


@pytest.fixture
def source(host: OtherHost) -> Iterator[RemoteSource]:
    source = host.source(cutting_body(host.place))
    host.until(lambda fleet: fleet.loaded and fleet.locks)
    yield source
    source.stop()


def acts_of(source: RemoteSource) -> RemoteActs:
    return RemoteActs(source.exchange, StatePaths(source.place))


def look(acts: RemoteActs, fleet: Fleet) -> LockLook:
    (path,) = fleet.locks
    return acts.look_at_lock(path, fleet, datetime.now(UTC))


def locks(gateway: GatewayRoot) -> list[str]:
    return sorted(each.name for each in (gateway.automations / "locks").iterdir())


def test_acts_are_done_there_with_their_facts_fingerprints_and_audit(
    host: OtherHost, source: RemoteSource, gateway: GatewayRoot
) -> None:
    acts, doubts = acts_of(source), list[str]()
    fleet = host.fleets[-1]
    seen = look(acts, fleet)
    assert seen.report is not None
    assert seen.report.judged.verdict == "orphaned"
    assert str(DEAD) in seen.report.judged.facts[0]
    assert any("is free for the next run" in text for text in seen.follows)
    released = acts.release_lock(seen.report, doubts.append)
    assert (released.key, released.aside.released) == (KEY, True)
    with pytest.raises(Changed, match="is gone by now"):
        acts.release_lock(seen.report, doubts.append)
    assert acts.watch_after(released, iter((0.0, 5.0, 11.0, 11.0)).__next__, lambda seconds: None).taken is None

    (meant,) = acts.restorable_locks(datetime.now(UTC))
    assert (meant.key, meant.aside, acts.hindrance(meant)) == (KEY, released.aside, None)
    acts.restore_lock(meant, doubts.append)
    assert acts.restorable_locks(datetime.now(UTC)) == ()

    (automation,) = fleet.automations.values()
    assert automation.config.stamp is not None
    message, version = acts.set_enabled(automation, False, automation.config.stamp, doubts.append)
    assert "sync-main is disabled" in message
    host.until(lambda fleet: [each.config.stamp for each in fleet.automations.values()] == [version])
    with pytest.raises(Changed):
        acts.set_enabled(automation, True, automation.config.stamp, doubts.append)
    assert doubts == []

    done = {record.event: record for record in Audit().recent() if record.actor is not None}
    assert done.keys() == {"lock-release", "lock-restore", "automation-disable"}
    for record in done.values():
        assert record.actor is not None
        assert record.actor.ssh == "10.0.0.7"
        assert record.actor.connection == "10.0.0.7 50122 10.0.0.1 22"
        assert (record.actor.asked_by or "").endswith(f" on {os.uname().nodename}")


def test_a_release_whose_connection_is_cut_is_unknown_then_looked_up_and_never_done_twice(
    host: OtherHost, source: RemoteSource, gateway: GatewayRoot
) -> None:
    acts, doubts, before = acts_of(source), list[str](), locks(gateway)
    report = look(acts, host.fleets[-1]).report
    assert report is not None
    for step in ("before-request", "before-act"):
        (host.place / "cut").write_text(step)
        with pytest.raises(Unreachable, match=r"had not arrived at work .* nothing was done"):
            acts.release_lock(report, doubts.append)
    stopped = int((host.place / "stopped").read_text())
    os.kill(stopped, signal.SIGCONT)  # it goes on with the request that it had not read
    wait_until(lambda: not Path(f"/proc/{stopped}").exists(), 60, "the end of the agent")
    assert locks(gateway) == before
    assert Audit().recent() == ()

    (host.place / "cut").write_text("before-answer")
    assert acts.release_lock(report, doubts.append).key == KEY
    assert KEY.encode() in next((gateway.automations / "locks").glob("*.released")).read_bytes()
    assert [record.outcome for record in Audit().recent()] == [None, "done"]
    assert len(doubts) == 3
    assert all("whether it was done is unknown" in text for text in doubts)


def test_an_act_is_refused_without_a_connection_and_where_the_other_end_is_read_only(
    host: OtherHost, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = host.place / "config/clawtui/config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("read-only = true\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(host.place / "config"))
    source = host.make_source()
    acts = acts_of(source)
    try:
        assert "no connection to work" in (
            acts.look_at_lock("locks/x.lock", Fleet(""), datetime.now(UTC)).why_not or ""
        )
        source.start(host.fleets.append)
        fleet = host.until(lambda fleet: fleet.loaded and fleet.locks)
        report = look(acts, fleet).report
        assert report is not None
        with pytest.raises(Refused, match="work: the settings say read-only"):
            acts.release_lock(report, lambda text: None)
        assert json.loads(next((gateway.automations / "locks").glob("*.lock")).read_text())["pid"] == DEAD
    finally:
        source.stop()
