"""``clawtui wait``: what it waits for, and its exit statuses."""

from __future__ import annotations

import itertools
import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from clawtui.operations.evidence.processes import start_ticks
from clawtui.operations.runs import wait as subject
from clawtui.operations.runs.run_watch import RunWatch
from clawtui.operations.runs.wait import LOST, SETTLING, WaitCondition, WaitedRun, wait_for_run
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.openclaw.gateway_store import GatewayStore, now_ms

ID = "sync-main"
EARLIER = NOON - timedelta(hours=2)


def run(status: str | None, minutes: int = 0) -> WaitedRun:
    return WaitedRun(ID, f"run-{minutes}", NOON + timedelta(minutes=minutes), status)


def waited(
    looks: Sequence[Sequence[WaitedRun]],
    condition: WaitCondition = "success",
    timeout: float | None = None,
    **flags: bool,
) -> WaitedRun | None:
    """Wait over a sequence of looks, of which the last repeats; each pause moves the clock by a second."""
    sequence: Iterator[Sequence[WaitedRun]] = itertools.chain(looks, itertools.repeat(looks[-1]))
    moments = {"now": 0.0}

    def pause(seconds: float) -> None:
        moments["now"] += 1.0

    look: Callable[[], Sequence[WaitedRun]] = lambda: next(sequence)  # noqa: E731
    return wait_for_run(look, condition, timeout, pause=pause, monotonic=lambda: moments["now"], **flags)


OLD = run("failed", -120)


@pytest.mark.parametrize("status", ["success", "partial", "failed", "cancelled", "lost", "timed out", "skipped"])
def test_the_run_in_progress_is_waited_for_and_no_earlier_one(status: str) -> None:
    ended = waited([[run("running"), OLD], [run("running"), OLD], [run(status), OLD]])
    assert ended is not None
    assert (ended.status, ended.name) == (status, "run-0")
    assert ended.meets("success") == (status == "success")
    assert ended.meets("completed") == (status in ("success", "partial"))
    assert ended.meets("end") == (status != "lost")


def test_without_a_run_in_progress_it_is_the_next_even_if_it_was_over_between_two_looks() -> None:
    ended = waited([[OLD], [OLD], [run("success", 30), run("running", 60), OLD]])
    assert ended is not None
    assert ended.name == "run-30"


def test_the_next_is_not_the_one_in_progress() -> None:
    looks = [[run("running"), OLD], [run("success"), OLD], [run("running", 9), run("success"), OLD]]
    looks.append([run("failed", 9), run("success"), OLD])
    ended = waited(looks, only_next=True)
    assert ended is not None
    assert (ended.name, ended.status) == ("run-9", "failed")


def test_the_start_is_enough_where_only_that_is_awaited() -> None:
    begun = waited([[OLD], [run("running"), OLD]], "start")
    assert begun is not None
    assert begun.meets("start")


def test_a_result_whose_time_is_that_of_the_end_is_of_the_run_in_progress() -> None:
    ended = waited([[run("running"), OLD], [OLD], [run("success", 7), OLD]])
    assert ended is not None
    assert ended.status == "success"


def test_a_run_that_leaves_no_result_is_lost_when_it_had_time_to_write_one() -> None:
    gone = [[run("running"), OLD], *[[OLD]] * int(SETTLING + 2)]
    ended = waited(gone)
    assert ended is not None
    assert (ended.status, ended.name) == (LOST, "run-0")
    assert not ended.meets("end")


def test_the_time_is_up() -> None:
    assert waited([[run("running"), OLD]], timeout=5) is None
    assert waited([[OLD]], timeout=0) is None


@pytest.fixture
def root(gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> GatewayRoot:
    """Return a root with a run in progress that shows life, at noon."""
    monkeypatch.setattr(subject, "INTERVAL", 0.02)
    result = {"timestamp": iso(EARLIER), "status": "failed", "duration": 1000, "summary": "No route"}
    gateway.automation(ID, runHistory=[result], lastRun=result)
    gateway.state(ID)
    gateway.lock("github.com/user/repo", ID, hostname="elsewhere")
    return gateway


def end(gateway: GatewayRoot, status: str) -> None:
    gateway.state(ID, status="failed" if status == "failed" else "completed")
    start = NOON - timedelta(minutes=5)
    result = {"timestamp": iso(start), "status": status, "duration": 164000, "summary": "Synced 15 commits"}
    gateway.automation(ID, runHistory=[result], lastRun=result)


def at_third_look(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Call something at the third look of the command."""
    looks, look = itertools.count(1), RunWatch.look

    def watched(self: RunWatch) -> Sequence[WaitedRun]:
        if next(looks) == 3:
            act()
        return look(self)

    monkeypatch.setattr(RunWatch, "look", watched)


@pytest.mark.parametrize(("status", "code"), [("success", 0), ("failed", 1), ("cancelled", 1), ("partial", 1)])
def test_the_exit_status_is_how_the_run_ended(
    root: GatewayRoot, call: Caller, monkeypatch: pytest.MonkeyPatch, status: str, code: int
) -> None:
    at_third_look(monkeypatch, lambda: end(root, status))
    answer = call("wait", ID, "--timeout", "30s")
    assert answer.status == code
    assert answer.out == f"{ID}: {status} after 2m44s: Synced 15 commits\n"


def test_as_json_it_is_one_document(root: GatewayRoot, call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    at_third_look(monkeypatch, lambda: end(root, "partial"))
    answer = call("wait", ID, "--for", "completed", "--timeout", "30", "--json")
    assert answer.status == 0
    document = answer.json
    assert (document["automationId"], document["status"], document["duration"]) == (ID, "partial", 164000)
    assert (document["asWanted"], document["timedOut"], document["timestamp"]) == (
        True,
        False,
        iso(NOON - timedelta(minutes=5)),
    )


def test_a_timeout_names_the_runs_in_progress(root: GatewayRoot, call: Caller) -> None:
    answer = call("wait", ID, "--timeout", "0")
    assert (answer.status, answer.out) == (124, "")
    assert answer.err == f"clawtui: {ID}: the time is up after 0s, and its run is still in progress\n"
    answer = call("wait", ID, "--timeout", "0", "--json")
    assert (answer.status, answer.json["timedOut"], answer.json["status"]) == (124, True, None)
    assert call("wait", ID, "--for", "start").status == 0


def test_a_run_whose_process_is_dead_is_lost(root: GatewayRoot, call: Caller) -> None:
    root.lock("github.com/user/repo", ID, pid=2**22 + 5)
    answer = call("wait", ID, "--timeout", "30s")
    assert answer.status == 1
    assert "lost" in answer.out
    assert "its process is gone" in answer.out


def test_invalid_arguments_are_usage_errors(root: GatewayRoot, call: Caller) -> None:
    assert call("wait", "nope", "--timeout", "0").status == 5
    for wrong in ("soon", "-1", "nan", "inf"):
        assert call("wait", ID, "--timeout", wrong).status == 2


def test_it_works_on_a_stock_gateways_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "INTERVAL", 0.02)
    store, now = GatewayStore(tmp_path), now_ms()
    store.job("digest")
    store.receipt("r-0", "digest", "ok", now - 900_000, now - 890_000)
    dead, own = 2**22 + 5, os.getpid()
    store.lease(dead, socket.gethostname(), 5, now - 900_000, now - 60_000, now - 60_000)
    store.receipt("r-1", "digest", "running", now - 60_000, pid=dead, ticks=5)

    def call(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["--root", str(tmp_path), "wait", "digest", *words], obj=Invocation())
        return done.exit_code, done.stdout

    assert call("--timeout", "0")[0] == 1, "its owner is dead"
    store.receipt("r-1", "digest", "running", now - 60_000, pid=own, ticks=start_ticks(own))
    assert call("--timeout", "0")[0] == 124
    store.receipt("r-1", "digest", "running", now - 60_000, pid=own, ticks=start_ticks(own))
    assert call("--for", "start", "--timeout", "30")[0] == 0
    asked = iter([False, False])

    def paused(seconds: float) -> None:
        if next(asked, True):
            store.receipt("r-1", "digest", "ok", now - 60_000, now)

    monkeypatch.setattr(wait_for_run, "__kwdefaults__", {**(wait_for_run.__kwdefaults__ or {}), "pause": paused})
    status, out = call("--timeout", "30", "--json")
    store.close()
    assert (status, json.loads(out)["run"], json.loads(out)["status"]) == (0, "r-1", "success")
