"""A stock gateway's lock files: released where the owner is dead, in the steps of repository locks; no others are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clawtui.files.fs import renameat2
from clawtui.model.documents.audit import Actor
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused
from clawtui.operations.doctor.interrupted import find_interrupted
from clawtui.operations.evidence.process_visibility import why_hidden
from clawtui.operations.evidence.processes import start_ticks
from clawtui.operations.locks.restore import restorable, restore
from clawtui.operations.openclaw.release_lock import (
    ReleasedOwnedLock,
    find_owned_lock,
    look_at_owned_lock,
    release_owned_lock,
)
from clawtui.operations.openclaw.report import report_gateway
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit
from tests.openclaw.gateway_store import GatewayStore, gateway_lock, json_store
from tests.openclaw.gateways import fingerprint
from tests.operations.openclaw.lock_taker import NO_PID

GATEWAY = "tmp/openclaw-1000/gateway.state.lock"
SESSION = "agents/main/sessions/0a66.jsonl.lock"
TAKER = Path(__file__).with_name("lock_taker.py")

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

    def restore(self, key: str) -> None:
        actor = Actor(user="alice", pid=NO_PID, hostname="ops")
        restore(StatePaths(self.root), key, actor, now, audit=Audit(self.own))


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


@contextmanager
def taker(path: Path, mode: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(TAKER), str(path), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait()


@pytest.mark.parametrize("path", [GATEWAY, SESSION])
def test_a_dead_owners_lock_is_set_aside_on_record_and_given_back(stock: Stock, path: str) -> None:
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


def test_a_process_that_takes_the_lock_while_it_is_released_keeps_it(
    stock: Stock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At the last instant: between the comparison and the rename, so that its lock is moved, and put back."""
    file, rename = stock.lock(GATEWAY), renameat2.rename_aside
    processes = []

    def taken_first(directory: int, name: str, aside: str, *, final: bool = False) -> None:
        process = subprocess.Popen(
            [sys.executable, str(TAKER), str(file), "once"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdout is not None and process.stdout.readline() == "taken\n"
        rename(directory, name, aside, final=final)

    monkeypatch.setattr("clawtui.storage.locks.lock_file.rename_aside", taken_first)
    try:
        with pytest.raises(Changed, match="is another lock by now"):
            stock.release(GATEWAY)
        assert [path.name for path in file.parent.iterdir()] == [file.name]
        assert look_at_owned_lock(stock.root, GATEWAY, now()).judged.verdict == "live"
        assert Audit(stock.own).recent()[-1].outcome == "changed"
    finally:
        for process in processes:
            process.communicate()


def test_no_lock_is_lost_in_a_race_with_a_process_that_takes_it(tmp_path: Path) -> None:
    json_store(tmp_path / "root", [])
    stock = Stock(tmp_path / "root", tmp_path / "own")
    stock.lock(GATEWAY)
    released: list[ReleasedOwnedLock] = []
    until = time.monotonic() + 60
    with taker(stock.root / GATEWAY, "race") as process:
        while len(released) < 3 and time.monotonic() < until:
            try:
                released.append(stock.release(GATEWAY))
            except Overlap as error:
                pytest.fail(str(error))
            except (Changed, NoSuch, Refused):
                continue
        output, _ = process.communicate("end\n")
    assert json.loads(output)["lost"] == []
    assert len(released) == 3
    moved = [json.loads((stock.root / each.aside.path).read_text()) for each in released]
    assert {lock["pid"] for lock in moved} == {NO_PID}
