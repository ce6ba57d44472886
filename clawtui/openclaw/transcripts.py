"""The time of the last event in an agent's transcript: the only sign of life of a run that is going."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from clawtui.files.fs.reading import open_regular
from clawtui.model.errors import Refused, Unreadable
from clawtui.model.gateway.run import GatewayRun
from clawtui.openclaw.database import Database, read_database
from clawtui.openclaw.fields import instant_of


def last_transcript_event(root: Path, run: GatewayRun) -> datetime | None:
    """Return the time of the last event in the transcript of a run's session; None if it cannot be determined."""
    key = run.session_key
    if key is None:
        return None
    parts = key.split(":")
    if len(parts) < 3 or parts[0] != "agent":
        return None
    found = [_of_database(root, parts[1], key, session_of(run))]
    if (file := transcript_file(run)) is not None:
        found.append(_of_file(root, file))
    return max((instant for instant in found if instant is not None), default=None)


def session_of(run: GatewayRun) -> str | None:
    """Return the id of the session of a run: its own, or the one in its session's key; None if neither is known."""
    parts = (run.session_key or "").split(":")
    return run.session_id or (parts[parts.index("run") + 1] if "run" in parts[:-1] else None)


def transcript_file(run: GatewayRun) -> str | None:
    """Return the path of the file that an agent without a database writes during a run; None if it is not known."""
    parts, session = (run.session_key or "").split(":"), session_of(run)
    if len(parts) < 3 or session is None or not (is_plain_name(parts[1]) and is_plain_name(session)):
        return None
    return f"agents/{parts[1]}/sessions/{session}.jsonl"


def agent_database(root: Path, agent: str) -> Path:
    """Return the path of the database of an agent."""
    return root / "agents" / agent / "agent" / "openclaw-agent.sqlite"


def _of_database(root: Path, agent: str, key: str, session: str | None) -> datetime | None:
    def select(database: Database) -> datetime | None:
        rows = database.select("session_nodes", ("current_session_id",), "WHERE session_key = ?", (key,))
        session_ids = {session, *(row.get("current_session_id") for row in rows)} - {None}
        newest = None
        for each in session_ids:
            rest = "WHERE session_id = ? ORDER BY seq DESC LIMIT 1"
            for row in database.select("transcript_events", ("created_at",), rest, (each,)):
                instant = instant_of(row.get("created_at"))
                newest = max(filter(None, (newest, instant)), default=None)
        return newest

    if not is_plain_name(agent):
        return None
    try:
        return read_database(agent_database(root, agent), select)
    except (FileNotFoundError, Unreadable):
        return None


def _of_file(root: Path, path: str) -> datetime | None:
    try:
        descriptor = open_regular(root, path)
    except (OSError, Unreadable, Refused):
        return None
    try:
        return datetime.fromtimestamp(os.fstat(descriptor).st_mtime, UTC)
    finally:
        os.close(descriptor)


def is_plain_name(name: str) -> bool:
    """Return whether `name` can be the name of one file or directory."""
    return bool(name) and "/" not in name and name not in (".", "..") and "\0" not in name
