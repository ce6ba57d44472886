"""``clawtui progress``."""

from __future__ import annotations

import json
import signal

from tests.cli.calls import Caller
from tests.cli.processes import lines_of, started
from tests.gateway_root import NOON, GatewayRoot, iso

ID = "auto-sync-main-123"


def test_the_json_has_the_document_and_the_derived_fields(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    gateway.state(ID)
    gateway.progress(ID, ("Cloning", 10), ("Resolving", 45))
    shown = call("progress", ID, "--json").json
    assert (shown["automationId"], shown["lastUpdate"]) == (ID, iso(NOON))
    assert (shown["running"], shown["percentage"], shown["milestone"]) == (True, 45, "Resolving")
    assert [one["took"] for one in shown["timeline"]] == [30_000, 270_000]


def test_as_text_it_is_one_line_a_milestone(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    gateway.state(ID)
    gateway.progress(ID, ("Cloning", 10), ("Resolving: " + "deep/" * 30 + "x.ts", 45))
    lines = call("progress", ID).lines
    assert [len(line) <= 80 for line in lines] == [True, True]
    assert lines[0].split()[-3:] == ["30s", "10", "Cloning"]


def test_a_missing_timeline_is_reported_with_a_hint(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    for flags in ([], ["--follow"]):
        answer = call("progress", ID, *flags)
        assert (answer.status, answer.out) == (5, "")
        assert f"run show {ID}" in answer.err
    assert "automation list" in call("progress", "nope").err


def test_an_unreadable_timeline_is_reported(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    gateway.write(f"workspaces/{ID}/progress.json", "{")
    answer = call("progress", ID)
    assert answer.status == 1
    assert f"workspaces/{ID}/progress.json: is not JSON5" in answer.err


def test_follow_ends_at_once_where_nothing_runs(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    gateway.state(ID, status="success")
    gateway.progress(ID, ("Cloning", 10), ("Done", 100))
    answer = call("progress", ID, "--follow", "--json")
    assert [json.loads(line)["milestone"] for line in answer.lines] == ["Cloning", "Done"]
    assert answer.err == f"clawtui: the run of {ID} is over: success\n"


def test_an_interrupt_ends_it_without_a_word(gateway: GatewayRoot) -> None:
    gateway.automation(ID)
    gateway.state(ID)
    gateway.progress(ID, ("Cloning", 10))
    with started("progress", ID, "--follow", "--root", str(gateway.root)) as process:
        assert process.stdout is not None and process.stderr is not None
        lines_of(process.stdout, 1)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == ""


def test_follow_prints_each_milestone_as_it_comes_and_ends_with_the_run(gateway: GatewayRoot) -> None:
    gateway.automation(ID)
    gateway.state(ID)
    gateway.progress(ID, ("Cloning", 10))
    with started("progress", ID, "--follow", "--json", "--root", str(gateway.root)) as process:
        assert process.stdout is not None and process.stderr is not None
        (first,) = lines_of(process.stdout, 1)
        assert json.loads(first)["milestone"] == "Cloning"
        gateway.progress(ID, ("Cloning", 10), ("Merging", 25), ("Resolving", 35))
        assert [json.loads(line)["milestone"] for line in lines_of(process.stdout, 2)] == ["Merging", "Resolving"]
        gateway.write(f"workspaces/{ID}/progress.json", '{ "half": ')
        gateway.progress(ID, ("Cloning", 10), ("Merging", 25), ("Resolving", 35), ("Done", 100))
        gateway.state(ID, status="success")
        assert json.loads(process.stdout.read())["milestone"] == "Done"
        assert process.wait(20) == 0
        assert process.stderr.read() == f"clawtui: the run of {ID} is over: success\n"
