"""The commands on a stock gateway's root: what they show, and what they refuse."""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from clawtui.operations.evidence.processes import start_ticks, why_hidden
from tests.openclaw.gateway_store import GatewayStore, gateway_lock, json_store, now_ms
from tests.openclaw.gateways import fingerprint, gateway

MINUTE = 60_000
HOUR = 60 * MINUTE
NO_PID = 2**22 + 5
"""More than Linux ever gives."""
SECRET = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"


def call(*arguments: str, status: int = 0, environment: dict[str, str] | None = None) -> str:
    result = CliRunner().invoke(main, list(arguments), obj=Invocation(), env=environment)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == status, result.output
    return result.stdout if not status or result.stdout else result.stderr


def document(*arguments: str, status: int = 0) -> Any:
    return json.loads(call(*arguments, "--json", status=status))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a gateway that died here, with one of each fault; one of its runs is this process's."""
    store, now = GatewayStore(tmp_path), now_ms()
    pid, ticks = os.getpid(), start_ticks(os.getpid())
    store.lease(NO_PID, socket.gethostname(), 5, now - 90 * HOUR, now - HOUR, now - MINUTE)
    later: dict[str, Any] = {"nextRunAtMs": now + HOUR}
    store.job("fine", **later, lastRunAtMs=now - MINUTE)
    store.receipt("fine-1", "fine", "running", now - MINUTE, pid=pid, ticks=ticks)
    store.job("orphan", runningAtMs=now - 2 * HOUR)
    store.receipt("orphan-1", "orphan", "running", now - 2 * HOUR, pid=NO_PID, ticks=5)
    store.job("stuck", runningAtMs=now - HOUR)
    store.job("late", nextRunAtMs=now - HOUR, lastRunAtMs=now - 2 * HOUR)
    store.job("missing", {"kind": "every", "everyMs": 30 * MINUTE}, **later, lastRunAtMs=now - 3 * HOUR)
    store.job(
        "failing", **later, lastRunAtMs=now - MINUTE, consecutiveErrors=3, lastError=f"\x1b[2Jno route, key {SECRET}"
    )
    for number in range(3):
        started = now - (number * 10 + 1) * MINUTE
        store.receipt(f"failing-{number}", "failing", "error", started, started + 5, error="no route")
    store.job("mute", **later, lastRunAtMs=now - MINUTE)
    store.receipt("mute-1", "mute", "ok", now - 2 * MINUTE, now - MINUTE)
    store.task(
        "mute-t",
        "mute",
        "failed",
        now - 2 * MINUTE,
        now - MINUTE,
        receipt="mute-1",
        detail_json=json.dumps({"deliveryStatus": "failed", "deliveryError": "channel is gone"}),
    )
    store.job("ghost", **later, lastRunAtMs=now - MINUTE)
    store.task("ghost-t", "ghost", "running", now - MINUTE, receipt="gone")
    store.job("odd", {"kind": "cron", "expr": "often"}, **later)
    store.job("unplanned", lastRunAtMs=now - MINUTE)
    store.job("off", enabled=False)
    store.close()
    gateway_lock(tmp_path, pid=NO_PID, startTime=5, createdAt=datetime.now(UTC).isoformat())
    return tmp_path


@pytest.mark.skipif(why_hidden() is not None, reason="not all processes can be seen from here")
def test_doctor_finds_everything_and_names_the_gateways_command(root: Path) -> None:
    found = document("--root", str(root), "doctor", status=1)["findings"]
    codes = {(each["code"], each["subject"].partition(" (")[0].removeprefix("Job ")) for each in found}
    assert codes == {
        ("gateway-down", "gateway"),
        ("run-owner-dead", "orphan"),
        ("running-without-receipt", "stuck"),
        ("job-overdue", "late"),
        ("runs-missed", "missing"),
        ("job-failing", "failing"),
        ("delivery-failing", "mute"),
        ("task-without-receipt", "ghost"),
        ("schedule-not-understood", "odd"),
        ("job-unplanned", "unplanned"),
        ("gateway-lock-stale", "tmp/openclaw-1000/gateway.state.lock"),
    }
    by_code = {each["code"]: each for each in found}
    prefix = f"OPENCLAW_STATE_DIR={root} openclaw "
    assert by_code["run-owner-dead"]["fix"] == prefix + "gateway start"
    assert by_code["task-without-receipt"]["fix"] == prefix + "tasks maintenance --apply"
    assert by_code["runs-missed"]["fix"] == prefix + "automations run missing"
    assert "failed 3 times in a row since" in by_code["job-failing"]["message"]
    assert all("\x1b" not in each["message"] for each in found)


@pytest.mark.parametrize("mode", ["live", "killed", "stopped", "without shm"])
def test_nothing_is_written_by_any_command(root: Path, mode: str) -> None:
    with gateway(root, "killed" if mode == "without shm" else mode):
        if mode == "without shm":
            (root / "state/openclaw.sqlite-shm").unlink()
        before = fingerprint(root)
        for words in (
            "status",
            "automation list",
            "automation show fine",
            "run list fine",
            "run show failing",
            "lock list",
            "why fine",
            "lock show orphan-1",
        ):
            for form in ([], ["--json"]):
                call("--root", str(root), *words.split(), *form)
        call("--root", str(root), "doctor", status=1)
        for words in (
            "automation disable fine",
            "automation delete fine --yes",
            "doctor --fix --yes",
            "lock release orphan-1",
            "prune",
            "migrate",
            "slot list",
            "workspace list",
            "export out",
        ):
            call("--root", str(root), *words.split(), status=3)
        assert fingerprint(root) == before


def test_status_has_the_contracts_names_and_nothing_that_the_store_does_not_have(root: Path) -> None:
    status = document("--root", str(root), "status")
    assert (status["kind"], status["version"]) == ("openclaw-sqlite", "2026.9.6")
    assert status["automations"] == {"total": 11, "enabled": 10, "running": 2, "failed": 1, "lost": 1, "invalid": 0}
    assert status["gateway"]["condition"] in ("down", "elsewhere")
    assert set(status["locks"]) == {"total", "live", "quiet", "orphaned", "foreign", "invalid", "expired"}
    assert status["problems"] == []
    assert "slots" not in status and "dispatcher" not in status
    assert "OpenClaw gateway, SQLite store 2026.9.6" in call("--root", str(root), "status")


def test_automations_and_runs_have_the_contracts_names(root: Path) -> None:
    rows = {row["id"]: row for row in document("--root", str(root), "automation", "list")}
    assert rows["off"]["status"] == "disabled" and rows["failing"]["status"] == "failed"
    assert (rows["fine"]["status"], rows["orphan"]["status"]) == ("running", "lost")
    assert (rows["stuck"]["status"], rows["stuck"]["running"]) == ("idle", None)
    assert {row["status"] for row in rows.values()} <= {"running", "lost", "idle", "disabled", "failed", "invalid"}
    assert rows["fine"]["running"]["startTime"] and "percentage" not in rows["fine"]["running"]
    runs = document("--root", str(root), "run", "list", "failing")
    assert [run["status"] for run in runs] == ["failed"] * 3
    assert runs[0].keys() >= {"run", "timestamp", "status", "duration", "summary", "error"} and "log" not in runs[0]
    shown = document("--root", str(root), "run", "show", "mute")
    assert (shown["status"], shown["deliveryError"], shown["taskStatus"]) == ("success", "channel is gone", "failed")


@pytest.mark.skipif(why_hidden() is not None, reason="not all processes can be seen from here")
def test_the_locks_are_runs_and_lock_files(root: Path) -> None:
    rows = document("--root", str(root), "lock", "list")
    verdicts = {(row["kind"], row.get("automationId")): row["verdict"] for row in rows}
    assert verdicts[("run", "fine")] == "live"
    assert verdicts[("run", "orphan")] == "orphaned"
    assert verdicts[("gateway", None)] == "orphaned"
    assert rows[0]["verdict"] == "orphaned" and rows[0]["facts"]
    assert document("--root", str(root), "lock", "show", "orphan-1") in rows
    assert "pid 4194309 is gone" in call("--root", str(root), "lock", "show", "tmp/openclaw-1000/gateway.state.lock")
    assert "no lock, “nope”" in call("--root", str(root), "lock", "show", "nope", status=5)


def test_output_is_cleaned_and_has_no_secrets(root: Path) -> None:
    for words in ("automation show failing", "automation show failing --json", "doctor"):
        out = call("--root", str(root), *words.split(), status=1 if words == "doctor" else 0)
        assert SECRET not in out and "\x1b" not in out


def test_acts_of_the_gateway_alone_are_refused_with_its_command(root: Path) -> None:
    message = call("--root", str(root), "automation", "disable", "fine", status=3)
    assert "`clawtui automation disable` cannot work on it" in message
    assert f"OPENCLAW_STATE_DIR={root} openclaw automations disable fine" in message
    assert "Traceback" not in message and len(message.splitlines()) == 2
    message = call("--root", str(root), "automation", "duplicate", "fine", status=3)
    assert (
        f"`OPENCLAW_STATE_DIR={root} openclaw automations add --help` is the gateway's own command. None copies"
        in message
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("automation snooze fine 1h", "it decides by itself when a job is due"),
        ("audit", "clawtui changes nothing there"),
        ("workspace list", "it keeps no workspaces of runs"),
        ("artifact list fine", "it keeps no artifacts of runs"),
        ("dispatcher show", "it has no dispatcher"),
        ("prune", "it rotates its log by itself"),
    ],
)
def test_a_command_without_data_gives_the_reason(root: Path, words: str, reason: str) -> None:
    message = call("--root", str(root), *words.split(), status=3)
    assert f"is of a stock OpenClaw gateway: {reason}" in " ".join(message.split())


def test_an_unknown_job_is_not_found(root: Path) -> None:
    assert "there is no automation “nope”" in call("--root", str(root), "automation", "show", "nope", status=5)
    assert "has no run “nope”" in call("--root", str(root), "run", "show", "failing", "nope", status=5)
    assert "more than one run" in call("--root", str(root), "run", "show", "failing", "failing", status=3)


def test_an_unreadable_database_has_a_plain_message(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/openclaw.sqlite").write_bytes(b"no database at all" * 500)
    assert "is damaged" in call("--root", str(tmp_path), "automation", "list", status=1)
    (finding,) = document("--root", str(tmp_path), "doctor", status=1)["findings"]
    assert (finding["code"], finding["severity"]) == ("store-unreadable", "error")
    assert document("--root", str(tmp_path), "status")["problems"]


def test_of_the_default_places_the_first_that_has_automations_is_taken(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "OPENCLAW_STATE_DIR": "", "CLAWDBOT_STATE_DIR": ""}
    (tmp_path / ".openclaw").mkdir()
    json_store(tmp_path / ".clawdbot", [{"id": "a", "enabled": True, "schedule": {"kind": "stream"}}])
    GatewayStore(tmp_path / ".openclaw-work").close()
    out = json.loads(call("status", "--json", environment=home))
    assert (out["root"], out["kind"]) == (str(tmp_path / ".clawdbot"), "openclaw-json")
    out = json.loads(call("status", "--profile", "work", "--json", environment=home))
    assert (out["root"], out["kind"]) == (str(tmp_path / ".openclaw-work"), "openclaw-sqlite")
    message = call("--profile", "work", "automation", "enable", "x", status=3, environment=home)
    assert "`openclaw --profile work automations enable x`" in message
    GatewayStore(tmp_path / ".openclaw").close()
    assert json.loads(call("status", "--json", environment=home))["root"] == str(tmp_path / ".openclaw")
    named = {**home, "CLAWDBOT_STATE_DIR": str(tmp_path / ".clawdbot")}
    assert json.loads(call("status", "--json", environment=named))["root"] == str(tmp_path / ".clawdbot")
    call("--profile", "a/b", "status", status=2, environment=home)


def test_the_shell_is_offered_the_ids_of_automations(root: Path) -> None:
    words = {"_CLAWTUI_COMPLETE": "bash_complete", "COMP_WORDS": f"clawtui --root {root} run list f", "COMP_CWORD": "5"}
    result = CliRunner().invoke(main, [], obj=Invocation(), env=words, prog_name="clawtui")
    assert [line.partition(",")[2] for line in result.stdout.splitlines()] == ["failing", "fine"]


def test_why_names_the_obstacle_or_the_dead_owner_of_a_job(root: Path) -> None:
    lost = document("--root", str(root), "why", "orphan")
    assert (lost["status"], lost["run"]["state"]) == ("lost", "lost")
    assert any("is gone" in fact or "this host started" in fact for fact in lost["run"]["facts"])
    assert "disabled" in [reason["cause"] for reason in document("--root", str(root), "why", "off")["reasons"]]
    assert call("--root", str(root), "why", "fine").startswith("running")


@pytest.mark.skipif(why_hidden() is not None, reason="not all processes can be seen from here")
def test_every_command_says_that_the_run_of_a_dead_owner_is_lost(root: Path) -> None:
    shown = document("--root", str(root), "automation", "show", "orphan")
    run = document("--root", str(root), "run", "show", "orphan")
    answers = {
        "automation list": {row["id"]: row["status"] for row in document("--root", str(root), "automation", "list")},
        "automation show": {"orphan": shown["status"]},
        "its runs": {"orphan": shown["runs"][0]["status"]},
        "run list": {"orphan": document("--root", str(root), "run", "list", "orphan")[0]["status"]},
        "run show": {"orphan": run["status"]},
        "why": {"orphan": document("--root", str(root), "why", "orphan")["status"]},
    }
    assert {command: statuses["orphan"] for command, statuses in answers.items()} == dict.fromkeys(answers, "lost")
    assert run["error"] == "the process of its gateway is gone" and run["verdict"] == "orphaned"
    assert 'clawtui_automations{root="' in call("--root", str(root), "metrics")
    for words in (("run", "list", "orphan"), ("run", "report", "orphan", "--html"), ("status",)):
        assert "lost" in call("--root", str(root), *words), words


def test_status_check_fails_if_something_needs_attention(root: Path) -> None:
    call("--root", str(root), "status", "--check", status=1)
