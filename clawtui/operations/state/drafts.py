"""Drafts of interrupted or refused edits: whole configurations, with secrets, in clawtui's own state directory."""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path
from typing import Final

from clawtui.files.fs.reading import read_named
from clawtui.files.fs.temp_files import shortened

DRAFTS: Final = "drafts"
NOTE: Final = b"// clawtui: "
_MOST: Final = 8 * 1024 * 1024
DRAFT_NAME = re.compile(r"(?P<id>.+?)-(?P<pid>\d{1,9})(?:-(?P<original>[0-9a-f]{16})-[0-9a-f]{8})?\.json", re.DOTALL)


def draft_name(id: str, pid: int, original: bytes) -> str:
    """Return a new name for a draft of ``id``, with the pid of the editing process and the digest of ``original``."""
    return f"{DRAFTS}/{shortened(id, 90)}-{pid}-{_digest(original)}-{secrets.token_hex(4)}.json"


def is_edited(file: Path) -> bool:
    """Return whether the draft differs from its original, by the digest in its name. Raises Unreadable."""
    match = DRAFT_NAME.fullmatch(file.name)
    if match is None or match["original"] is None:
        return True
    return _digest(without_note(read_named(file, _MOST))) != match["original"]


def without_note(text: bytes) -> bytes:
    """Return a draft without the first line, which clawtui adds."""
    first, newline, rest = text.partition(b"\n")
    return rest if newline and first.startswith(NOTE) else text


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
