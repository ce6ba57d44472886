"""The record of acts: done once, withdrawn when looked up too early, and found by their traces after a kill."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from clawtui.model.errors import Unwritable
from clawtui.model.liveness.consent import Consent
from clawtui.operations.locks.release import Target, release
from clawtui.operations.user.actor import this_actor
from clawtui.remote.agent.act_once import do_once, look_up
from clawtui.remote.agent.traces import outcome_by_traces
from clawtui.remote.messages.acts import ActOutcome
from clawtui.storage.locks.audit_fields import intent_fields
from clawtui.storage.locks.capture import capture
from clawtui.storage.locks.released_locks import named_aside
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.act_records import KEPT, hold_act
from clawtui.storage.user.audit import Audit
from clawtui.storage.user.audit_trail import AuditTrail
from tests.gateway_root import NOON, GatewayRoot

ID = "0123456789abcdef0123456789abcdef"


def outcome(message: str = "it is done") -> ActOutcome:
    return ActOutcome(id=ID, state="done", at=NOON, message=message)


def nothing() -> None:
    return None


def test_an_act_is_done_once_and_its_outcome_is_kept(tmp_path: Path) -> None:
    done: list[str] = []

    def act() -> ActOutcome:
        done.append(look_up(ID, NOON, nothing, tmp_path).state)
        return outcome()

    assert do_once(ID, NOON, act, tmp_path) == outcome()
    assert do_once(ID, NOON, act, tmp_path) == outcome()
    assert look_up(ID, NOON, nothing, tmp_path) == outcome()
    assert done == ["running"]
    (record,) = (tmp_path / "acts").iterdir()
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    old = (NOON - KEPT - timedelta(days=1)).timestamp()
    os.utime(record, (old, old))
    look_up(ID.replace("0", "f"), NOON, nothing, tmp_path)
    assert not record.exists()


def test_an_act_that_is_looked_up_before_it_arrives_is_withdrawn(tmp_path: Path) -> None:
    assert look_up(ID, NOON, nothing, tmp_path).state == "withdrawn"
    assert do_once(ID, NOON, lambda: pytest.fail("it was done"), tmp_path).state == "withdrawn"


def test_an_act_without_a_record_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "acts").write_text("in the way")
    refused = do_once(ID, NOON, lambda: pytest.fail("it was done"), tmp_path)
    assert (refused.state, "nothing is done without a record" in refused.message) == ("unwritable", True)
    assert look_up(ID, NOON, nothing, tmp_path).state == "unknown"


class FullDisk(Audit):
    """An audit that takes the intent and no more."""

    def record(self, record: object) -> None:
        if Audit().recent():
            raise Unwritable("no space left on device")
        super().record(record)  # type: ignore[arg-type]


@pytest.mark.parametrize("moved", [False, True])
def test_an_interrupted_release_is_found_by_its_files(
    tmp_path: Path, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    paths, path = StatePaths(gateway.root), gateway.lock("github.com/user/r", "r", pid=2**22 + 1)
    relative = path.relative_to(gateway.automations).as_posix()
    found = capture(paths.automations, relative)
    assert found is not None
    assert found.fingerprint is not None
    with hold_act(ID, NOON) as record:
        record.append(b'{"state":"begun"}')
    if moved:
        target = Target(relative, found.fingerprint)
        release(paths, target, Consent.TYPED, this_actor(), lambda: NOON, audit=FullDisk(), token=ID[:8])
    else:
        aside = named_aside(relative, NOON, ID[:8])
        trail = AuditTrail(paths.automations, Audit(), this_actor(), lambda: NOON, "lock-release", aside.token)
        trail.intend(aside.lock, intent_fields(aside, found.reading, None))
    traces = partial(outcome_by_traces, paths, ID, ID[:8], NOON)
    looked_up = look_up(ID, NOON, traces)
    assert looked_up == look_up(ID, NOON, nothing), "it is on record by now"
    if moved:
        assert looked_up.state == "done"
        assert looked_up.aside is not None
        assert (gateway.automations / looked_up.aside.path).exists()
    else:
        assert (looked_up.state, "nothing was done" in looked_up.message) == ("unwritable", True)
        assert path.exists()
