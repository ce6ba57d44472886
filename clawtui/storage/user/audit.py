"""The audit: an append-only record of what operators did with clawtui, in their own state directory.

``audit.jsonl`` below ``own_state()``, 0600 in a directory that is 0700 (contract: the release). A line is on the disk
before the act that it describes begins.
"""

from __future__ import annotations

import os
from pathlib import Path

from clawtui.files.fs.append import append_line
from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.directories import DIRECTORY_MODE
from clawtui.files.fs.reading import open_regular
from clawtui.files.json5.serialize import to_json, to_plain
from clawtui.model.checked.reading import from_json_line
from clawtui.model.documents.audit import AuditRecord
from clawtui.model.errors import ClawtuiError, Refused
from clawtui.model.text.secrets import masked
from clawtui.storage.user.files import NoOwnPlace, find_own_state

AUDIT_FILE = "audit.jsonl"

_RECENT = 1 << 20
"""Bytes at the end of the audit that are read for recent records."""


class Audit:
    """The audit in the directory ``place``, by default the user's own state directory."""

    def __init__(self, place: Path | None = None) -> None:
        self._known = place or find_own_state()

    @property
    def _place(self) -> Path:
        """The directory. Raises NoOwnPlace if the user has none: an act that must be recorded is not possible then."""
        if self._known is None:
            raise NoOwnPlace(f"{AUDIT_FILE} needs a place: set XDG_STATE_HOME (and XDG_CONFIG_HOME), or HOME")
        return self._known

    @property
    def path(self) -> Path:
        """The path of the file, which need not exist. Raises NoOwnPlace."""
        return self._place / AUDIT_FILE

    def record(self, record: AuditRecord) -> None:
        """Append one record, with the secrets in it masked; it is safe on the disk when this returns.

        Paths are kept as they are, because an act is found and undone by them. Raises Refused, Unwritable.
        """
        try:
            with plain_errors(str(self._place)):
                _make_private(self._place)
        except FileExistsError as error:
            raise Refused(f"{self._place} is no directory") from error
        append_line(self._place, AUDIT_FILE, to_json(_without_secrets(record)), durable=True)

    def recent(self) -> tuple[AuditRecord, ...]:
        """Return the last records, oldest first, without invalid lines such as one that a full disk cut short.

        Raises Unreadable or Refused if the audit exists and cannot be read.
        """
        if self._known is None:
            return ()
        try:
            lines = self._last_lines()
        except FileNotFoundError:
            return ()
        records = (from_json_line(AuditRecord, line) for line in lines)
        return tuple(record for record in records if record is not None)

    def _last_lines(self) -> list[bytes]:
        descriptor = open_regular(self._place, AUDIT_FILE)
        try:
            size = os.fstat(descriptor).st_size
            lines = os.pread(descriptor, _RECENT, max(0, size - _RECENT)).split(b"\n")
        finally:
            os.close(descriptor)
        return lines if size <= _RECENT else lines[1:]


_IDENTIFYING = frozenset({"id", "event", "root", "path", "aside", "fingerprint", "timestamp"})


def _without_secrets(record: AuditRecord) -> dict[str, object]:
    plain = to_plain(record)
    return {key: value if key in _IDENTIFYING else masked(value, key) for key, value in plain.items()}


def _make_private(place: Path) -> None:
    place.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
    status = place.stat()
    if status.st_uid == os.geteuid() and status.st_mode & 0o077:
        place.chmod(DIRECTORY_MODE)


def why_unrecorded(error: ClawtuiError) -> str:
    """Return a text for the operator about an audit that could not be written."""
    return f"nothing is done without a record, and the audit cannot be written: {error}"
