"""Drafts that a killed or refused edit left: whole configurations, with their secrets, in clawtui's own place."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.reading import list_directory, read_named
from clawtui.files.fs.temp_files import shortened
from clawtui.model.errors import ClawtuiError, Unreadable
from clawtui.operations.evidence.processes import find_process
from clawtui.storage.user.files import find_own_state

DRAFTS: Final = "drafts"
NOTE: Final = b"// clawtui: "
KEPT: Final = timedelta(days=1)
"""How long after its last write a draft stays that somebody may still want."""

_MOST: Final = 8 * 1024 * 1024
_NAME = re.compile(r"(?P<id>.+?)-(?P<pid>\d{1,9})(?:-(?P<original>[0-9a-f]{16})-[0-9a-f]{8})?\.json", re.DOTALL)


@dataclass(frozen=True, slots=True)
class LeftDraft:
    """A draft whose process has ended."""

    automation_id: str
    file: Path
    written: datetime
    edited: bool
    """Whether it is other than the configuration that it was made from: somebody may still want it."""


def draft_name(id: str, pid: int, original: bytes) -> str:
    """Return a new name for a draft of ``id``: it tells who edits, and whether anything was changed."""
    return f"{DRAFTS}/{shortened(id, 90)}-{pid}-{_digest(original)}-{secrets.token_hex(4)}.json"


def is_edited(file: Path) -> bool:
    """Return whether the draft differs from what it was made from, as far as its name tells. Raises Unreadable."""
    match = _NAME.fullmatch(file.name)
    if match is None or match["original"] is None:
        return True
    return _digest(without_note(read_named(file, _MOST))) != match["original"]


def without_note(text: bytes) -> bytes:
    """Return a draft without the line of ours in front."""
    first, newline, rest = text.partition(b"\n")
    return rest if newline and first.startswith(NOTE) else text


def left_drafts(place: Path | None = None) -> tuple[LeftDraft, ...]:
    """Return the drafts that no living process edits, by name. What cannot be read is not among them."""
    place = place or find_own_state()
    return tuple(_left(place)) if place is not None else ()


def sweep_drafts(now: datetime, *, dry_run: bool = False, place: Path | None = None) -> tuple[str, ...]:
    """Remove the drafts that no living process edits: unedited ones at once, others a day after their last write.

    Returns their paths; with ``dry_run`` nothing is removed. Raises Refused, Unwritable.
    """
    gone = [draft.file for draft in left_drafts(place) if not draft.edited or now - draft.written > KEPT]
    if not dry_run:
        for file in gone:
            with plain_errors(str(file)):
                file.unlink(missing_ok=True)
    return tuple(map(str, gone))


def _left(place: Path) -> Iterator[LeftDraft]:
    try:
        entries = list_directory(place, DRAFTS)
    except (FileNotFoundError, ClawtuiError):
        return
    for name, kind in entries:
        match = _NAME.fullmatch(name)
        if kind != "file" or match is None:
            continue
        process = find_process(int(match["pid"]))
        if process is not None and not process.ended:
            continue
        file = place / DRAFTS / name
        with suppress(OSError, Unreadable):
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield LeftDraft(match["id"], file, written, is_edited(file))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
