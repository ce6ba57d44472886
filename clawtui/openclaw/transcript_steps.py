"""The transcript of an agent's run as milestones: each tool call and each message is one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from clawtui.files.fs.reading import read_bytes
from clawtui.model.checked.json_value import parsed_json
from clawtui.model.errors import ClawtuiError, Unreadable
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.runs.timeline import Step
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.units import zoned_instant
from clawtui.openclaw.database import Database, Row, read_database
from clawtui.openclaw.fields import instant_of
from clawtui.openclaw.transcripts import agent_database, is_plain_name, session_of

MOST_EVENTS = 1000
"""The events that are read: the last ones."""
_MAX_FILE = 16 * 1024 * 1024
_TITLE = 160
_SLACK = timedelta(seconds=5)

Event = tuple[datetime, Mapping[str, object]]


def read_transcript(root: Path, run: GatewayRun, agent: str | None = None) -> tuple[Step, ...]:
    """Return the tool calls and messages of a run, oldest first, as cleaned and masked text.

    Args:
        root: The state directory.
        run: The run; without a session key, the last session of its job counts if it has an event since its start.
        agent: The agent of the job; None for ``main``.
    """
    key, session = run.session_key, session_of(run)
    parts = (key or "").split(":")
    name = parts[1] if len(parts) > 2 else agent or "main"
    if not is_plain_name(name):
        return ()
    events = _of_database(root, name, key or f"agent:{name}:cron:{run.job_id}", session)
    if not events and session is not None and is_plain_name(session):
        events = _of_file(root, name, session)
    last = run.finished + _SLACK if run.finished is not None else None
    return tuple(
        step
        for at, event in events
        if run.started - _SLACK <= at and (last is None or at <= last)
        for step in _steps(at, event)
    )


def _of_database(root: Path, agent: str, key: str, session: str | None) -> list[Event]:
    def select(database: Database) -> list[Row]:
        session_id = session
        if session_id is None:
            nodes = database.select("session_nodes", ("current_session_id",), "WHERE session_key = ?", (key,))
            found = nodes[0].get("current_session_id") if nodes else None
            session_id = found if isinstance(found, str) else None
        if session_id is None:
            return []
        rest = f"WHERE session_id = ? ORDER BY seq DESC LIMIT {MOST_EVENTS}"
        return database.select("transcript_events", ("created_at", "event_json"), rest, (session_id,))[::-1]

    try:
        rows = read_database(agent_database(root, agent), select)
    except (FileNotFoundError, Unreadable):
        return []
    found = []
    for row in rows:
        at, text = instant_of(row.get("created_at")), row.get("event_json")
        if at is not None:
            # A long event may be stored compressed, without its text.
            found.append((at, _object(text) if isinstance(text, str) else {"type": "compressed"}))
    return found


def _of_file(root: Path, agent: str, session: str) -> list[Event]:
    try:
        data = read_bytes(root, f"agents/{agent}/sessions/{session}.jsonl", _MAX_FILE)[0]
    except (ClawtuiError, OSError):
        return []
    found = []
    for line in data.splitlines()[-MOST_EVENTS:]:
        event = _object(line.decode("utf-8", "replace"))
        at = zoned_instant(event.get("timestamp"))
        if at is not None:
            found.append((at, event))
    return found


def _steps(at: datetime, event: Mapping[str, object]) -> Iterator[Step]:
    if event.get("type") == "compressed":
        yield Step(at, "an event that is stored compressed", None)
    message = event.get("message")
    if event.get("type") != "message" or not isinstance(message, dict):
        return
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
    titles = [title for part in parts if isinstance(part, dict) for title in _titles(message, part)]
    tokens = _tokens(message)
    for position, title in enumerate(titles):
        step = Step(at, _short(title), None, failed=message.get("isError") is True)
        # The tokens are those of the whole message, so they are shown once.
        yield replace(step, title=f"{step.title} · {tokens:,} tokens") if tokens and not position else step


def _titles(message: Mapping[str, object], part: Mapping[str, object]) -> Iterable[str]:
    role, text = message.get("role"), part.get("text")
    if part.get("type") == "toolCall":
        yield f"{part.get('name')}: {_arguments(part.get('arguments'))}"
    elif isinstance(text, str) and text.strip():
        line = next(line for line in text.splitlines() if line.strip())
        if role == "toolResult":
            yield f"{message.get('toolName')} → {line}"
        else:
            yield f"prompt: {line}" if role == "user" else line


def _arguments(value: object) -> str:
    if isinstance(value, dict) and len(value) == 1:
        only = next(iter(value.values()))
        if isinstance(only, str):
            return only
    return json.dumps(value, ensure_ascii=False, default=str) if value else ""


def _tokens(message: Mapping[str, object]) -> int:
    usage = message.get("usage")
    total = usage.get("totalTokens") if isinstance(usage, dict) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else 0


def _short(text: str) -> str:
    shown = displayable(text)
    return shown if len(shown) <= _TITLE else f"{shown[: _TITLE - 1]}…"


def _object(text: str) -> Mapping[str, object]:
    try:
        value = parsed_json(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
