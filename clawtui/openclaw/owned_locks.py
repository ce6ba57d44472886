"""The lock files of a stock gateway: its own, and those of its agents' sessions."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from clawtui.files.fs.reading import list_directory, read_bytes
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Refused, Unreadable
from clawtui.model.gateway.ownership import OwnedLock
from clawtui.openclaw.fields import Fields

_MAX_LOCK = 64 * 1024
_GATEWAY_DIRECTORY = re.compile(r"openclaw-\d+")
_GATEWAY_LOCK = re.compile(r"gateway\.[^/]+\.lock")


def read_locks(root: Path, temporary: Path | None = None) -> tuple[OwnedLock, ...]:
    """Return all lock files of the gateway at ``root`` that can be found.

    Args:
        root: The state directory.
        temporary: The directory in which a gateway before 2026.8 has its lock; by default this process's ``$TMPDIR``.
    """
    return (*_own_locks(root), *_session_locks(root), *_outside_locks(root, temporary or Path(tempfile.gettempdir())))


def _own_locks(root: Path) -> Iterator[OwnedLock]:
    for directory in _names(root, "tmp", "directory"):
        if _GATEWAY_DIRECTORY.fullmatch(directory):
            for name in _names(root, f"tmp/{directory}", "file"):
                if _GATEWAY_LOCK.fullmatch(name):
                    yield from _read(root, f"tmp/{directory}/{name}")


def _session_locks(root: Path) -> Iterator[OwnedLock]:
    for agent in _names(root, "agents", "directory"):
        for name in _names(root, f"agents/{agent}/sessions", "file"):
            if name.endswith(".jsonl.lock"):
                yield from _read(root, f"agents/{agent}/sessions/{name}", kind="session")


def _outside_locks(root: Path, temporary: Path) -> Iterator[OwnedLock]:
    """Yield the locks in ``temporary`` that name this root's configuration. All users can write to that directory."""
    places = {root.absolute() / "openclaw.json", root.resolve() / "openclaw.json"}
    for directory in _names(temporary, "", "directory"):
        if not _GATEWAY_DIRECTORY.fullmatch(directory):
            continue
        for name in _names(temporary, directory, "file"):
            if _GATEWAY_LOCK.fullmatch(name):
                yield from _read(temporary, f"{directory}/{name}", places=places)


def _names(base: Path, relative: str, kind: str) -> Iterable[str]:
    try:
        return [entry.name for entry in list_directory(base, relative) if entry.kind == kind]
    except (OSError, Unreadable, Refused):
        return []


def _read(base: Path, relative: str, kind: str = "gateway", places: set[Path] | None = None) -> Iterator[OwnedLock]:
    """Yield the lock in one file; with ``places`` only if it names one of them, and then with its absolute path."""
    path = relative if places is None else str(base / relative)
    is_session, outside = kind == "session", places is not None
    try:
        # After the object there is padding, so that the file can be rewritten in place.
        value = json.loads(read_bytes(base, relative, _MAX_LOCK)[0].strip(b" \t\r\n\0"))
    except FileNotFoundError:
        return
    except (Unreadable, Refused, ValueError, RecursionError) as error:
        if not outside:
            said = "is no JSON" if isinstance(error, ValueError | RecursionError) else error.reason
            yield OwnedLock("session" if is_session else "gateway", path, None, problem=said)
        return
    problems: list[Problem] = []
    fields = Fields(value if isinstance(value, dict) else {}, path, problems)
    config = fields.text("configPath")
    if places is not None and (config is None or Path(config) not in places):
        return
    yield OwnedLock(
        kind="session" if is_session else "gateway",
        path=path,
        pid=fields.whole("pid"),
        start_ticks=fields.whole("starttime") if is_session else fields.whole("startTime"),
        created=fields.iso_instant("createdAt"),
        max_hold=fields.span("maxHoldMs"),
        port=fields.whole("port"),
        problem=problems[0].message if problems else (None if fields.has("pid") else "it names no pid"),
        outside=outside,
    )
