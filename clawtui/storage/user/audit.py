"""The audit: an append-only record of what operators did with clawtui, in the user's own place (contract: the release).

``audit.jsonl`` below ``own_state()``, 0600 in a directory that is 0700. A line is on the disk before what it tells of
is begun.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from clawtui.files.fs.append import append_line
from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.directories import DIRECTORY_MODE
from clawtui.files.fs.reading import open_regular
from clawtui.files.json5.serialize import to_json, to_plain
from clawtui.model.documents.audit import AuditRecord
from clawtui.model.errors import ClawtuiError, Refused
from clawtui.model.text.secrets import masked
from clawtui.storage.user.files import NoOwnPlace, find_own_state

AUDIT_FILE = "audit.jsonl"

_RECENT = 1 << 20
"""Bytes at the end of the audit that are read for what happened lately."""


class Audit:
    """The audit in ``place``, by default the user's own."""

    def __init__(self, place: Path | None = None) -> None:
        self._known = place or find_own_state()

    @property
    def _place(self) -> Path:
        """Return its directory. Raises NoOwnPlace where the user has none: what must be recorded cannot be done."""
        if self._known is None:
            raise NoOwnPlace(f"{AUDIT_FILE} needs a place: set XDG_STATE_HOME (and XDG_CONFIG_HOME), or HOME")
        return self._known

    @property
    def path(self) -> Path:
        """Where it is, or would be. Raises NoOwnPlace."""
        return self._place / AUDIT_FILE

    def record(self, record: AuditRecord) -> None:
        """Append one record, with the secrets in it masked; it is safe on the disk when this returns.

        Paths are kept as they are: an act is found and undone by them. Raises Refused, Unwritable.
        """
        try:
            with plain_errors(str(self._place)):
                _make_private(self._place)
        except FileExistsError as error:
            raise Refused(f"{self._place} is no directory") from error
        append_line(self._place, AUDIT_FILE, to_json(_without_secrets(record)), durable=True)

    def recent(self) -> tuple[AuditRecord, ...]:
        """The last records, oldest first; what is not one, as a line that a full disk cut short, is passed over.

        Raises Unreadable, Refused where there is an audit that cannot be read.
        """
        if self._known is None:
            return ()
        try:
            lines = self._last_lines()
        except FileNotFoundError:
            return ()
        records = []
        for line in lines:
            with suppress(ValidationError):
                records.append(AuditRecord.model_validate_json(line, by_alias=True, by_name=False))
        return tuple(records)

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
    """For the operator: what it means that the audit could not be written."""
    return f"nothing is done without a record, and the audit cannot be written: {error}"
