"""The transcript of an agent's run as milestones."""

from __future__ import annotations

import json
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.model.documents.base import EPOCH
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.run_values import steps_of
from clawtui.openclaw.transcript_steps import read_transcript

START = EPOCH + timedelta(days=20_000)
SESSION = "5e55"
SECRET = "sk-ant-api03-" + "a1B2" * 12


def message(role: str, content: object, **more: object) -> dict[str, object]:
    return {"type": "message", "message": {"role": role, "content": content, **more}}


EVENTS: tuple[dict[str, object], ...] = (
    {"type": "session", "version": 4},
    message("user", f"Look at the mail.\nThe key is {SECRET}"),
    message(
        "assistant",
        [{"type": "toolCall", "name": "exec", "arguments": {"command": f"curl -H 'x-api-key: {SECRET}' \x1b[31m"}}],
        usage={"totalTokens": 1240},
    ),
    message("toolResult", [{"type": "text", "text": "no such host"}], toolName="exec", isError=True),
    message("assistant", [{"type": "text", "text": "\nNothing to do.\nReally."}], usage={"totalTokens": 80}),
    message("assistant", None),
    message("assistant", [3, {"type": "thinking", "thinking": "…"}]),
)
TITLES = [
    "prompt: Look at the mail.",
    "exec: curl -H 'x-api-key: ***' ␛[31m · 1,240 tokens",
    "exec → no such host",
    "Nothing to do. · 80 tokens",
]


def run(**fields: object) -> GatewayRun:
    values: dict[str, object] = {"id": "r", "job_id": "j", "started": START, "status": "running", "source": "receipt"}
    return GatewayRun(**{**values, **fields})  # type: ignore[arg-type]


def agent_database(root: Path, compressed: bool = False) -> None:
    path = root / "agents/main/agent/openclaw-agent.sqlite"
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE session_nodes (session_key TEXT, current_session_id TEXT)")
    connection.execute("INSERT INTO session_nodes VALUES ('agent:main:cron:j', ?)", (SESSION,))
    connection.execute(
        "CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, event_json TEXT, created_at INTEGER)"
    )
    for seq, event in enumerate(EVENTS):
        at = round((START + timedelta(seconds=seq)).timestamp() * 1000)
        text = None if compressed else json.dumps(event)
        connection.execute("INSERT INTO transcript_events VALUES (?, ?, ?, ?)", (SESSION, seq, text, at))
    connection.commit()
    connection.close()


@pytest.mark.parametrize("fields", [{}, {"session_key": f"agent:main:cron:j:run:{SESSION}"}])
def test_each_tool_call_and_message_is_a_milestone_cleaned_and_masked(
    tmp_path: Path, fields: dict[str, object]
) -> None:
    agent_database(tmp_path)
    steps = read_transcript(tmp_path, run(**fields))
    assert steps[0].title == TITLES[0]
    assert SECRET not in str(steps) and "\x1b" not in str(steps)
    assert [step.title for step in steps][2:] == TITLES[2:]
    assert steps[1].title.startswith("exec: curl") and steps[1].title.endswith("1,240 tokens")
    assert [step.failed for step in steps] == [False, False, True, False]
    assert [(step.at - START).seconds for step in steps] == [1, 2, 3, 4]
    whole = steps_of(run(), steps, START + timedelta(seconds=10))
    assert whole[0].title == "started" and whole[-1].current
    assert whole[-1].took == timedelta(seconds=6)


def test_events_of_another_run_in_the_same_session_are_left_out(tmp_path: Path) -> None:
    agent_database(tmp_path)
    assert read_transcript(tmp_path, run(started=START + timedelta(hours=1))) == ()
    early = run(started=START - timedelta(hours=1), finished=START - timedelta(minutes=50))
    assert read_transcript(tmp_path, early) == ()


def test_the_files_of_the_json_era_and_compressed_events(tmp_path: Path) -> None:
    path = tmp_path / f"agents/main/sessions/{SESSION}.jsonl"
    path.parent.mkdir(parents=True)
    lines = [{**event, "timestamp": (START + timedelta(seconds=1)).isoformat()} for event in EVENTS]
    path.write_text("\n".join(map(json.dumps, lines)) + "\n{torn")
    assert len(read_transcript(tmp_path, run(session_id=SESSION))) == 4
    agent_database(tmp_path / "other", compressed=True)
    titles = {step.title for step in read_transcript(tmp_path / "other", run())}
    assert titles == {"an event that is stored compressed"}


@pytest.mark.parametrize("key", ["", "agent", "agent:../..:cron:j", "agent:main:cron:j:run:../../secret", "x:y:z"])
def test_a_key_that_leads_elsewhere_reads_nothing(tmp_path: Path, key: str) -> None:
    assert read_transcript(tmp_path, run(session_key=key)) == ()
