"""The lock files of a stock gateway: its own, and those of its agents' sessions."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from clawtui.files.fs.reading import list_directory, read_bytes
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Refused, Unreadable
from clawtui.model.gateway.ownership import OwnedLock
from clawtui.openclaw.fields import Fields

MAX_LOCK = 64 * 1024
"""The most bytes of a lock that are read."""
_GATEWAY_DIRECTORY = re.compile(r"openclaw-\d+")
_GATEWAY_LOCK = re.compile(r"gateway\.[^/]+\.lock")
_SESSION_SUFFIX = ".jsonl.lock"

LockKind = Literal["gateway", "session"]


def read_locks(root: Path, temporary: Path | None = None) -> tuple[OwnedLock, ...]:
    """Return all lock files of the gateway at ``root`` that can be found.

    Args:
        root: The state directory.
        temporary: The directory in which a gateway before 2026.8 has its lock; by default this process's ``$TMPDIR``.
    """
    return (*_own_locks(root), *_session_locks(root), *_outside_locks(root, temporary or Path(tempfile.gettempdir())))


def lock_directories(root: Path) -> tuple[str, ...]:
    """Return the directories below ``root`` that have lock files of the gateway or of sessions in them."""
    agents = [f"agents/{agent}/sessions" for agent in _names(root, "agents", "directory")]
    own = [f"tmp/{name}" for name in _names(root, "tmp", "directory") if _GATEWAY_DIRECTORY.fullmatch(name)]
    return (*own, *agents)


def is_lock_path(path: str) -> bool:
    """Return whether ``path``, relative to the root, is one that a lock file of the gateway or of a session has."""
    match path.split("/"):
        case ["tmp", directory, name]:
            return bool(_GATEWAY_DIRECTORY.fullmatch(directory) and _GATEWAY_LOCK.fullmatch(name))
        case ["agents", _, "sessions", _]:
            return path.endswith(_SESSION_SUFFIX)
        case _:
            return False


def parse_lock(data: bytes, path: str) -> OwnedLock:
    """Return the lock in the content of the file at ``path``; what cannot be read is its ``problem``."""
    return _parse(data, path, "session" if path.endswith(_SESSION_SUFFIX) else "gateway")[0]


def _own_locks(root: Path) -> Iterator[OwnedLock]:
    for directory in _names(root, "tmp", "directory"):
        if _GATEWAY_DIRECTORY.fullmatch(directory):
            for name in _names(root, f"tmp/{directory}", "file"):
                if _GATEWAY_LOCK.fullmatch(name):
                    yield from _read(root, f"tmp/{directory}/{name}")


def _session_locks(root: Path) -> Iterator[OwnedLock]:
    for agent in _names(root, "agents", "directory"):
        for name in _names(root, f"agents/{agent}/sessions", "file"):
            if name.endswith(_SESSION_SUFFIX):
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


def _read(
    base: Path, relative: str, kind: LockKind = "gateway", places: set[Path] | None = None
) -> Iterator[OwnedLock]:
    """Yield the lock in one file; with ``places`` only if it names one of them, and then with its absolute path."""
    path = relative if places is None else str(base / relative)
    try:
        data = read_bytes(base, relative, MAX_LOCK)[0]
    except FileNotFoundError:
        return
    except (Unreadable, Refused) as error:
        if places is None:
            yield OwnedLock(kind, path, None, problem=error.reason)
        return
    lock, config = _parse(data, path, kind)
    if places is None:
        yield lock
    elif config is not None and Path(config) in places:
        yield replace(lock, outside=True)


def _parse(data: bytes, path: str, kind: LockKind) -> tuple[OwnedLock, str | None]:
    """Return the lock, and the path of the configuration of its gateway."""
    try:
        # After the object there is padding, so that the file can be rewritten in place.
        value = json.loads(data.strip(b" \t\r\n\0"))
    except (ValueError, RecursionError):
        return OwnedLock(kind, path, None, problem="is no JSON"), None
    problems: list[Problem] = []
    fields = Fields(value if isinstance(value, dict) else {}, path, problems)
    config = fields.text("configPath")
    lock = OwnedLock(
        kind=kind,
        path=path,
        pid=fields.whole("pid"),
        start_ticks=fields.whole("starttime" if kind == "session" else "startTime"),
        created=fields.iso_instant("createdAt"),
        max_hold=fields.span("maxHoldMs"),
        port=fields.whole("port"),
        problem=problems[0].message if problems else (None if fields.has("pid") else "it names no pid"),
    )
    return lock, config
