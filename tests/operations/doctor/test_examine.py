"""``doctor`` on real files: each finding where it is, none where nothing is wrong, and what becomes of it."""

from __future__ import annotations

import importlib
import itertools
import math
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.watching.intervals import DEFAULT_INTERVALS
from clawtui.model.documents.audit import Actor
from clawtui.model.findings.finding import Finding
from clawtui.operations.doctor.examine import Examiner, examine
from clawtui.operations.doctor.fix import FIXES, FixResult, apply_fixes
from clawtui.operations.doctor.fix_rule import FixRule
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from tests.demo.still import write_still
from tests.gateway_root import GatewayRoot, iso
from tests.operations.ailing import HOUR, IN_AILING, MINUTE, Ward, write_ailing, write_healthy
from tests.operations.evidence.test_processes import NOBODY, sleeping

ACTOR = Actor(user="alice", pid=4711, hostname="here")
QUIET = 15 * MINUTE


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give clawtui directories of its own for this test."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path / "XDG_STATE_HOME/clawtui"


def utc_now() -> datetime:
    return datetime.now(UTC)


def found_in(root: Path, now: datetime | None = None) -> tuple[Finding, ...]:
    paths = StatePaths(root)
    return examine(read_fleet(paths), paths, now or utc_now())


def by_code(found: tuple[Finding, ...]) -> dict[str, Finding]:
    assert max(Counter(finding.code for finding in found).values(), default=1) == 1
    return {finding.code: finding for finding in found}


def treated(root: Path, decide: Callable[[Finding, FixRule], str | None] = lambda finding, mend: None) -> FixResult:
    paths = StatePaths(root)
    fleet = read_fleet(paths)
    found = examine(fleet, paths, utc_now())
    return apply_fixes(paths, fleet, found, decide, ACTOR, utc_now, QUIET)


def safe_only(finding: Finding, mend: FixRule) -> str | None:
    return None if mend.is_safe else "asked, and declined"


# Finding


def test_a_healthy_root_has_no_findings(gateway: GatewayRoot) -> None:
    write_healthy(gateway)
    assert found_in(gateway.root) == ()
    assert found_in(gateway.root, utc_now() + 10 * MINUTE) == ()


def test_an_empty_root_and_one_that_is_not_there_have_none(gateway: GatewayRoot, tmp_path: Path) -> None:
    gateway.automations.chmod(0o700)
    assert found_in(gateway.root) == ()
    assert found_in(tmp_path / "nowhere") == ()


def test_the_demo_has_the_expected_findings_and_no_others(tmp_path: Path) -> None:
    root = tmp_path / "demo"
    root.mkdir()
    write_still(root, utc_now())
    assert [(finding.code, finding.subject) for finding in found_in(root)] == [
        ("lock-orphaned", "locks/github.com-mkessler-hugo.lock"),
        ("lock-orphaned", "locks/github.com/mkessler/prometheus.lock"),
        ("malformed", "config/smart-sync-fork/sync-mitmproxy.json"),
        ("slot-quiet", "slot 3 of cron:03bf-c2a6-e871"),
    ]


def test_each_finding_is_found_once_where_it_is_with_its_mend(gateway: GatewayRoot) -> None:
    write_ailing(gateway)
    found = by_code(found_in(gateway.root))
    assert set(found) == IN_AILING
    program = f"clawtui --root {gateway.root} "
    mends = {code: (finding.subject, (finding.fix or "").removeprefix(program)) for code, finding in found.items()}
    assert mends == {
        "slot-orphaned": ("slot 1 of cron:sync-ended", "slot free 1"),
        "slot-quiet": ("slot 2 of cron:sync-silent", "slot free --session=cron:sync-silent 2"),
        "slot-number-twice": ("slot 2", "slot free --session=cron:sync-silent 2"),
        "slots-over-max": ("4 of 3 slots", "slot free 1"),
        "lock-orphaned": ("locks/github.com-user-dead.lock", "lock release github.com/user/dead"),
        "lock-expired": ("locks/github.com-user-far.lock", "lock release github.com/user/far"),
        "lock-invalid": (
            "locks/github.com-user-broken.lock",
            "lock release locks/github.com-user-broken.lock",
        ),
        "lock-cut-short": ("locks/github.com-user-cut.lock", "lock restore github.com/user/cut"),
        "run-dead": ("workspaces/sync-stuck", "workspace clean --force=live sync-stuck"),
        "workspace-unlocked": ("workspaces/sync-bare", "automation disable sync-bare"),
        "workspace-stale": ("workspaces/sync-stale", "workspace clean sync-stale"),
        "workspace-orphaned": ("workspaces/sync-gone", "workspace clean sync-gone"),
        "malformed": ("config/smart-sync-fork/sync-broken.json", ""),
        "field-not-understood": ("workspaces/sync-stuck/progress.json", ""),
        "gateway-refuses": (
            "config/smart-sync-fork/sync-null.json",
            "automation edit config/smart-sync-fork/sync-null.json",
        ),
        "version-unknown": ("config/smart-sync-fork/sync-tomorrow.json", ""),
        "wrong-mode": ("config/dispatcher.json", "doctor --fix"),
        "leftover-temp": ("config/dispatcher.json.4711.1.tmp", "doctor --fix"),
        "overdue": ("config/smart-sync-fork/sync-overdue.json", ""),
        "dispatcher-disabled": ("config/dispatcher.json", ""),
        "schedule-not-understood": ("config/smart-sync-fork/sync-cryptic.json", "automation edit sync-cryptic"),
        "schedule-never": ("config/smart-sync-fork/sync-leap.json", "automation edit sync-leap"),
    }


def test_after_each_change_the_findings_are_those_of_a_new_examination(gateway: GatewayRoot) -> None:
    write_healthy(gateway)
    paths, now = StatePaths(gateway.root), utc_now()
    reader = FleetReader(paths.automations, str(paths.root), DEFAULT_INTERVALS, itertools.count().__next__)
    with closing(reader):
        examiner, examined = Examiner(paths), 0

        def check() -> None:
            nonlocal examined
            for _ in range(4):  # what has become malformed is read several times
                reader.rescan()
                while reader.busy:
                    reader.directories.mark_watched()
                    reader.read_pending(until=math.inf)
            fleet = reader.build("polling")
            examiner.walk(now)
            found = examiner.examine(fleet, now)
            assert found == examine(fleet, paths, now)
            examined += len(found)

        check()
        write_ailing(gateway)
        check()
        config = next((gateway.automations / "config").glob("*/*.json"))
        text = config.read_text()
        for change in (text.replace('"type"', '"version": 7, "type"', 1), "{", text):
            config.write_text(change)
            check()
        config.rename(config.with_name("elsewhere.json"))
        check()
        for lock in (gateway.automations / "locks").rglob("*.lock"):
            lock.unlink()
            check()
        assert examined > 20


def test_a_root_that_is_found_unasked_is_in_no_command(gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    write_ailing(gateway)
    default = gateway.root.rename(gateway.root.with_name(".clawdbot"))
    monkeypatch.setenv("HOME", str(default.parent))
    fixes = {finding.fix for finding in found_in(default) if finding.fix}
    assert "clawtui doctor --fix" in fixes
    assert not any("--root" in fix for fix in fixes)


def test_a_dispatcher_of_an_old_version_that_has_fallen_silent(gateway: GatewayRoot) -> None:
    ward = Ward(gateway)
    gateway.write_json("config/dispatcher.json", {"version": 0, "maxConcurrent": 2})
    ward.dispatches(apart=MINUTE, until=3 * HOUR)
    ward.close()
    found = by_code(found_in(gateway.root))
    assert set(found) == {"version-old", "dispatcher-silent"}
    assert "has version 0" in found["version-old"].message
    assert "3h00m" in found["dispatcher-silent"].message


def test_a_run_without_a_lock_is_a_finding_unless_it_has_just_begun(gateway: GatewayRoot) -> None:
    ward = Ward(gateway)
    ward.automation("sync-a")
    ward.state("sync-a", "running", 10 * MINUTE, MINUTE / 60)
    ward.close()
    assert found_in(gateway.root) == ()
    assert set(by_code(found_in(gateway.root, utc_now() + 6 * MINUTE))) == {"workspace-unlocked"}
    assert set(by_code(found_in(gateway.root, utc_now() + 20 * MINUTE))) == {"run-dead"}


def test_a_run_with_an_unreadable_lock_is_not_unlocked(gateway: GatewayRoot) -> None:
    ward = Ward(gateway)
    ward.automation("sync-a", config={"forkRepoUrl": "git@github.com:user/a.git"})
    ward.state("sync-a", "running", 2 * HOUR, HOUR)
    gateway.write("locks/github.com-user-b.lock", "{ broken")
    ward.close()
    assert set(by_code(found_in(gateway.root))) == {"lock-invalid", "run-dead"}
    gateway.write("locks/github.com-user-a.lock", "{ broken")
    (gateway.automations / "locks/github.com-user-b.lock").unlink()
    assert set(by_code(found_in(gateway.root))) == {"lock-invalid"}


def test_the_workspaces_of_automations_that_cannot_be_listed_are_not_called_gone(gateway: GatewayRoot) -> None:
    ward = Ward(gateway)
    ward.state("sync-a", "completed", 2 * HOUR, HOUR)
    (gateway.automations / "config").write_text("no directory")
    ward.close()
    assert set(by_code(found_in(gateway.root))) == {"malformed"}


def test_a_live_run_with_an_expired_lock_has_no_harmful_fix(gateway: GatewayRoot) -> None:
    with sleeping() as pid:
        ward = Ward(gateway)
        ward.automation("sync-a", due=24 * HOUR)
        gateway.dispatcher(lockTimeoutHours=1)
        ward.lock("a", "sync-a", MINUTE * 0, pid=pid)
        later = ward.now + 2 * HOUR
        gateway.state("sync-a", startTime=iso(ward.now), lastUpdate=iso(later))
        ward.close()
        finding = by_code(found_in(gateway.root, later))["lock-expired"]
    assert finding.fix is None
    assert "a run that is still going" in finding.message


def test_an_orphaned_workspace_is_no_finding_while_its_run_shows_life(gateway: GatewayRoot) -> None:
    ward = Ward(gateway)
    ward.state("sync-a", "running", MINUTE, MINUTE / 60)
    ward.close()
    assert found_in(gateway.root) == ()
    assert set(by_code(found_in(gateway.root, utc_now() + 20 * MINUTE))) == {"workspace-orphaned"}


# Mending


def test_safe_fixes_are_made_without_a_question_and_others_keep_their_reason(gateway: GatewayRoot) -> None:
    write_ailing(gateway)
    result = treated(gateway.root, safe_only)
    assert {mended.finding.code for mended in result.fixed} == {"wrong-mode", "leftover-temp"}
    whys = {left.finding.code: left.why for left in result.remaining}
    assert set(whys) == IN_AILING - {"wrong-mode", "leftover-temp"}
    asked = {code for code, why in whys.items() if why == "asked, and declined"}
    assert asked == {code for code, mend in FIXES.items() if code in IN_AILING and not mend.is_safe}
    assert {whys[code] for code in ("malformed", "overdue", "dispatcher-disabled")} == {"no command can fix it"}
    assert whys["lock-invalid"] == "its holder is unknown: its command asks you to type the name"


def test_confirmed_fixes_are_made_and_those_that_need_a_name_remain(gateway: GatewayRoot, own_places: Path) -> None:
    write_ailing(gateway)
    result = treated(gateway.root)
    assert {mended.finding.code for mended in result.fixed} == set(FIXES) & IN_AILING
    assert {left.finding.code for left in result.remaining} == {
        *("lock-invalid", "lock-expired", "lock-cut-short", "slot-number-twice", "slot-quiet"),
        *("malformed", "version-unknown", "overdue", "dispatcher-disabled", "gateway-refuses"),
        *("schedule-not-understood", "schedule-never"),
    }
    assert (own_places / "audit.jsonl").read_text().count('"outcome":"done"') == 3
    assert [slot.session_id for slot in read_fleet(StatePaths(gateway.root)).slots] == [
        *("cron:sync-silent", "cron:sync-second", "cron:sync-third")
    ]
    assert list((gateway.automations / "locks").glob("github.com-user-dead.lock.*.released"))


def test_a_subject_that_changed_since_the_examination_is_not_fixed(gateway: GatewayRoot) -> None:
    ward = write_ailing(gateway)

    def decide(finding: Finding, mend: FixRule) -> str | None:
        """Make the dead process run again while the question is open."""
        if finding.code == "run-dead":
            ward.state("sync-stuck", "running", HOUR, MINUTE * 0)
        if finding.code == "workspace-orphaned":
            ward.lock("gone", "sync-gone")
        if finding.code == "slot-orphaned":
            ward.state("sync-ended", "running", HOUR, MINUTE * 0)
        return None

    treated(gateway.root, decide)
    fleet = read_fleet(StatePaths(gateway.root))
    assert {"sync-stuck", "sync-gone"} <= set(fleet.workspaces)
    assert "cron:sync-ended" in {slot.session_id for slot in fleet.slots}


def test_modes_are_fixed_below_directories_that_were_unreadable(gateway: GatewayRoot) -> None:
    write_healthy(gateway)
    hidden = gateway.automations / "workspaces/sync-busy"
    (hidden / "state.json").chmod(0o640)
    (gateway.automations / "logs/dispatcher").chmod(0o755)
    hidden.chmod(0o500)
    assert {mended.finding.code for mended in treated(gateway.root).fixed} == {"wrong-mode"}
    assert found_in(gateway.root) == ()
    assert hidden.stat().st_mode & 0o777 == 0o700


def test_a_file_with_another_name_elsewhere_keeps_its_mode(gateway: GatewayRoot, tmp_path: Path) -> None:
    write_healthy(gateway)
    outside = tmp_path / "outside"
    outside.write_text("{}")
    outside.chmod(0o644)
    (gateway.automations / "config/smart-sync-fork/sync-linked.json.bak").hardlink_to(outside)
    (left,) = treated(gateway.root).remaining
    assert "has another name somewhere" in left.why
    assert outside.stat().st_mode & 0o777 == 0o644


@pytest.fixture
def strangers_root() -> Iterator[GatewayRoot]:
    """Yield an ailing root that belongs to another user, who lets this process read it."""
    if os.geteuid() != 0:
        pytest.skip("only root can make files that are another's")
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        gateway = GatewayRoot(Path(directory) / "state")
        gateway.automations.mkdir(parents=True)
        write_ailing(gateway)
        for place, _, files in os.walk(directory):
            Path(place).chmod(0o755)
            for file in files:
                (Path(place) / file).chmod(0o644)
        own = Path(directory) / "own"
        own.mkdir()
        os.chown(own, NOBODY, NOBODY)
        for module in ("_strptime", "ctypes"):  # loaded late, and the other user may not be able to read them
            importlib.import_module(module)
        os.seteuid(NOBODY)
        try:
            yield gateway
        finally:
            os.seteuid(0)


def test_in_another_user_s_root_everything_is_found_and_nothing_is_changed(
    strangers_root: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(strangers_root.root.parent / "own"))
    before = {path: path.read_bytes() for path in strangers_root.automations.rglob("*") if path.is_file()}
    assert {finding.code for finding in found_in(strangers_root.root)} == IN_AILING
    result = treated(strangers_root.root)
    assert result.fixed == ()
    whys = {left.finding.code: left.why for left in result.remaining}
    assert set(whys) == IN_AILING
    assert "belongs to another account" in whys["wrong-mode"]
    assert "permission denied" in whys["slot-orphaned"]
    assert {path: path.read_bytes() for path in strangers_root.automations.rglob("*") if path.is_file()} == before
