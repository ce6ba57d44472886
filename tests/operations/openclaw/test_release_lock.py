"""A stock gateway's lock files: released where the owner is dead, in the steps of repository locks; no others are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clawtui.model.documents.audit import Actor
from clawtui.model.errors import ClawtuiError, Refused
from clawtui.operations.doctor.interrupted import find_interrupted
from clawtui.operations.evidence.processes import start_ticks, why_hidden
from clawtui.operations.locks.restore import restorable, restore
from clawtui.operations.openclaw.release_lock import (
    ReleasedOwnedLock,
    find_owned_lock,
    look_at_owned_lock,
    release_owned_lock,
)
from clawtui.operations.openclaw.report import report_gateway
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit
from tests.openclaw.gateway_store import GatewayStore, gateway_lock, json_store
from tests.openclaw.gateways import fingerprint
from tests.operations.openclaw.lock_taker import NO_PID

GATEWAY = "tmp/openclaw-1000/gateway.state.lock"
SESSION = "agents/main/sessions/0a66.jsonl.lock"

pytestmark = pytest.mark.skipif(why_hidden() is not None, reason="not all processes can be seen from here")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Stock:
    """The root of a stock gateway, and the audit of its operator."""

    root: Path
    own: Path

    def lock(self, path: str, **fields: object) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        start = "starttime" if path == SESSION else "startTime"
        file.write_text(
            json.dumps({"pid": NO_PID, "createdAt": now().isoformat(), start: 5} | fields) + "\n" + " " * 80
        )
        return file

    def release(self, path: str, version: str | None = None) -> ReleasedOwnedLock:
        actor = Actor(user="alice", pid=NO_PID, hostname="ops")
        seen = version or look_at_owned_lock(self.root, path, now()).fingerprint
        return release_owned_lock(self.root, path, seen, actor, now, audit=Audit(self.own))

    def restore(self, key: str, at: datetime | None = None) -> None:
        actor = Actor(user="alice", pid=NO_PID, hostname="ops")
        restore(StatePaths(self.root), key, actor, lambda: at or now(), audit=Audit(self.own))


@pytest.fixture(params=["sqlite", "json"])
def stock(request: pytest.FixtureRequest, tmp_path: Path) -> Stock:
    root = tmp_path / "root"
    root.mkdir()
    if request.param == "sqlite":
        store = GatewayStore(root)
        store.job("a")
        store.close()
    else:
        json_store(root, [])
    return Stock(root, tmp_path / "own")


@pytest.mark.parametrize("path", [GATEWAY, SESSION])
def test_a_dead_owners_lock_is_released_with_a_record_and_restored(stock: Stock, path: str) -> None:
    before = stock.lock(path).read_bytes()
    rest = fingerprint(stock.root)
    released = stock.release(path)
    assert not (stock.root / path).exists()
    assert (stock.root / released.aside.path).read_bytes() == before
    assert (released.judged.verdict, released.complaints) == ("orphaned", ())
    intent, outcome = Audit(stock.own).recent()
    assert (intent.event, intent.path, intent.verdict, intent.outcome) == ("lock-release", path, "orphaned", None)
    assert (intent.lock or "").encode() == before and f"pid {NO_PID} is gone" in (intent.facts or ())
    assert (outcome.outcome, outcome.aside, intent.root) == ("done", released.aside.path, os.path.realpath(stock.root))
    changed = set(fingerprint(stock.root).items() ^ rest.items())
    assert {name for name, _ in changed} == {path, released.aside.path, path.rpartition("/")[0]}
    (kept,) = restorable(StatePaths(stock.root), now())
    assert (kept.key, kept.holder) == (path, f"pid {NO_PID}")
    stock.restore(path)
    assert (stock.root / path).read_bytes() == before
    assert not (stock.root / released.aside.path).exists()
    assert not (stock.root / "automations").exists()
    assert find_interrupted(StatePaths(stock.root), now(), audit=Audit(stock.own)) == ()


def test_a_lock_that_was_taken_again_is_not_overwritten_by_a_restore(stock: Stock) -> None:
    stock.lock(GATEWAY)
    stock.release(GATEWAY)
    fresh = stock.lock(GATEWAY, pid=os.getpid()).read_bytes()
    with pytest.raises(Refused, match=f"is locked again, by pid {os.getpid()}"):
        stock.restore(GATEWAY)
    assert (stock.root / GATEWAY).read_bytes() == fresh


def test_an_interrupted_release_is_reported_with_its_fix(stock: Stock) -> None:
    lock = stock.lock(GATEWAY)
    before = lock.read_bytes()
    code = (
        "import os, sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from clawtui.storage.locks.lock_file import HeldLock\n"
        "from clawtui.operations.openclaw.release_lock import *; from clawtui.operations.user.actor import this_actor\n"
        "HeldLock.rename_aside = lambda *_: os._exit(9)\n"
        "root, path, now = Path(sys.argv[1]), sys.argv[2], lambda: datetime.now(UTC)\n"
        "seen = look_at_owned_lock(root, path, now()).fingerprint\n"
        "release_owned_lock(root, path, seen, this_actor(), now, audit=Audit(Path(sys.argv[3])))\n"
    )
    command = [sys.executable, "-c", code, str(stock.root), GATEWAY, str(stock.own)]
    assert subprocess.run(command).returncode == 9
    assert not lock.exists()
    later = now() + timedelta(minutes=1)
    (leftover,) = find_interrupted(StatePaths(stock.root), later, audit=Audit(stock.own))
    assert f"the lock of pid {NO_PID} is set aside" in leftover.text and "cut short" in leftover.text
    assert leftover.fix == f"clawtui --root {stock.root} lock restore {GATEWAY}"
    stock.restore(GATEWAY, later)
    assert lock.read_bytes() == before


def unjudged() -> dict[str, dict[str, Any]]:
    me = os.getpid()
    return {
        "live": {"pid": me, "startTime": start_ticks(me)},
        "quiet": {"pid": me, "startTime": None},
        "invalid": {"pid": "many"},
    }


@pytest.mark.parametrize("verdict", unjudged())
def test_a_lock_whose_owner_may_live_is_never_moved(stock: Stock, verdict: str) -> None:
    stock.lock(GATEWAY, **unjudged()[verdict])
    before = fingerprint(stock.root)
    with pytest.raises(Refused, match=f"is {verdict}: .*Nothing was done") as refused:
        stock.release(GATEWAY)
    assert refused.value.reason.count("\n") == 1
    assert fingerprint(stock.root) == before
    assert Audit(stock.own).recent()[-1].outcome == "refused"


def test_a_lock_of_another_host_is_never_moved(stock: Stock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clawtui.operations.evidence.host.network_file_system", lambda base: "nfs4")
    stock.lock(GATEWAY)
    with pytest.raises(Refused, match="is foreign"):
        stock.release(GATEWAY)
    assert (stock.root / GATEWAY).exists()


@pytest.mark.parametrize(
    "path", ["openclaw.json", "state/openclaw.sqlite", "tmp/openclaw-1000/other.lock", "tmp/a.lock"]
)
def test_no_other_file_is_moved(stock: Stock, path: str) -> None:
    stock.lock(path)
    with pytest.raises(Refused, match="is no lock file"):
        stock.release(path, "any")
    assert (stock.root / path).exists()


def test_a_lock_outside_the_root_is_shown_and_never_moved(stock: Stock, tmp_path: Path) -> None:
    outside = gateway_lock(tmp_path / "else", pid=NO_PID, configPath=str(stock.root / "openclaw.json"))
    report = report_gateway(stock.root, now(), temporary=tmp_path / "else/tmp")
    assert [each.lock.path for each in report.locks] == [str(outside)]
    with pytest.raises(Refused, match="is outside of"):
        find_owned_lock(report, str(outside))
    linked = stock.root / "agents/main/sessions"
    linked.parent.mkdir(parents=True)
    (tmp_path / "sessions").mkdir()
    linked.symlink_to(tmp_path / "sessions")
    elsewhere = tmp_path / "sessions/0a66.jsonl.lock"
    elsewhere.write_text(json.dumps({"pid": NO_PID}))
    with pytest.raises(ClawtuiError):
        stock.release(SESSION)
    assert elsewhere.exists() and outside.exists()
