"""`logs`, `progress` and `status --follow` on a stock gateway's root."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from clawtui.model.changes import Change
from clawtui.model.gateway.changes import gateway_changes
from clawtui.model.search.log_query import LogQuery
from clawtui.openclaw.reader import read_gateway
from clawtui.operations.openclaw.logs import GatewayLogQuery, follow_gateway_log
from tests.cli.openclaw.test_commands import call
from tests.openclaw.gateway_store import GatewayStore, now_ms
from tests.openclaw.test_transcript_steps import SECRET


def entry(message: str, job: str = "", level: str = "INFO", at: int | None = None) -> str:
    instant = datetime.fromtimestamp((now_ms() if at is None else at) / 1000, UTC)
    line: dict[str, Any] = {"0": '{"module":"cron"}', "1": {"jobId": job, "n": 3}, "2": message}
    return json.dumps({**line, "_meta": {"logLevelName": level}, "time": instant.isoformat()}) + "\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root, now = tmp_path / "root", now_ms()
    store = GatewayStore(root)
    store.job("mail", definition={"payload": {"kind": "command"}})
    store.receipt("r-old", "mail", "error", now - 7_200_000, now - 7_100_000, error="no route")
    diagnostic = {"ts": now - 59_000, "severity": "error", "message": f"failed with {SECRET}"}
    detail = {"diagnostics": {"entries": [diagnostic]}}
    store.receipt("r-new", "mail", "error", now - 60_000, now - 50_000)
    store.task("t", "mail", "failed", now - 60_000, now - 50_000, "r-new", detail_json=json.dumps(detail))
    store.close()
    log = tmp_path / "claw.log"
    log.write_text(
        entry("long ago", "mail", at=now - 7_150_000)
        + entry("just now", "mail", "WARN", at=now - 55_000)
        + entry("of another", "web")
        + "Error: boom\n"
        + "{torn"
    )
    (root / "openclaw.json").write_text(json.dumps({"logging": {"file": str(log)}}))
    return root


def test_the_log_is_shown_whole_or_of_one_job_or_run(root: Path) -> None:
    whole = call("--root", str(root), "logs")
    assert all(word in whole for word in ("long ago", "just now", "of another", "Error: boom")) and "torn" not in whole
    assert "cron" in whole and "n=3" in whole and "_meta" not in whole
    job = call("--root", str(root), "logs", "mail")
    assert "long ago" in job and "just now" in job and "another" not in job and "boom" not in job
    run = call("--root", str(root), "logs", "mail", "--run", "r-old")
    assert "long ago" in run and "just now" not in run
    assert "just now" in call("--root", str(root), "logs", "mail", "--level", "warn")
    assert "long ago" not in call("--root", str(root), "logs", "mail", "--since", "1h")
    lines = json.loads(call("--root", str(root), "logs", "mail", "--limit", "1", "--json"))
    assert [line["2"] for line in lines] == ["just now"]


def test_a_log_that_is_not_there_is_an_error_with_a_way_out(root: Path) -> None:
    (root / "openclaw.json").write_text('{"logging": {"file": "/nowhere/claw.log"}}')
    assert "there is no log at /nowhere/claw.log" in call("--root", str(root), "logs", status=5)


def test_progress_has_the_milestones_of_the_newest_run(root: Path) -> None:
    shown = call("--root", str(root), "progress", "mail")
    assert "started" in shown and "failed with" in shown and SECRET not in shown
    timeline = json.loads(call("--root", str(root), "progress", "mail", "--json"))["timeline"]
    assert timeline[0]["milestone"] == "started" and timeline[-1]["failed"]


class Over(Exception):
    """Raised to end a test that follows a log."""


def test_following_continues_after_a_rotation(root: Path, tmp_path: Path) -> None:
    log = tmp_path / "claw.log"

    def append() -> None:
        with log.open("a") as file:
            file.write(" line}\n" + entry("one more", "mail"))

    def rotate() -> None:
        log.rename(tmp_path / "claw.log.1")
        log.write_text(entry("after the rotation", "mail"))

    steps: list[Callable[[], object]] = [append, rotate, list]

    def pause(seconds: float) -> None:
        if not steps:
            raise Over
        steps.pop(0)()

    query = GatewayLogQuery(LogQuery(automation_id="mail", of_gateway=True))
    found: list[str] = []
    with pytest.raises(Over):
        for line in follow_gateway_log(root, query, 1, pause):
            found.append(json.loads(line)["2"])
    assert found == ["just now", "one more", "after the rotation"]


def test_each_change_is_printed(tmp_path: Path) -> None:
    store, now = GatewayStore(tmp_path), now_ms()
    store.job("a")
    store.receipt("r1", "a", "running", now - 5000)

    seen = [read_gateway(tmp_path, "sqlite")]

    def news() -> list[Change]:
        seen.append(read_gateway(tmp_path, "sqlite"))
        return list(gateway_changes(*seen[-2:]))

    assert news() == []
    store.receipt("r1", "a", "error", now - 5000, now, error="no route")
    assert news() == [("run-failed", "Job a", "failed after 5s: no route")]
    store.receipt("r2", "a", "running", now)
    assert news() == [("run-started", "Job a", "started")]
    store.receipt("r3", "a", "ok", now + 1, now + 2001)
    assert news() == [("run-started", "Job a", "started"), ("run-ended", "Job a", "success after 2s")]
    store.job("a", enabled=False)
    store.job("b")
    assert set(news()) == {("disabled", "Job a", "disabled"), ("automation-added", "Job b", "is new")}
    store.connection.execute("DELETE FROM cron_jobs WHERE job_id = 'b'")
    assert news() == [("automation-gone", "Job b", "is gone")]
    store.close()


def test_nothing_is_in_range_without_a_time() -> None:
    bounded = GatewayLogQuery(LogQuery(), first=datetime.now(UTC) - timedelta(hours=1))
    assert not bounded.admits(b"Error: boom", None) and GatewayLogQuery(LogQuery()).admits(b"Error: boom", None)
