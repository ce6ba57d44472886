"""Verdicts on real lock files, real processes and real logs."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from clawtui.model.documents.workspace import WorkspaceInfo
from clawtui.model.errors import NoSuch, Refused
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.operations.locks.report import LockReport, judged_locks, report_lock, report_locks
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot, iso, run_entry
from tests.model.samples import SMALLEST
from tests.operations.evidence.test_processes import NOBODY, ended_pid, sleeping
from tests.storage.processes import together

KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"
ID = "sync-main"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def judged(gateway: GatewayRoot, now: datetime, path: str = LOCK) -> LockJudgement:
    return judged_locks(read_fleet(StatePaths(gateway.root)), now)[path]


def reports(gateway: GatewayRoot, now: datetime) -> dict[str, LockReport]:
    found = report_locks(read_fleet(StatePaths(gateway.root)), now)
    return {report.reading.path: report for report in found}


def utc_now() -> datetime:
    return datetime.now(UTC)


# The rows of the contract's table. Time is passed in: an hour from now is a matter of adding one.


def test_a_dead_pid(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, ID, pid=ended_pid(), acquiredAt=iso(utc_now()))
    verdict = judged(gateway, utc_now())
    assert verdict.verdict == "orphaned"
    assert "is gone" in verdict.facts[0]


def test_a_zombie_orphans_its_lock(gateway: GatewayRoot) -> None:
    with subprocess.Popen(["true"]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        gateway.lock(KEY, ID, pid=process.pid, acquiredAt=iso(utc_now()))
        assert judged(gateway, utc_now()).verdict == "orphaned"


def test_a_pid_that_another_process_has_by_now(gateway: GatewayRoot) -> None:
    taken = utc_now() - MINUTE
    with sleeping() as pid:
        gateway.lock(KEY, ID, pid=pid, acquiredAt=iso(taken))
        verdict = judged(gateway, utc_now())
    assert verdict.verdict == "orphaned"
    assert verdict.facts[0].endswith(": another process")


def test_a_lock_from_before_the_boot(gateway: GatewayRoot) -> None:
    booted = datetime.fromtimestamp(psutil.boot_time(), UTC)
    gateway.lock(KEY, ID, pid=1, acquiredAt=iso(booted - HOUR))
    verdict = judged(gateway, utc_now())
    assert verdict.verdict == "orphaned"
    assert any(fact.startswith("this host started") for fact in verdict.facts)


@pytest.mark.parametrize(("silent", "expected"), [(MINUTE, "live"), (20 * MINUTE, "quiet")])
def test_a_live_process_whose_run_shows_life_or_is_silent(
    gateway: GatewayRoot, silent: timedelta, expected: str
) -> None:
    with sleeping() as pid:
        taken = utc_now()
        later = taken + HOUR
        gateway.lock(KEY, ID, pid=pid, acquiredAt=iso(taken))
        gateway.state(ID, startTime=iso(taken), lastUpdate=iso(later - silent))
        verdict = judged(gateway, later)
    assert verdict.verdict == expected
    assert "is there" in verdict.facts[0]


def test_another_host(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, ID, pid=ended_pid(), hostname="gateway-2", acquiredAt=iso(utc_now()))
    assert judged(gateway, utc_now()).verdict == "foreign"


def _link(path: Path) -> None:
    real = path.with_name("real")
    real.write_text("{}")
    path.symlink_to(real)


@pytest.mark.parametrize(
    ("make", "fact"),
    [
        (lambda path: path.write_text("{ not a lock"), "not a readable lock: is not JSON5"),
        (lambda path: path.write_text("{}"), "not a readable lock: repoUrl is missing (and 7 more faults)"),
        (lambda path: path.write_bytes(b""), "not a readable lock: is empty"),
        (
            lambda path: path.write_bytes(b" " * 2**20),
            "not a readable lock: is 1,048,576 bytes, more than the 65,536 that are read",
        ),
        (_link, "not a readable lock: is a symbolic link, which is never followed"),
        (os.mkfifo, "not a readable lock: is not a regular file"),
        (Path.mkdir, "not a readable lock: is a directory where a file should be"),
    ],
)
def test_an_unreadable_lock_is_invalid(gateway: GatewayRoot, make: Callable[[Path], object], fact: str) -> None:
    path = gateway.automations / LOCK
    path.parent.mkdir()
    make(path)
    report = reports(gateway, utc_now())[LOCK]
    assert report.judged.verdict == "invalid"
    assert report.judged.facts[0].startswith(fact)
    assert not report.judged.expired
    assert report.fingerprint
    assert judged(gateway, utc_now()) == report.judged


def test_a_lock_that_may_not_be_read() -> None:
    with tempfile.TemporaryDirectory() as directory:
        gateway = GatewayRoot(Path(directory))
        path = gateway.lock(KEY, ID)
        path.chmod(0)

        def look() -> int:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            report = reports(gateway, utc_now())[LOCK]
            return (
                0
                if report.judged == LockJudgement("invalid", False, ("not a readable lock: permission denied",))
                else 1
            )

        if os.geteuid() == 0:
            for place in (path, *path.parents[:3]):
                os.chown(place, NOBODY, NOBODY)
        assert together(look) == [0]


# What is on disk beside the lock


def _held(gateway: GatewayRoot, taken: datetime, pid: int, session: str = "cron:ours") -> None:
    gateway.lock(KEY, ID, pid=pid, acquiredAt=iso(taken), sessionId=session)


def test_the_run_s_own_progress_and_log_are_signs_of_life(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        taken = utc_now().replace(microsecond=0)
        later = taken + HOUR
        _held(gateway, taken, pid)
        assert judged(gateway, later).verdict == "quiet"

        gateway.progress(ID, ("Cloning", 10), start=later - MINUTE)
        assert judged(gateway, later).verdict == "quiet", "the progress is of another session"
        _held(gateway, taken, pid, f"cron:{ID}")
        verdict = judged(gateway, later)
        assert verdict.verdict == "live"
        assert "last sign of life 1m ago" in verdict.facts[-1]
        assert verdict.facts[-1].endswith("in progress.json")

        _held(gateway, taken, pid)
        log = _log(gateway, f"{ID}-{taken:%Y-%m-%d-%H-%M-%S}.jsonl", later - 2 * MINUTE)
        verdict = judged(gateway, later)
        assert verdict.verdict == "live"
        assert verdict.facts[-1].endswith(f"in {log.name}")


def _log(gateway: GatewayRoot, name: str, written: datetime, **fields: object) -> Path:
    return gateway.append_log(f"logs/smart-sync-fork/{name}", run_entry(ID, "at work", written, **fields))


@pytest.mark.parametrize("session", ["cron:theirs", None, "cron:ours"])
def test_a_touched_log_is_no_sign_of_life(gateway: GatewayRoot, session: str | None) -> None:
    with sleeping() as pid:
        taken = utc_now().replace(microsecond=0)
        later = taken + HOUR
        _held(gateway, taken, pid)
        named = {} if session is None else {"sessionId": session}
        for name in (f"{ID}-{taken:%Y-%m-%d-%H-%M-%S}", f"{taken:%Y-%m-%d}"):
            log = _log(gateway, f"{name}.jsonl", taken + MINUTE, **named)
            os.utime(log, (later.timestamp(), later.timestamp()))
        assert judged(gateway, later).verdict == "quiet"


def test_entries_of_the_session_in_any_log_are_signs_of_life(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        taken = utc_now().replace(microsecond=0)
        later = taken + HOUR
        _held(gateway, taken, pid)
        theirs = {"sessionId": "cron:theirs"}
        for name in (f"{ID}-{taken - MINUTE:%Y-%m-%d-%H-%M-%S}", f"{later:%Y-%m-%d}"):
            log = _log(gateway, f"{name}.jsonl", later - MINUTE, **theirs)
            assert judged(gateway, later).verdict == "quiet"
            _log(gateway, log.name, later - MINUTE, sessionId="cron:ours")
            _log(gateway, log.name, later - MINUTE, **theirs)
            assert judged(gateway, later).verdict == "live"
            log.unlink()


def test_entries_without_a_session_are_of_the_one_that_opened_the_log(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        taken = utc_now().replace(microsecond=0)
        later = taken + HOUR
        _held(gateway, taken, pid)
        for opened_by, verdict in (("cron:theirs", "quiet"), ("cron:ours", "live")):
            log = _log(gateway, f"{ID}-{taken:%Y%m%d-%H%M%S}.jsonl", taken, sessionId=opened_by)
            _log(gateway, log.name, later - MINUTE)
            assert judged(gateway, later).verdict == verdict
            log.unlink()


def test_the_workspace_info_that_names_the_session_is_a_sign_of_life(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        taken = utc_now().replace(microsecond=0)
        later = taken + HOUR
        info = dict(SMALLEST[WorkspaceInfo]) | {"created": iso(taken), "lastUpdated": iso(later - MINUTE)}
        for session, verdict in (("cron:theirs", "quiet"), ("cron:ours", "live")):
            _held(gateway, taken, pid)
            gateway.write_json(f"workspaces/{ID}/workspace-info.json", info | {"sessionId": session})
            gateway.slots({"automationId": ID, "sessionId": "cron:ours", "acquiredAt": iso(taken), "slotNumber": 1})
            assert judged(gateway, later).verdict == verdict


def test_the_log_of_a_day_or_of_another_run_is_no_sign_of_life(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        taken = utc_now().replace(microsecond=0)
        later = taken + HOUR
        _held(gateway, taken, pid)
        tomorrow = taken + 30 * HOUR
        _log(gateway, f"{tomorrow:%Y-%m-%d}.jsonl", tomorrow)
        assert judged(gateway, tomorrow).verdict == "quiet"
        _log(gateway, f"{ID}-{taken - MINUTE:%Y-%m-%d-%H-%M-%S}.jsonl", later)
        assert judged(gateway, later).verdict == "quiet"

        theirs = taken + 30 * MINUTE
        gateway.state(ID, sessionId="cron:theirs", startTime=iso(theirs), lastUpdate=iso(later))
        gateway.slots({"automationId": ID, "sessionId": "cron:ours", "acquiredAt": iso(taken), "slotNumber": 1})
        _log(gateway, f"{ID}-{theirs:%Y-%m-%d-%H-%M-%S}.jsonl", later)
        assert judged(gateway, later).verdict == "quiet"
        _log(gateway, f"{ID}-{taken:%Y-%m-%d-%H-%M-%S}.jsonl", later)
        assert judged(gateway, later).verdict == "live"


def test_a_slot_keeps_an_ended_session_alive(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        taken = utc_now()
        later = taken + HOUR
        _held(gateway, taken, pid)
        gateway.state(ID, sessionId="cron:ours", status="failed", lastUpdate=iso(taken + MINUTE))
        assert judged(gateway, later).verdict == "orphaned"
        slot = {"automationId": ID, "acquiredAt": iso(taken), "slotNumber": 2}
        gateway.slots(slot | {"sessionId": "cron:theirs"})
        assert judged(gateway, later).verdict == "orphaned"
        gateway.slots(slot | {"sessionId": "cron:ours"})
        verdict = judged(gateway, later)
        assert verdict.verdict == "quiet"
        assert "its session holds slot 2" in verdict.facts
        gateway.write("config/concurrency-state.json", "{ broken")
        verdict = judged(gateway, later)
        assert verdict.verdict == "quiet"
        assert "who holds a slot is not known" in verdict.facts


def test_locks_expire_by_the_dispatcher_s_timeout(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        taken = utc_now()
        _held(gateway, taken, pid)
        assert not judged(gateway, taken + 3 * HOUR).expired
        gateway.dispatcher(lockTimeoutHours=2)
        assert judged(gateway, taken + 3 * HOUR).expired


# Reports


def test_reports_are_sorted_by_urgency_then_age(gateway: GatewayRoot) -> None:
    dead = ended_pid()
    with sleeping() as pid:
        now = utc_now()
        gateway.lock("h/live", ID, pid=pid, acquiredAt=iso(now))
        gateway.lock("h/foreign", ID, hostname="gateway-2", acquiredAt=iso(now))
        gateway.write("locks/h-broken.lock", "")
        gateway.lock("h/young", ID, pid=dead, acquiredAt=iso(now - MINUTE))
        gateway.lock("h/old", ID, "locks/h/old.lock", pid=dead, acquiredAt=iso(now - HOUR))
        assert list(reports(gateway, now)) == [
            "locks/h/old.lock",
            "locks/h-young.lock",
            "locks/h-broken.lock",
            "locks/h-foreign.lock",
            "locks/h-live.lock",
        ]


def test_a_report_is_on_the_lock_that_is_there_not_on_the_one_that_was(gateway: GatewayRoot) -> None:
    now = utc_now()
    gateway.lock(KEY, ID, pid=ended_pid(), acquiredAt=iso(now))
    gateway.lock("h/gone", ID)
    fleet = read_fleet(StatePaths(gateway.root))
    (gateway.automations / "locks/h-gone.lock").unlink()
    with sleeping() as pid:
        gateway.lock(KEY, "fresh", pid=pid, acquiredAt=iso(utc_now()))
        (report,) = report_locks(fleet, utc_now())
    assert report.reading.value is not None
    assert report.reading.value.automation_id == "fresh"
    assert report.judged.verdict == "live"


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        "https://github.com/user/repo.git",
        "git@github.com:User/Repo.git",
        LOCK,
        "github.com-user-repo.lock",
        "{automations}/" + LOCK,
        "{link}/automations/" + LOCK,
    ],
)
def test_a_lock_is_found_by_key_address_or_path(gateway: GatewayRoot, tmp_path: Path, key: str) -> None:
    gateway.lock(KEY, ID)
    link = tmp_path / "link"
    link.symlink_to(gateway.root)
    named = key.format(automations=gateway.automations, link=link)
    for root in (gateway.root, link):
        assert report_lock(named, read_fleet(StatePaths(root)), datetime.now(UTC)).reading.path == LOCK


def test_a_lock_is_found_by_a_relative_path(gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway.lock(KEY, ID, "locks/github.com/user/repo.lock")
    monkeypatch.chdir(gateway.automations / "locks/github.com")
    report = report_lock("user/repo.lock", read_fleet(StatePaths(gateway.root)), datetime.now(UTC))
    assert report.reading.path == "locks/github.com/user/repo.lock"


def test_a_name_that_another_repository_has_counts_as_locked_and_is_not_taken_for_it(gateway: GatewayRoot) -> None:
    gateway.lock("a-b/c", ID)
    with pytest.raises(
        Refused, match=r"a/b-c counts as locked: the lock of a-b/c has its name\nIt is locks/a-b-c.lock"
    ):
        report_lock("a/b-c", read_fleet(StatePaths(gateway.root)), utc_now())
    report = report_lock("locks/a-b-c.lock", read_fleet(StatePaths(gateway.root)), utc_now())
    assert report.reading.value is not None


def test_a_lock_is_found_by_its_key_under_any_file_name(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, ID, "locks/deep/er/anything.lock")
    assert (
        report_lock(KEY, read_fleet(StatePaths(gateway.root)), utc_now()).reading.path == "locks/deep/er/anything.lock"
    )


def test_of_two_files_that_lock_one_repository_none_is_guessed(gateway: GatewayRoot) -> None:
    for path in (LOCK, f"locks/{KEY}.lock"):
        gateway.lock(KEY, ID, path)
    with pytest.raises(Refused, match="is locked twice"):
        report_lock(KEY, read_fleet(StatePaths(gateway.root)), utc_now())


@pytest.mark.parametrize(
    "key", ["github.com/user/other", "/etc/passwd.lock", "../../outside.lock", "locks/../config/x.lock", "x.lock"]
)
def test_an_unlocked_repository_is_not_found(gateway: GatewayRoot, key: str) -> None:
    gateway.lock(KEY, ID)
    gateway.write("config/x.lock", "{}")
    (gateway.root / "outside.lock").write_text("{}")
    with pytest.raises((NoSuch, Refused)):
        report_lock(key, read_fleet(StatePaths(gateway.root)), utc_now())
