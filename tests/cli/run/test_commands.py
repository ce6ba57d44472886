"""``clawtui run``."""

from __future__ import annotations

from datetime import timedelta

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

ID = "auto-sync-upstream-456"
OLD = NOON - timedelta(hours=2)
LOG = f"logs/smart-sync-fork/{ID}-{OLD:%Y-%m-%d-%H-%M-%S}.jsonl"


def fill(gateway: GatewayRoot) -> None:
    result = {"timestamp": iso(OLD), "status": "success", "duration": 164000, "summary": "Synced 15 commits"}
    gateway.automation(ID, runHistory=[result], lastRun=result)
    gateway.state(ID)
    gateway.progress(ID, ("Cloning fork repository", 10), ("Resolving conflicts", 35))
    gateway.append_log(
        LOG,
        run_entry(ID, "Starting", OLD, phase="init"),
        run_entry(ID, "Cloning fork repository", OLD + timedelta(seconds=5)),
    )


def test_the_json_of_the_list_has_the_documented_fields(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    assert call("run", "list", ID, "--json").json == [
        {
            "run": iso(NOON - timedelta(minutes=5)),
            "timestamp": iso(NOON - timedelta(minutes=5)),
            "status": "running",
            "duration": None,
            "summary": None,
            "log": None,
        },
        {
            "run": f"{ID}-2025-01-26-10-00-00",
            "timestamp": iso(OLD),
            "status": "success",
            "duration": 164000,
            "summary": "Synced 15 commits",
            "log": LOG,
        },
    ]


def test_the_list_as_text_never_cuts_the_name_by_which_a_run_is_shown(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    lines = call("run", "list", ID).lines
    assert all(len(line) <= 80 for line in lines)
    names = [line.split()[0] for line in lines[1:]]
    assert [call("run", "show", ID, name).status for name in names] == [0, 0]


def test_show_without_a_run_is_the_newest_with_its_live_timeline(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    shown = call("run", "show", ID, "--json").json
    assert (shown["status"], shown["sessionId"], shown["source"]) == ("running", f"cron:{ID}", "progress")
    assert shown["timeline"][0] == {
        "timestamp": iso(NOON - timedelta(minutes=5)),
        "milestone": "Cloning fork repository",
        "percentage": 10,
        "details": {},
        "took": 30_000,
    }


def test_show_reads_an_older_run_from_its_log(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    shown = call("run", "show", ID, f"{ID}-2025-01-26-10-00-00", "--json").json
    assert (shown["source"], shown["automationId"], shown["log"]) == ("log", ID, LOG)
    assert [one["milestone"] for one in shown["timeline"]] == ["Starting", "Cloning fork repository"]
    text = call("run", "show", ID, f"{ID}-2025-01-26-10-00-00")
    assert all(len(line) <= 80 for line in text.lines)
    assert "Synced 15 commits" in text.out
    assert text.lines[-1].endswith("Cloning fork repository")


def test_an_unknown_run_is_an_error_with_a_hint(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    answer = call("run", "show", ID, "yesterday")
    assert (answer.status, answer.out) == (5, "")
    assert f"run list {ID}" in answer.err
    assert call("run", "list", "nope").status == 5


def test_an_automation_that_has_not_run_has_no_runs(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("idle")
    assert call("run", "list", "idle", "--json").json == []
    assert call("run", "list", "idle").status == 0
    assert call("run", "show", "idle").status == 5


def test_an_unreadable_record_is_reported_after_the_facts_of_the_logs(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    gateway.write(f"config/smart-sync-fork/{ID}.json", "{")
    answer = call("run", "list", ID, "--json")
    assert answer.status == 1
    assert [row["log"] for row in answer.json] == [None, LOG]
    assert "is not JSON5" in answer.err


def known(gateway: GatewayRoot, *minutes: float) -> None:
    """Write runs of these durations, each with a log of its phases, and one that began five minutes ago."""
    history = []
    for age, took in enumerate(minutes, 1):
        began = NOON - age * timedelta(hours=1)
        path = f"logs/smart-sync-fork/{ID}-{began:%Y-%m-%d-%H-%M-%S}.jsonl"
        gateway.append_log(path, run_entry(ID, "Cloning", began), run_entry(ID, "Merging", began, phase="merge"))
        ended = began + timedelta(minutes=took)
        gateway.append_log(path, run_entry(ID, "Done", ended, phase="complete", status="success"))
        history.append({"timestamp": iso(began), "status": "success", "duration": took * 60_000, "summary": ""})
    gateway.automation(ID, runHistory=history)
    gateway.state(ID)
    gateway.progress(ID, ("Cloning fork repository", 10), ("Resolving conflicts", 35))


def test_a_run_in_progress_shows_the_time_left_and_the_usual_time(gateway: GatewayRoot, call: Caller) -> None:
    known(gateway, 7, 8, 9)
    for command in (("run", "show", ID), ("progress", ID)):
        shown = call(*command, "--json").json
        assert shown["left"] == {"low": 150_000, "high": 210_000}
        assert shown["usual"] == {"low": 450_000, "high": 510_000, "runs": 3}
        assert "2–4m" in call(*command).out


def test_with_two_past_runs_nothing_is_claimed(gateway: GatewayRoot, call: Caller) -> None:
    known(gateway, 7, 8)
    for command in (("run", "show", ID), ("progress", ID)):
        shown = call(*command, "--json").json
        assert (shown["left"], shown["usual"]) == (None, None)
        assert "left" not in call(*command).out


def test_a_past_run_shows_its_phases_and_the_cause_of_its_failure(gateway: GatewayRoot, call: Caller) -> None:
    known(gateway, 7, 8, 9)
    began = NOON - timedelta(hours=9)
    path = f"logs/smart-sync-fork/{ID}-{began:%Y-%m-%d-%H-%M-%S}.jsonl"
    gateway.append_log(path, run_entry(ID, "Cloning", began))
    failed = began + timedelta(minutes=20)
    gateway.append_log(path, run_entry(ID, "Connection reset", failed, level="error"))
    gateway.append_log(path, run_entry(ID, "Failed", failed, phase="complete", status="failed", duration=1_200_000))
    shown = call("run", "show", ID, path, "--json").json
    assert shown["error"] == {"timestamp": iso(failed), "phase": "git", "message": "Connection reset"}
    assert shown["phases"][0] == {
        "phase": "git",
        "took": 1_200_000,
        "usual": {"low": 0, "high": 0, "runs": 3},
        "slow": True,
    }
    text = call("run", "show", ID, path).out
    assert "git: Connection reset" in text
    assert "longer than nine in ten" in text
