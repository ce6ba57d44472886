"""Releasing a lock: exactly the one that was shown, on record, and never more than was consented to."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.files.fs import renameat2
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, Unreadable
from clawtui.model.liveness.consent import Consent
from clawtui.operations.locks.release import Target, release, target_of
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.user.audit import Audit
from tests.gateway_root import GatewayRoot, iso
from tests.operations.doctor.test_interrupted import at_the_last_instant
from tests.operations.evidence.test_processes import sleeping
from tests.operations.releases import GONE, HOUR, ID, KEY, LOCK, ReleaseSetup
from tests.renaming import around_rename
from tests.storage.processes import together


@pytest.fixture
def desk(gateway: GatewayRoot, tmp_path: Path) -> ReleaseSetup:
    return ReleaseSetup(gateway, tmp_path / "own")


def test_an_orphaned_lock_is_released_and_kept_aside(desk: ReleaseSetup) -> None:
    content = desk.dead_lock()
    released = desk.release()
    assert (released.judged.verdict, released.key, released.complaints) == ("orphaned", KEY, ())
    assert desk.locks() == {released.aside.path: content}
    assert not released.aside.path.endswith(".lock")


def test_the_audit_has_actor_act_grounds_raw_lock_and_outcome(desk: ReleaseSetup) -> None:
    content = desk.dead_lock()
    fingerprint = desk.report().fingerprint
    released = desk.release()
    intent, outcome = desk.records
    assert intent.id == outcome.id == released.aside.token
    assert intent.actor == desk.actor
    assert (intent.event, intent.outcome, intent.path, intent.repo_key) == ("lock-release", None, LOCK, KEY)
    assert (intent.verdict, intent.expired, intent.consent) == ("orphaned", False, "confirmed")
    assert intent.facts == released.judged.facts
    assert (intent.lock, intent.fingerprint) == (content.decode(), fingerprint)
    assert intent.root == os.path.realpath(desk.gateway.automations)
    assert (outcome.outcome, outcome.aside) == ("done", released.aside.path)
    assert stat.S_IMODE(desk.audit.path.stat().st_mode) == 0o600


def test_a_release_is_written_to_the_dispatcher_s_log(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    released = desk.release()
    (line,) = desk.events()
    entry = json.loads(line)
    assert (entry["level"], entry["event"]) == ("warn", "lock-force-released")
    assert (entry["automationId"], entry["sessionId"], entry["repoKey"]) == (ID, f"cron:{ID}", KEY)
    assert (entry["reason"], entry["facts"]) == ("orphaned", list(released.judged.facts))
    assert entry["by"] == "alice from 10.0.0.7 on /dev/pts/3"


@pytest.mark.parametrize(
    "change",
    [
        lambda desk: desk.dead_lock(sessionId="cron:fresh"),
        lambda desk: os.utime(desk.path, ns=(0, 1)),
        lambda desk: desk.gateway.write(LOCK, desk.path.read_bytes()),
        lambda desk: desk.path.write_text("{"),
    ],
)
def test_another_version_than_the_one_that_was_shown_stays(
    desk: ReleaseSetup, change: Callable[[ReleaseSetup], object]
) -> None:
    desk.dead_lock()
    target = desk.target()
    change(desk)
    there = desk.locks()
    with pytest.raises(Changed, match="another lock by now; nothing was done"):
        desk.release(target)
    assert desk.locks() == there
    assert desk.events() == []


def test_a_lock_that_has_gone_is_reported(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    target = desk.target()
    desk.path.unlink()
    with pytest.raises(Changed, match="gone by now"):
        desk.release(target)
    desk.path.parent.rmdir()
    with pytest.raises(Changed, match="gone by now"):
        desk.release(target)


@pytest.mark.parametrize("consent", [Consent.NONE, Consent.CONFIRMED, Consent.TYPED])
def test_a_verdict_that_needs_more_consent_is_refused(desk: ReleaseSetup, consent: Consent) -> None:
    with sleeping() as pid:
        taken = desk.now()
        desk.dead_lock(pid=pid, acquiredAt=iso(taken))
        desk.ahead = HOUR
        assert desk.report().judged.verdict == "quiet"
        desk.gateway.state(ID, startTime=iso(taken), lastUpdate=iso(desk.now()))
        with pytest.raises(Refused, match=r"is live: .* that was not consented to\nNothing was done"):
            desk.release(consent=consent)
        assert set(desk.locks()) == {LOCK}
        assert desk.records[-1].outcome == "refused"
        desk.release(consent=Consent.LIVE)
    assert LOCK not in desk.locks()


def test_it_is_judged_again_after_the_intent_is_on_record(desk: ReleaseSetup) -> None:
    with sleeping() as pid:
        taken = desk.now()
        desk.dead_lock(pid=pid, acquiredAt=iso(taken))
        desk.ahead = HOUR
        target = desk.target()

        class Awaited(Audit):
            def record(self, record: object) -> None:
                super().record(record)  # type: ignore[arg-type]
                desk.gateway.state(ID, startTime=iso(taken), lastUpdate=iso(desk.now()))

        with pytest.raises(Refused, match="is live"):
            release(desk.paths, target, Consent.TYPED, desk.actor, desk.now, audit=Awaited(desk.own))
    assert [record.verdict for record in desk.records] == ["quiet", None]
    assert set(desk.locks()) == {LOCK}


def test_the_quiet_time_is_the_operator_s(desk: ReleaseSetup) -> None:
    with sleeping() as pid:
        desk.dead_lock(pid=pid, acquiredAt=iso(desk.now()))
        desk.ahead = HOUR
        act = (desk.paths, desk.target(), Consent.TYPED, desk.actor, desk.now)
        with pytest.raises(Refused, match="is live"):
            release(*act, quiet_after=2 * HOUR, audit=desk.audit)
        assert release(*act, quiet_after=timedelta(minutes=59), audit=desk.audit).judged.verdict == "quiet"


def test_the_judgement_before_the_act_equals_that_of_the_whole_directory(desk: ReleaseSetup) -> None:
    with sleeping() as pid:
        taken = desk.now().replace(microsecond=0)
        desk.dead_lock(pid=pid, acquiredAt=iso(taken))
        desk.ahead = HOUR
        desk.gateway.dispatcher(lockTimeoutHours=0.5)
        desk.gateway.slots({"automationId": ID, "sessionId": "x", "acquiredAt": iso(taken), "slotNumber": 1})
        desk.gateway.state(ID, startTime=iso(taken), lastUpdate=iso(taken + 20 * HOUR / 60))
        log = desk.gateway.append_log(f"logs/smart-sync-fork/{ID}-{taken:%Y-%m-%d-%H-%M-%S}.jsonl", {})
        written = (taken + 50 * HOUR / 60).timestamp()
        os.utime(log, (written, written))
        in_full = desk.report().judged
        assert any(log.name in fact for fact in in_full.facts)
        act = (desk.paths, desk.target(), Consent.LIVE, desk.actor, desk.now)
        judged = release(*act, audit=desk.audit).judged
        assert [_steady(fact) for fact in judged.facts] == [_steady(fact) for fact in in_full.facts]
        assert (judged.verdict, judged.expired) == (in_full.verdict, in_full.expired)
        desk.restore()
        given = release(*act, read_fleet=lambda paths, _: read_fleet(paths), audit=desk.audit).judged
        assert given.verdict == in_full.verdict


def _steady(fact: str) -> str:
    """Return the text without the seconds, which change."""
    return fact.partition(" ago")[0][:-4]


@pytest.mark.parametrize("id", ["../../config", "", "a/b", "a\0b", "x" * 300])
def test_a_lock_with_an_invalid_id_can_be_released(desk: ReleaseSetup, id: str) -> None:
    desk.dead_lock(automationId=id)
    assert desk.release().judged.verdict == "orphaned"


# The place and the record


def test_the_intent_is_safe_on_the_disk_before_the_lock_moves(
    desk: ReleaseSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.dead_lock()
    done: list[str] = []
    fsync, rename = os.fsync, renameat2.renameat2

    def note_fsync(descriptor: int) -> None:
        done.append(f"fsync {os.readlink(f'/proc/self/fd/{descriptor}')}")  # noqa: PTH115
        fsync(descriptor)

    def note_rename(directory: int, source: str, target: str, flags: int) -> bool:
        done.append(f"rename {source}")
        return rename(directory, source, target, flags)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(renameat2, "renameat2", note_rename)
    desk.release()
    own = os.path.realpath(desk.own)
    assert done[:3] == [f"fsync {own}/audit.jsonl", f"fsync {own}", f"rename {desk.path.name}"]
    assert done[-2:] == [f"fsync {own}/audit.jsonl", f"fsync {own}"]


def test_without_a_record_nothing_is_released(desk: ReleaseSetup) -> None:
    content = desk.dead_lock()
    desk.own.touch()
    with pytest.raises(Refused, match="nothing is done without a record, and the audit cannot be written"):
        desk.release()
    assert desk.locks() == {LOCK: content}


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")  # noqa: PTH110
def test_a_release_is_refused_if_the_disk_has_no_space_for_its_record(
    desk: ReleaseSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = desk.dead_lock()
    write = os.write

    def full(descriptor: int, data: bytes) -> int:
        if b"lock-release" in data:
            with open("/dev/full", "wb", buffering=0) as device:  # noqa: PTH123
                return write(device.fileno(), data)
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(ClawtuiError, match="no space left"):
        desk.release()
    assert desk.locks() == {LOCK: content}


def test_an_unwritable_log_is_reported_and_recorded(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    (desk.gateway.automations / "logs").touch()
    released = desk.release()
    (complaint,) = released.complaints
    assert complaint.startswith("it is not in the dispatcher's log: ")
    assert LOCK not in desk.locks()
    assert desk.records[-1].message == complaint


def test_an_audit_that_fails_after_the_act_is_reported(desk: ReleaseSetup) -> None:
    desk.dead_lock()

    class Once(Audit):
        def record(self, record: object) -> None:
            super().record(record)  # type: ignore[arg-type]
            self.path.unlink()
            self.path.mkdir()

    released = release(desk.paths, desk.target(), Consent.CONFIRMED, desk.actor, desk.now, audit=Once(desk.own))
    (complaint,) = released.complaints
    assert complaint.startswith("the outcome is not in the audit: ")
    assert LOCK not in desk.locks()


def test_a_failure_that_cannot_be_recorded_is_reported(desk: ReleaseSetup) -> None:
    desk.dead_lock()

    class Once(Audit):
        def record(self, record: object) -> None:
            super().record(record)  # type: ignore[arg-type]
            desk.dead_lock(sessionId="cron:fresh")
            self.path.unlink()
            self.path.mkdir()

    with pytest.raises(Changed, match="another lock by now; nothing was done\nNor could that be put on record"):
        release(desk.paths, desk.target(), Consent.CONFIRMED, desk.actor, desk.now, audit=Once(desk.own))


def test_in_a_directory_that_may_not_be_written_to_it_is_refused(unprivileged: GatewayRoot) -> None:
    desk = ReleaseSetup(unprivileged, unprivileged.root / "own")
    content = desk.dead_lock()
    desk.path.parent.chmod(0o500)
    try:
        with pytest.raises(Refused, match="permission denied"):
            desk.release()
    finally:
        desk.path.parent.chmod(0o700)
    assert desk.locks() == {LOCK: content}
    assert desk.records[-1].outcome == "refused"


@pytest.mark.parametrize(
    "path", ["locks/readme", "config/x.lock", "locks", "../x.lock", "locks/../../x.lock", "x.lock"]
)
def test_only_files_with_a_lock_s_name_are_released(desk: ReleaseSetup, path: str) -> None:
    desk.dead_lock()
    with pytest.raises(Refused):
        desk.release(Target(path, "0" * 24))


def test_files_behind_a_link_are_not_released(desk: ReleaseSetup, tmp_path: Path) -> None:
    (tmp_path / "github.com-user-repo.lock").write_text("{}")
    (desk.gateway.automations / "locks").symlink_to(tmp_path)
    with pytest.raises(Refused, match="symbolic link"):
        desk.release(Target(LOCK, "0" * 24))
    with pytest.raises(Unreadable, match="locks: is a symbolic link"):
        target_of(desk.report(LOCK))


# Others at the same time


def test_of_two_releases_at_once_one_does_it(desk: ReleaseSetup) -> None:
    for _ in range(10):
        content = desk.dead_lock()
        target = desk.target()

        def attempt(target: Target = target) -> int:
            try:
                desk.release(target)
            except Changed:
                return 4
            return 0

        assert sorted(together(attempt, attempt)) == [0, 4]
        assert list(desk.locks().values()) == [content]
        desk.restore()


def test_a_gateway_that_replaces_the_lock_at_the_last_instant_keeps_its_own(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    target = desk.target()

    def overtaken() -> int:
        at_the_last_instant(lambda: desk.dead_lock(sessionId="cron:fresh"))
        try:
            desk.release(target)
        except Changed as error:
            return 3 if isinstance(error, Overlap) else 4
        return 0

    assert together(overtaken) == [4]
    ((path, content),) = desk.locks().items()
    assert path == LOCK
    assert b"cron:fresh" in content
    assert desk.records[-1].outcome == "changed"
    assert desk.events() == []


def test_two_locks_at_the_last_instant_are_an_overlap_and_found_at_the_next_start(
    desk: ReleaseSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.dead_lock()
    target = desk.target()
    around_rename(
        monkeypatch,
        lambda: desk.dead_lock(sessionId="cron:fresh"),
        lambda: desk.dead_lock(sessionId="cron:fresher"),
    )
    with pytest.raises(Overlap, match="Two runs may overlap"):
        desk.release(target)
    assert desk.records[-1].outcome == "overlap"
    assert b"cron:fresher" in desk.locks()[LOCK]
    assert len(desk.locks()) == 2
    desk.ahead = HOUR
    (line,) = desk.interrupted_texts()
    assert "session cron:fresh, " in line
    assert "session cron:fresher, " in line


def test_a_release_sweeps_locks_released_more_than_a_day_ago(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    first = desk.release()
    desk.ahead = timedelta(days=1, seconds=-5)
    desk.dead_lock()
    second = desk.release()
    assert set(desk.locks()) == {first.aside.path, second.aside.path}
    desk.ahead = timedelta(days=1, seconds=5)
    desk.dead_lock()
    third = desk.release()
    assert set(desk.locks()) == {second.aside.path, third.aside.path}
    with pytest.raises(NoSuch):
        desk.restore(first.aside.path)


def test_a_lock_whose_holder_is_gone_is_not_touched_by_asking(desk: ReleaseSetup) -> None:
    content = desk.dead_lock(pid=GONE)
    desk.target()
    assert desk.locks() == {LOCK: content}
    assert desk.records == ()
