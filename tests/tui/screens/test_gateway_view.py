"""A stock gateway in the dashboard: what runs, what failed and why, what was missed, and whose owner is dead."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.storage.paths import StatePaths
from clawtui.tui.terminal.glyphs import CURRENT, RUN_MARK
from tests.openclaw.gateway_store import GatewayStore, now_ms
from tests.tui.dashboard_of_gateway import DEAD, ailing_gateway, dashboard_of


async def test_the_list_shows_running_and_failed_jobs(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path) as tester:
        rows = {name: next(row for row in tester.rows if f"Job {name}" in row) for name in _NAMES}
        assert "running" in rows["alive"] and "owner alive" in rows["alive"]
        assert "✗ owner dead, began 1m" in rows["lost"]
        assert "3× no route" in rows["failed"] and "✗ failed" in rows["failed"]
        assert "missed 4 · in " in rows["missed"]
        assert "undelivered" in rows["undelivered"] and "not delivered: chat is" in rows["undelivered"]
        assert "5 · 1 running · 1 owner dead · 1 failed · 1 missed" in tester.text
        assert "OpenClaw 2026.9.6" in tester.rows[0] and "gateway down" in tester.rows[0]
        assert "1 lock" in tester.rows[0]
        assert "%" not in tester.text


_NAMES = ("alive", "lost", "failed", "missed", "undelivered")


async def test_the_timeline_and_the_locks_pane_show_the_verdict_on_a_dead_owner(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path) as tester:
        await tester.wait_for("✗ lost 1m ago")
        assert "the process of its gateway is gone" in tester.text
        assert "owner orphaned" in tester.text and "is gone" in tester.text
        row = next(row for row in tester.rows if "✗ orphaned" in row and "run of Job lost" in row)
        assert "receipt r-lost" in row
        assert any("▸ live" in row and "run of Job alive" in row for row in tester.rows)
        assert "2 running" in tester.text


async def test_earlier_runs_are_shown_one_after_the_other(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path) as tester:
        await tester.press("F")
        await tester.wait_for("job-failing")
        await tester.press("left_square_bracket", "left_square_bracket")
        await tester.wait_for("PAST RUN, 2 back")
        await tester.press("left_square_bracket")
        await tester.wait_for("This is the oldest run.")
        await tester.press("escape")
        await tester.wait_for(lambda: "PAST RUN" not in tester.text)


async def test_the_run_of_a_dead_owner_is_lost_in_the_list_of_runs(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path) as tester:
        await tester.wait_for("owner orphaned")
        await tester.press("H")
        await tester.wait_for(
            lambda: any("✗ lost" in row and "the process of its gateway is gone" in row for row in tester.rows)
        )


async def test_findings_are_those_of_doctor(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path) as tester:
        await tester.press("D")
        await tester.wait_for("run-owner-dead")
        assert "gateway-down" in tester.text
        assert "openclaw" in tester.text and "gateway start" in tester.text, "a long path breaks the command between"


async def test_an_unreadable_store_keeps_the_last_reading(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    store.job("a")
    store.close()
    async with dashboard_of(tmp_path) as tester:
        await tester.wait_for("Job a")
        store.path.write_bytes(b"damaged" * 999)
        await tester.wait_for("is damaged and cannot be read")
        assert "What is shown was read" in tester.text and "Job a" in tester.text
        await tester.press("exclamation_mark")
        await tester.wait_for("state/openclaw.sqlite")


async def test_a_gateway_without_jobs_has_a_message(tmp_path: Path) -> None:
    GatewayStore(StatePaths(tmp_path).root).close()
    async with dashboard_of(tmp_path) as tester:
        await tester.wait_for("It has no automations.")


async def test_the_log_has_the_lines_of_the_run_and_with_0_all(tmp_path: Path) -> None:
    log, cron = tmp_path / "claw.log", '{"module":"cron"}'
    store = ailing_gateway(tmp_path / "root")
    began = datetime.now(UTC) - timedelta(hours=5)
    at = int(began.timestamp() * 1000)
    store.receipt("r-older", "lost", "ok", at, at + 60_000)
    lines = [
        log_line(cron, {"jobId": "lost"}, "cron: long ago", at=began - timedelta(hours=1)),
        log_line(cron, {"jobId": "lost"}, "cron: older", level="DEBUG", at=began + timedelta(seconds=1)),
        log_line(cron, {"jobId": "lost"}, "cron: between", at=began + timedelta(hours=1)),
        log_line("other", at=began),
        log_line(cron, {"jobId": "lost"}, "cron: begun"),
    ]
    log.write_text("".join(lines))
    (tmp_path / "root/openclaw.json").write_text(json.dumps({"logging": {"file": str(log)}}))
    async with dashboard_of(tmp_path / "root") as tester:
        await tester.wait_for("cron: begun  jobId=lost")
        assert "this run, 0 all" in tester.text
        assert "long ago" not in tester.text and "older" not in tester.text and "other" not in tester.text
        with log.open("a") as file:
            file.write(log_line(cron, {"jobId": "lost"}, "cron: more", level="ERROR"))
        await tester.wait_for("ERROR cron       cron: more")
        await tester.press("3", "left_square_bracket")
        await tester.wait_for("debug cron       cron: older")
        await tester.wait_for(lambda: "cron: begun" not in tester.text)
        assert "long ago" not in tester.text and "between" not in tester.text
        await tester.press("left_square_bracket", "escape", "1", "F")
        await tester.wait_for("no line is about this run · 0 shows all")
        await tester.press("3", "0")
        for line in ("cron: long ago", "cron: between", "other", "cron: more", "· all"):
            await tester.wait_for(line)


async def test_the_last_step_of_a_lost_run_failed_and_is_not_current(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path) as tester:
        await tester.wait_for("owner orphaned")
        step = next(row for row in tester.text.split("\n") if " started" in row and ":" in row)
        assert RUN_MARK["failed"] in step and CURRENT not in step.partition("│")[0]


async def test_the_transcript_of_a_run_grows_in_the_timeline(tmp_path: Path) -> None:
    store = ailing_gateway(tmp_path)
    now = now_ms()
    store.job("agent", definition={"payload": {"kind": "agentTurn"}}, runningAtMs=now - 90_000)
    store.receipt("r-agent", "agent", "running", now - 90_000, pid=DEAD, ticks=1)
    path = tmp_path / "agents/main/agent/openclaw-agent.sqlite"
    path.parent.mkdir(parents=True)
    agent = sqlite3.connect(path, isolation_level=None)
    agent.execute("PRAGMA journal_mode=WAL")
    agent.execute("CREATE TABLE session_nodes (session_key TEXT, current_session_id TEXT)")
    agent.execute("INSERT INTO session_nodes VALUES ('agent:main:cron:agent', 's')")
    agent.execute("CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT, created_at INTEGER)")

    def say(seq: int, text: str) -> None:
        event = {"type": "message", "message": {"role": "assistant", "content": [{"type": "text", "text": text}]}}
        agent.execute("INSERT INTO transcript_events VALUES ('s', ?, ?, ?)", (seq, json.dumps(event), now_ms()))

    say(0, "Three mails read.")
    async with dashboard_of(tmp_path) as tester:
        await tester.wait_for("Three mails read.")
        say(1, "None urgent.")
        await tester.wait_for("None urgent.")
    agent.close()


def log_line(*texts: object, level: str = "INFO", at: datetime | None = None) -> str:
    numbered = {str(number): text for number, text in enumerate(texts)}
    entry = {**numbered, "_meta": {"logLevelName": level}, "time": (at or datetime.now(UTC)).isoformat()}
    return json.dumps(entry) + "\n"


async def test_the_facts_in_a_title_and_the_order_at_its_end_are_apart(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path, (70, 24)) as tester:
        await tester.wait_for("1 owner dead")
        view = tester.app.dashboard.view
        for width in range(70, 90):
            await tester.pilot.resize_terminal(width, 24)
            await tester.wait_for(lambda width=width: view.automations.heading.size.width == width)  # type: ignore[misc]
            await tester.pilot.pause()
            title = tester.rows[1]
            assert "1 missed" in title, "the usual order gives way to the facts"
            assert "by urgency" not in title or re.search(r"(  |─ )by urgency", title), title
        await tester.press("4")
        for width in range(34, 60):
            await tester.pilot.resize_terminal(width, 24)
            await tester.wait_for(lambda width=width: view.locks.heading.size.width == width)  # type: ignore[misc]
            await tester.pilot.pause()
            assert re.search(r"(  |─ )2 running", tester.rows[1]), tester.rows[1]


async def test_what_a_job_has_already_is_not_asked(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path) as tester:
        await tester.press("plus")
        await tester.wait_for("is enabled already.")
        await tester.press("minus")
        await tester.wait_for("It does not run at its times any more.")


async def test_x_on_a_job_leads_to_its_run_among_the_locks_or_says_that_there_is_none(tmp_path: Path) -> None:
    ailing_gateway(tmp_path)
    async with dashboard_of(tmp_path, (100, 30)) as tester:
        await tester.wait_for("owner dead")
        assert "Job lost" in next(row for row in tester.rows if row.startswith("›"))
        await tester.press("X")
        await tester.wait_for(lambda: "▌4 Locks" in tester.text)
        assert any(row.startswith("›") and "run of Job lost" in row for row in tester.rows)
        await tester.press("1", "F", "X")
        await tester.wait_for("It has no run in progress. X releases the lock")
