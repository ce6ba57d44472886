"""A release or a restore that is killed between any two steps loses nothing and is reported."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from clawtui.files.fs import renameat2
from clawtui.files.fs.append import append_line
from clawtui.files.fs.renameat2 import link_back
from clawtui.model.errors import Changed
from clawtui.operations.doctor.interrupted import find_interrupted
from clawtui.operations.locks.release import Target, release
from clawtui.operations.locks.removal import remove_lock
from clawtui.operations.locks.restore import restore
from clawtui.storage.locks.lock_file import HeldLock, hold
from clawtui.storage.locks.released_locks import KEPT, put_back, set_lock_aside, sweep_set_aside
from clawtui.storage.stores.gateway_files import sweep_leftovers
from clawtui.storage.stores.logs import write_dispatcher_entry
from clawtui.storage.user.audit import Audit
from clawtui.storage.user.audit_trail import AuditTrail
from tests.gateway_root import GatewayRoot
from tests.operations.killing import killed_at
from tests.operations.releases import HOUR, KEY, LOCK, ReleaseSetup
from tests.renaming import without_links, without_renameat2

STEPS = (
    release,
    remove_lock,
    restore,
    AuditTrail.intend,
    AuditTrail.failures,
    AuditTrail.done,
    AuditTrail._write,
    Audit.record,
    append_line,
    set_lock_aside,
    put_back,
    HeldLock.set_aside,
    HeldLock.rename_aside,
    HeldLock.remove,
    HeldLock._put_back,
    link_back,
    renameat2.rename_noreplace,
    renameat2.rename_noreplace_otherwise,
    renameat2.rename_aside,
    renameat2.can_return,
    renameat2._rename_over_placeholder,
    write_dispatcher_entry,
)
"""Every function that has a step of a release or a restore in it; what they call reads, or is one system call."""


WHOLE, NO_CALL, NO_LINKS = "renameat2", "links", "O_EXCL"


@pytest.fixture(params=[WHOLE, NO_CALL, NO_LINKS])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the best way in which the file system can rename without overwriting."""
    if request.param != WHOLE:
        without_renameat2(monkeypatch)
    if request.param == NO_LINKS:
        without_links(monkeypatch)
    return str(request.param)


def desks(tmp_path: Path) -> Iterator[tuple[int, ReleaseSetup]]:
    """Yield a new state directory for each step at which the work is killed."""
    for step in itertools.count(1):
        gateway = GatewayRoot(tmp_path / str(step))
        gateway.automations.mkdir(parents=True)
        yield step, ReleaseSetup(gateway, tmp_path / f"own-{step}")


def progress(desk: ReleaseSetup) -> str:
    """Return how far the last act got, by the audit."""
    records = desk.records
    return "nothing" if not records else "intended" if records[-1].outcome is None else "ended"


def require_reported(desk: ReleaseSetup) -> None:
    """Assert that every act that began and did not end has a line with its fix, and that there are no other lines."""
    leftovers = find_interrupted(desk.paths, desk.now(), audit=desk.audit)
    assert len(leftovers) == (progress(desk) == "intended")
    for leftover in leftovers:
        assert leftover.lock == LOCK
        assert KEY in leftover.text
        assert "cut short" in leftover.text
        assert "alice from 10.0.0.7 on /dev/pts/3" in leftover.text
        at_root = f"clawtui --root {desk.paths.root} lock"
        assert leftover.fix.startswith(f"{at_root} re") or leftover.fix == f"{at_root} show {KEY}"


def mend(desk: ReleaseSetup) -> None:
    there = desk.locks()
    if there.get(LOCK) == b"":
        aside = next(name for name in there if name.endswith((".aside", ".released")))
        desk.path.unlink()
        desk.restore(aside)
    elif LOCK not in there:
        desk.restore()
    sweep_leftovers(desk.paths, desk.now() + HOUR)
    sweep_set_aside(desk.paths.automations, desk.now() - KEPT, unfinished=True)


@pytest.mark.exhaustive
def test_a_release_killed_at_any_line_loses_nothing_and_is_reported(tmp_path: Path, way: str) -> None:
    seen = set()
    for step, desk in desks(tmp_path):
        content = desk.dead_lock()
        target = desk.target()
        killed = killed_at(step, STEPS, lambda desk=desk, target=target: desk.release(target))  # type: ignore[misc]
        assert content in desk.locks().values()
        seen.add((progress(desk), *(name.rpartition(".")[2] for name in desk.locks() if not name.endswith(".tmp"))))
        require_reported(desk)
        mend(desk)
        assert desk.locks() == {LOCK: content}
        if not killed:
            break
    assert seen == {
        ("nothing", "lock"),
        ("intended", "lock"),
        ("intended", "aside"),
        ("intended", "released"),
        ("ended", "released"),
    }
    assert step > 50


@pytest.mark.exhaustive
def test_a_release_killed_while_it_puts_a_fresh_lock_back_loses_neither(tmp_path: Path, way: str) -> None:
    seen = set()
    for step, desk in desks(tmp_path):
        desk.dead_lock()
        target = desk.target()

        def overtaken(desk: ReleaseSetup = desk, target: Target = target) -> None:
            at_the_last_instant(lambda: desk.dead_lock(sessionId="cron:fresh"))
            with suppress(Changed):
                desk.release(target)

        killed = killed_at(step, STEPS, overtaken)
        fresh = list({content for content in desk.locks().values() if b"cron:fresh" in content})
        overtook = bool(fresh)
        assert overtook or LOCK in desk.locks()
        seen.add(tuple(sorted(name.rpartition(".")[2] for name in desk.locks() if not name.endswith(".tmp"))))
        require_reported(desk)
        mend(desk)
        if overtook:
            assert desk.locks() == {LOCK: fresh[0]}
        if not killed:
            break
    assert seen == {("lock",), ("aside",)} | ({("aside", "lock")} if way != WHOLE else set())
    assert progress(desk) == "ended"


def at_the_last_instant(act: Callable[[], object]) -> None:
    """Have ``act`` done right before the first rename of the lock. For a process that is about to end."""
    acted = False

    def overtake(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal acted
        if event == "os.rename" and str(arguments[0]).endswith(".lock") and not acted:
            acted = True
            act()

    sys.addaudithook(overtake)


@pytest.mark.exhaustive
def test_a_restore_killed_at_any_line_loses_nothing_and_is_reported(tmp_path: Path, way: str) -> None:
    seen = set()
    for step, desk in desks(tmp_path):
        content = desk.dead_lock()
        desk.release()
        killed = killed_at(step, STEPS, desk.restore)
        assert content in desk.locks().values()
        seen.add((progress(desk), *sorted(name.rpartition(".")[2] for name in desk.locks())))
        if len(desk.records) > 2:
            require_reported(desk)
        mend(desk)
        assert desk.locks() == {LOCK: content}
        if not killed:
            break
    assert seen == {
        ("ended", "released"),
        ("intended", "released"),
        ("intended", "lock"),
        ("ended", "lock"),
    } | ({("intended", "lock", "released")} if way != WHOLE else set())


@pytest.fixture
def desk(gateway: GatewayRoot, tmp_path: Path) -> ReleaseSetup:
    return ReleaseSetup(gateway, tmp_path / "own")


def test_without_an_interrupted_act_nothing_is_reported(desk: ReleaseSetup) -> None:
    assert desk.interrupted_texts() == []
    desk.dead_lock()
    desk.release()
    assert desk.interrupted_texts() == []
    desk.restore()
    assert desk.interrupted_texts() == []
    assert not (desk.gateway.root / "own").exists()


def test_a_killed_removal_is_reported_without_an_audit_and_can_be_restored(desk: ReleaseSetup) -> None:
    content = desk.dead_lock()

    def remove() -> None:
        with hold(desk.gateway.automations, LOCK) as held:
            held.remove()

    for step in itertools.count(1):
        assert killed_at(step, STEPS, remove)
        if not desk.locks():
            return
        if LOCK not in desk.locks():
            (line,) = desk.interrupted_texts()
            assert line.startswith(f"removing the lock of {KEY} was cut short")
            assert line.endswith("is set aside; the repository is not locked")
            desk.restore(None)
        assert desk.locks() == {LOCK: content}


def test_a_lock_that_was_set_aside_names_the_current_holder(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    aside = desk.path.with_name(f"{desk.path.name}.20250126T120000Z.4711.0123abcd.aside")
    desk.path.rename(aside)
    desk.dead_lock(automationId="sync-other")
    (line,) = desk.interrupted_texts()
    assert "the repository is locked by sync-other (session" in line


def test_a_process_that_is_at_work_is_not_taken_for_a_killed_one(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    now = desk.now()
    aside = desk.path.with_name(f"{desk.path.name}.{now:%Y%m%dT%H%M%SZ}.{os.getpid()}.0123abcd.aside")
    desk.path.rename(aside)
    assert desk.interrupted_texts() == []
    desk.ahead = HOUR
    assert len(desk.interrupted_texts()) == 1, "no act takes an hour"


def test_an_unreadable_audit_is_reported(desk: ReleaseSetup) -> None:
    desk.own.mkdir()
    (desk.own / "audit.jsonl").symlink_to("elsewhere")
    (line,) = desk.interrupted_texts()
    assert line.endswith("audit.jsonl: is a symbolic link, which is never followed")


def test_acts_on_another_root_are_not_reported(desk: ReleaseSetup, tmp_path: Path) -> None:
    desk.dead_lock()
    record_an_intent(desk)
    assert len(desk.interrupted_texts()) == 1
    other = GatewayRoot(tmp_path / "other")
    other.automations.mkdir(parents=True)
    elsewhere = ReleaseSetup(other, desk.own)
    elsewhere.dead_lock()
    assert elsewhere.interrupted_texts() == []
    desk.ahead = 25 * HOUR
    assert desk.interrupted_texts() == [], "after a day it is no longer reported"


def test_a_fresh_lock_that_a_killed_release_put_back_is_reported(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    record_an_intent(desk)
    desk.dead_lock(automationId="sync-fresh")
    (line,) = desk.interrupted_texts()
    assert "what stands there now is the lock of sync-fresh (session" in line


def record_an_intent(desk: ReleaseSetup) -> None:
    for step in itertools.count(1):
        killed_at(step, STEPS, desk.release)
        if progress(desk) == "intended":
            return
