"""The audit: append-only, private, on the disk before the act, and never through a link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clawtui.model.checked.reading import made
from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.errors import ClawtuiError, Refused, Unreadable, Unwritable
from clawtui.storage.user.audit import Audit
from clawtui.storage.user.files import own_state
from tests.gateway_root import NOON, GatewayRoot

ACTOR = Actor(user="alice", ssh="10.0.0.7", terminal="/dev/pts/3", pid=7, hostname="ops")


def record(number: int, **known: object) -> AuditRecord:
    return made(AuditRecord, {"timestamp": NOON, "id": str(number), "event": "lock-release", **known})


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_records_are_read_in_order(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "own")
    assert audit.recent() == ()
    first = record(1, actor=ACTOR, facts=("pid 1 is gone",), lock="{ not a lock \x00\x1b\n", verdict="orphaned")
    audit.record(first)
    before = audit.path.read_bytes()
    audit.record(record(2, outcome="done"))
    assert audit.path.read_bytes().startswith(before), "it is only ever appended to"
    assert audit.recent()[0].actor == ACTOR
    assert [(each.id, each.outcome) for each in audit.recent()] == [("1", None), ("2", "done")]
    assert audit.path.read_text().count("\n") == 2


def test_a_secret_in_a_lock_is_masked_and_the_fields_of_the_act_are_not(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "own")
    path = "locks/github.com/token=abc.lock"
    lock = '{"repoUrl": "https://sam:hunter2@github.com/x", "note": "DB_PASS=hunter3"}'
    audit.record(record(1, path=path, lock=lock, facts=("curl -u sam:hunter4 x",), message="token: 'hunter5'"))
    (kept,) = audit.recent()
    assert "hunter" not in audit.path.read_text()
    assert kept.path == path and kept.lock is not None and "sam:[masked]@github.com" in kept.lock


@pytest.mark.parametrize("mask", [0, 0o077])
def test_the_audit_is_private_under_any_umask(tmp_path: Path, mask: int) -> None:
    audit = Audit(tmp_path / "state/own")
    with umask(mask):
        audit.record(record(1))
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(audit.path.parent.stat().st_mode) == 0o700
    audit.path.parent.chmod(0o755)
    audit.path.chmod(0o644)
    audit.record(record(2))
    assert stat.S_IMODE(audit.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(audit.path.parent.stat().st_mode) == 0o700


def test_it_is_in_the_user_s_own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    audit = Audit()
    assert audit.path == own_state() / "audit.jsonl"
    assert audit.path.is_relative_to(tmp_path)


def test_a_link_in_its_place_is_never_followed(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    target = tmp_path / "target"
    target.touch()
    audit.path.symlink_to(target)
    with pytest.raises(Refused, match="symbolic link"):
        audit.record(record(1))
    with pytest.raises(Unreadable, match="symbolic link"):
        audit.recent()
    assert target.read_bytes() == b""


def test_a_line_that_was_cut_short_costs_only_itself(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    audit.record(record(1))
    with audit.path.open("ab") as file:
        file.write(b'{"timestamp":"2025-01-2')
    audit.record(record(2))
    assert [each.id for each in audit.recent()] == ["1", "2"]


def test_of_a_long_audit_the_end_is_read(tmp_path: Path) -> None:
    audit = Audit(tmp_path)
    audit.record(record(0))
    with audit.path.open("ab") as file:
        file.write((b"x" * 1000 + b"\n") * 2000)
    audit.record(record(1))
    assert [each.id for each in audit.recent()] == ["1"]


@pytest.mark.parametrize("blocked", ["file", "directory"])
def test_an_unwritable_audit_raises(tmp_path: Path, blocked: str) -> None:
    place = tmp_path / "own"
    if blocked == "file":
        place.touch()
    else:
        (place / "audit.jsonl").mkdir(parents=True)
    with pytest.raises((Refused, Unwritable)):
        Audit(place).record(record(1))


def test_a_directory_that_may_not_be_written_to_refuses(unprivileged: GatewayRoot) -> None:
    unprivileged.root.chmod(0o500)
    try:
        with pytest.raises(ClawtuiError, match="permission denied"):
            Audit(unprivileged.root / "own").record(record(1))
    finally:
        unprivileged.root.chmod(0o700)


def test_the_actor_is_described_in_words() -> None:
    assert ACTOR.text == "alice from 10.0.0.7 on /dev/pts/3"
    assert Actor(user="root", pid=1, hostname="ops").text == "root"
