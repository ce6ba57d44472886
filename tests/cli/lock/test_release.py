"""``clawtui lock release`` and ``restore``: what they ask, what they refuse, and how they end."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.calls import Answer, Caller
from tests.cli.processes import environment, on_terminal, read_until
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import sleeping
from tests.operations.releases import GONE, HOUR, ID, KEY, LOCK
from tests.renaming import around_rename

ROWS = ["released", "demands", "follows", "aside", "complaints", "stillFree", "takenBy"]


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give clawtui directories of its own inside the test's directory."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def call(gateway: GatewayRoot, now: datetime) -> Caller:
    return Caller(gateway, now)


def dead(gateway: GatewayRoot, now: datetime, **changes: object) -> bytes:
    lock: dict[str, object] = {"pid": GONE, "acquiredAt": iso(now - HOUR)}
    return gateway.lock(KEY, ID, None, **lock | changes).read_bytes()


@pytest.fixture
def live(gateway: GatewayRoot, now: datetime) -> Iterator[int]:
    """Write a lock whose process exists and whose run has just shown life."""
    with sleeping() as pid:
        dead(gateway, now, pid=pid, acquiredAt=iso(now))
        yield pid


def of(gateway: GatewayRoot) -> list[str]:
    return sorted(path.name for path in (gateway.automations / "locks").iterdir())


def is_untouched(answer: Answer, gateway: GatewayRoot) -> bool:
    return of(gateway) == ["github.com-user-repo.lock"] and not (gateway.automations / "logs").exists()


def test_an_orphaned_lock_takes_yes(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    dead(gateway, now)
    answer = call("lock", "release", KEY)
    assert answer.status == 3
    assert is_untouched(answer, gateway)
    assert answer.err.splitlines()[-1].endswith("If it is to go all the same: --yes")
    answer = call("lock", "release", KEY, "--yes")
    assert answer.status == 0
    assert answer.lines[0] == "orphaned: the holder cannot be alive", "every fact is shown, asked or not"
    assert "if it is released:" in answer.lines
    assert answer.err.splitlines() == [
        f"clawtui: released {KEY}, which was orphaned",
        f"`clawtui --root {gateway.root} lock restore {KEY}` "
        "restores it, for one day, unless the repository is locked again",
    ]
    assert of(gateway)[0].endswith(".released")


@pytest.mark.parametrize("changes", [{"hostname": "gateway-2"}, {"pid": "none", "sessionId": 5}])
def test_foreign_and_invalid_take_force(
    call: Caller, gateway: GatewayRoot, now: datetime, changes: dict[str, object]
) -> None:
    dead(gateway, now, **changes)
    answer = call("lock", "release", KEY, "--yes")
    assert answer.status == 3
    assert answer.err.endswith("--yes --force\n")
    assert is_untouched(answer, gateway)
    assert call("lock", "release", KEY, "--force").status == 3, "there is no terminal to ask at"
    assert call("lock", "release", KEY, "--yes", "--force").status == 0
    assert LOCK not in of(gateway)


def test_a_live_one_takes_force_live_and_nothing_less(call: Caller, gateway: GatewayRoot, live: int) -> None:
    for flags in ([], ["--yes"], ["--yes", "--force"], ["--force-live"], ["--force", "--force-live"]):
        answer = call("lock", "release", KEY, *flags)
        assert answer.status == 3
        assert answer.err.endswith("--yes --force-live\n")
        assert is_untouched(answer, gateway)
    assert call("lock", "release", KEY, "--yes", "--force-live").status == 0
    call("lock", "restore", "--yes")
    assert call("lock", "release", KEY, "--yes", "--force", "--force-live").status == 0


def test_the_quiet_time_can_be_set_and_decides(call: Caller, gateway: GatewayRoot, now: datetime, live: int) -> None:
    later = Caller(gateway, now + HOUR)
    assert later("lock", "list", "--json").json[0]["verdict"] == "quiet"
    assert later("lock", "list", "--json", "--quiet-after", "2h").json[0]["verdict"] == "live"
    assert later("lock", "show", KEY, "--json", "--quiet-after", "2h").json["verdict"] == "live"
    assert later("lock", "release", KEY, "--yes", "--force", "--quiet-after", "2h").status == 3
    assert later("lock", "release", KEY, "--yes", "--quiet-after", "soon").status == 2
    assert later("lock", "release", KEY, "--yes", "--force").status == 0


def test_a_dry_run_shows_the_verdict_and_changes_nothing(
    call: Caller, gateway: GatewayRoot, now: datetime, own: Path
) -> None:
    dead(gateway, now)
    for read_only in (False, True):
        answer = call("lock", "release", KEY, "--dry-run", read_only=read_only)
        assert answer.status == 0
        assert answer.lines[0] == "orphaned: the holder cannot be alive"
        assert f"- pid {GONE} is gone" in answer.lines
        assert "if it is released:" in answer.lines
        assert max(map(len, answer.lines)) <= 80
        assert "nothing was done" in answer.err
        assert is_untouched(answer, gateway)
    row = call("lock", "release", KEY, "--dry-run", "--json").json
    assert [name for name in row if name in ROWS] == ROWS
    assert (row["verdict"], row["released"], row["demands"], row["aside"]) == ("orphaned", False, "--yes", None)
    assert not own.exists()


def test_the_json_is_one_document_with_the_outcome(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    dead(gateway, now)
    row = call("lock", "release", KEY, "--yes", "--json").json
    assert (row["released"], row["complaints"], row["stillFree"], row["takenBy"]) == (True, [], None, None)
    assert (gateway.automations / row["aside"]).exists()
    restored = call("lock", "restore", "--yes", "--json").json
    assert (restored["restored"], restored["path"], restored["aside"]) == (True, LOCK, row["aside"])


def test_if_match_holds_it_to_one_version(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    dead(gateway, now)
    fingerprint = call("lock", "show", KEY, "--json").json["fingerprint"]
    dead(gateway, now, sessionId="cron:fresh")
    answer = call("lock", "release", KEY, "--yes", "--if-match", fingerprint)
    assert answer.status == 4
    assert is_untouched(answer, gateway)
    fingerprint = call("lock", "show", KEY, "--json").json["fingerprint"]
    assert call("lock", "release", KEY, "--yes", "--if-match", fingerprint).status == 0


def test_an_unlocked_repository_is_not_found(call: Caller) -> None:
    assert call("lock", "release", KEY, "--yes").status == 5
    assert call("lock", "restore", KEY, "--yes").status == 5
    assert call("lock", "restore", "--yes").status == 5


def test_read_only_blocks_both(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    dead(gateway, now)
    answer = call("lock", "release", KEY, "--yes", read_only=True)
    assert (answer.status, is_untouched(answer, gateway)) == (3, True)
    call("lock", "release", KEY, "--yes")
    assert call("lock", "restore", KEY, "--yes", read_only=True).status == 3
    assert call("lock", "restore", KEY, "--dry-run", read_only=True).status == 0


def test_wait_reports_who_takes_the_lock_again(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    dead(gateway, now)
    gateway.lock(KEY, "sync-next", "locks/github.com/user/repo.lock")
    answer = call("lock", "release", LOCK, "--yes", "--wait", "--json")
    assert (answer.json["stillFree"], answer.status) == (False, 0)
    assert answer.json["takenBy"].startswith("sync-next (session cron:sync-next")
    assert "locked again after 0.0 s, by sync-next" in answer.err


def test_restore_asks_and_gives_the_reason_of_a_refusal(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    content = dead(gateway, now)
    call("lock", "release", KEY, "--yes")
    there = of(gateway)
    assert call("lock", "restore", KEY).status == 3
    answer = call("lock", "restore", KEY, "--dry-run", "--json")
    assert answer.err.startswith(f"clawtui: would be restored: {KEY}, lock of {ID} (session cron:{ID}, pid {GONE} on ")
    assert (answer.json["restored"], of(gateway)) == (False, there)
    dead(gateway, now, automationId="sync-next")
    answer = call("lock", "restore", KEY, "--yes")
    assert answer.status == 3
    assert f"{KEY} is locked again, by sync-next (session" in answer.err
    (gateway.automations / LOCK).unlink()
    answer = call("lock", "restore", KEY, "--yes")
    assert (answer.status, answer.err) == (0, f"clawtui: restored {KEY}\n")
    assert (gateway.automations / LOCK).read_bytes() == content
    tomorrow = Caller(gateway, now + timedelta(days=2))
    assert tomorrow("lock", "restore", KEY, "--yes").status == 5


def test_an_overlap_is_an_error_with_a_warning(
    call: Caller, gateway: GatewayRoot, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead(gateway, now)
    around_rename(
        monkeypatch,
        lambda: dead(gateway, now, sessionId="cron:fresh"),
        lambda: dead(gateway, now, sessionId="cron:fresher"),
    )
    answer = call("lock", "release", KEY, "--yes")
    assert answer.status == 1
    assert answer.err.startswith("clawtui: ATTENTION: ")
    assert "Two runs may overlap" in answer.err
    assert len(of(gateway)) == 2


def test_the_list_shows_the_remains_of_a_killed_release(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    path = gateway.automations / LOCK
    dead(gateway, now)
    path.rename(path.with_name(f"{path.name}.{now - HOUR:%Y%m%dT%H%M%SZ}.4711.0123abcd.aside"))
    answer = call("lock", "list", "--json")
    assert answer.json == []
    assert f"removing the lock of {KEY} was cut short" in answer.err
    assert answer.err.endswith(f"`clawtui --root {gateway.root} lock restore {KEY}`\n")
    assert call("lock", "restore", KEY, "--yes").status == 0
    assert "cut short" not in call("lock", "list").err


def test_a_release_without_a_record_is_refused(call: Caller, gateway: GatewayRoot, now: datetime, own: Path) -> None:
    dead(gateway, now)
    (own / "clawtui/audit.jsonl").mkdir(parents=True)
    answer = call("lock", "release", KEY, "--yes")
    assert answer.status == 3
    assert "nothing is done without a record" in answer.err
    assert is_untouched(answer, gateway)


def test_a_failure_to_log_is_reported_after_the_release(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    dead(gateway, now)
    (gateway.automations / "logs").touch()
    answer = call("lock", "release", KEY, "--yes", "--json")
    assert (answer.status, answer.json["released"]) == (0, True)
    assert answer.json["complaints"][0] in answer.err


# On a terminal


def talk(gateway: GatewayRoot, own: Path, *dialogue: tuple[bytes, bytes], command: tuple[str, ...]) -> tuple[str, int]:
    """Return the output and the exit status, when each prompt gets its answer."""
    env = environment(XDG_STATE_HOME=str(own), XDG_CONFIG_HOME=str(own), NO_COLOR="1")
    with on_terminal("--root", str(gateway.root), *command, env=env) as (process, terminal):
        shown = b""
        for question, answer in dialogue:
            shown += read_until(terminal, question)
            os.write(terminal, answer)
        shown += read_until(terminal)
        return shown.decode().replace("\r\n", "\n"), process.wait(10)


def test_on_a_terminal_enter_alone_releases_nothing(gateway: GatewayRoot, now: datetime, own: Path) -> None:
    dead(gateway, now)
    shown, status = talk(gateway, own, (b"Release it? [y/N]", b"\n"), command=("lock", "release", KEY))
    assert status == 3
    assert "if it is released:" in shown
    assert "not confirmed, nothing was done" in shown
    assert of(gateway) == ["github.com-user-repo.lock"]
    shown, status = talk(gateway, own, (b"[y/N]", b"y\n"), command=("lock", "release", KEY, "--no-wait"))
    assert status == 0
    assert "watching" not in shown
    (intent, _) = [json.loads(line) for line in (own / "clawtui/audit.jsonl").read_text().splitlines()]
    assert intent["actor"]["terminal"].startswith("/dev/pts/")
    shown, status = talk(gateway, own, (b"Restore it? [y/N]", b"y\n"), command=("lock", "restore"))
    assert (status, of(gateway)) == (0, ["github.com-user-repo.lock"])


def test_on_a_terminal_a_foreign_one_takes_the_repository_s_name(
    gateway: GatewayRoot, now: datetime, own: Path
) -> None:
    dead(gateway, now, hostname="gateway-2")
    ask = b"Type github.com/user/repo to release it:"
    for wrong in (b"\n", b"y\n", b"\x04"):
        shown, status = talk(gateway, own, (ask, wrong), command=("lock", "release", KEY))
        assert (status, of(gateway)) == (3, ["github.com-user-repo.lock"])
        assert "not confirmed, nothing was done" in shown
    _, status = talk(gateway, own, (ask, KEY.encode() + b"\n"), command=("lock", "release", KEY, "--no-wait"))
    assert (status, "github.com-user-repo.lock" in of(gateway)) == (0, False)


def test_a_live_lock_needs_force_live_and_its_typed_name(gateway: GatewayRoot, own: Path, live: int) -> None:
    shown, status = talk(gateway, own, command=("lock", "release", KEY, "--force"))
    assert status == 3
    assert "its run shows life; nothing was done" in shown
    ask = b"Type github.com/user/repo to release it:"
    command = ("lock", "release", KEY, "--force-live", "--no-wait")
    _, status = talk(gateway, own, (ask, KEY.encode() + b"\n"), command=command)
    assert (status, "github.com-user-repo.lock" in of(gateway)) == (0, False)


def test_on_a_terminal_it_is_watched_and_ctrl_c_has_seen_enough(gateway: GatewayRoot, now: datetime, own: Path) -> None:
    dead(gateway, now)
    env = environment(XDG_STATE_HOME=str(own), XDG_CONFIG_HOME=str(own))
    with on_terminal("--root", str(gateway.root), "lock", "release", KEY, "--yes", env=env) as (process, terminal):
        read_until(terminal, b"watching for 10 s whether it is locked again")
        process.send_signal(signal.SIGINT)
        shown = read_until(terminal)
        assert process.wait(10) == 0
    assert b"still free" not in shown
    assert "github.com-user-repo.lock" not in of(gateway)
