"""Save a document over its file: only values that differ are changed, and a concurrent write is noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from clawtui.files.fs.atomic import ABSENT, ANY, Expected, write_atomic
from clawtui.files.fs.links import read_followed
from clawtui.files.fs.reading import read_bytes
from clawtui.files.json5.dialect import JSON, Dialect
from clawtui.files.json5.diff import Change, differences
from clawtui.files.json5.document import DocumentT, Malformed, read_value, validate_change
from clawtui.files.json5.edit import SourceText
from clawtui.files.json5.merge import Fields, Revision, fields_of, merge, read_fields, revise
from clawtui.files.json5.serialize import render
from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.base import Document, FieldFault, Stamp
from clawtui.model.errors import Changed, ClawtuiError, Invalid, NoSuch, Refused, Replaced, Unreadable
from clawtui.model.fleet import Reading
from clawtui.storage.user.backups import keep_backup
from clawtui.storage.user.files import remove_own

ATTEMPTS = 100
"""The most attempts at a change if other programs keep changing the file."""

T = TypeVar("T")


@dataclass(frozen=True)
class Version:
    """A file as it was read."""

    data: bytes
    stamp: Stamp

    @cached_property
    def source(self) -> SourceText:
        """The content, parsed once. Raises Malformed if it is not JSON5."""
        return SourceText.from_bytes(self.data)


def read_version(base: Path, relative: str, *, follow: bool = False) -> Version | None:
    """Return the file's bytes and their stamp; None if it does not exist. Raises Refused if it cannot be read.

    With ``follow`` the version is only shown: it is read through links, through which nothing is written.
    """
    try:
        return Version(*(read_followed if follow else read_bytes)(base, relative))
    except FileNotFoundError:
        return None
    except Unreadable as error:
        raise Refused(error.reason, relative) from error


def save_document(
    base: Path, relative: str, document: DocumentT, now: datetime, *, expected: Expected = ANY, fresh: Dialect = JSON
) -> Reading[DocumentT]:
    """Change the file to match ``document``; unknown keys and comments are kept.

    ``expected`` is the condition on the existing file; ``fresh`` is the dialect of a file that does not exist yet. If
    the text cannot be edited it is written as a whole, and the old content is kept by ``keep_backup``. Raises Changed,
    Invalid, and as ``write_atomic`` does.
    """

    def attempt() -> Reading[DocumentT]:
        version = read_version(base, relative)
        _require(expected, version, relative)
        return _save_over(base, relative, version, _fields_in(version, type(document)), document, now, fresh)

    return retried(attempt) if expected is ANY else attempt()


def change_document(
    base: Path,
    relative: str,
    kind: type[DocumentT],
    change: Callable[[DocumentT], DocumentT | None],
    now: datetime,
    *,
    absent: DocumentT | None = None,
    expected: Expected = ANY,
) -> Reading[DocumentT]:
    """Read the document, call ``change`` with it, and save the result; if that is None, the file is left unchanged.

    If there is no file, ``change`` is called with ``absent``. All of it is repeated if the file changed in between,
    unless ``expected`` is a version. Fields that were not understood stay as they are.

    Raises NoSuch; Invalid if no part of the file is valid, or a list would be changed with an entry that was not
    understood; Changed after ``ATTEMPTS``; and as ``write_atomic`` does.
    """

    def attempt() -> Reading[DocumentT]:
        version = read_version(base, relative)
        _require(expected, version, relative)
        current, faults = (absent, ()) if version is None else _understand(kind, version, relative)
        if current is None:
            raise NoSuch(f"{relative} does not exist")
        changed = change(current)
        if changed is None:
            return Reading(relative, current, None, version.stamp if version else None, faults)
        return _save_over(base, relative, version, fields_of(current) if version else {}, changed, now, JSON)

    return retried(attempt) if expected is ANY else attempt()


def rewrite(
    base: Path, relative: str, version: Version, changes: Sequence[Change], now: datetime, *, keep: bool = False
) -> tuple[Stamp, Path | None]:
    """Make ``changes`` in a file that is still the ``version`` that was read; return its stamp and the path of a copy.

    The old content is kept (``keep_backup``) if the text cannot be edited, and always with ``keep``. Raises Malformed,
    Invalid, Changed, and as ``write_atomic`` does.
    """
    revision = revise(version.source, changes)
    return _replace(base, relative, version, revision, now, keep)


def retried(attempt: Callable[[], T]) -> T:
    """Return the result of ``attempt``, called up to ``ATTEMPTS`` times while it raises Changed, but not Replaced."""
    for _ in range(ATTEMPTS - 1):
        try:
            return attempt()
        except Replaced:
            raise
        except Changed:
            continue
    return attempt()


def _require(expected: Expected, version: Version | None, relative: str) -> None:
    if expected is ABSENT and version is not None:
        raise Changed(f"{relative} exists by now; nothing was done")
    if isinstance(expected, Stamp) and (version is None or version.stamp != expected):
        raise Changed(f"{relative} changed since it was read; nothing was done")


def _require_whole_lists(document: Document, relative: str) -> None:
    """Raise Invalid if a list was replaced that has entries which were not understood: they would be lost.

    A document that was read so still has the raw list among its unknown keys.
    """
    for name, field in schema_fields(type(document)).items():
        key = field.key
        if name in document.present and key in document.unknown and isinstance(getattr(document, name), tuple):
            raise Invalid(f"{key} has an entry that is not understood, and would lose it; nothing was done", relative)


def _understand(kind: type[DocumentT], version: Version, relative: str) -> tuple[DocumentT, tuple[FieldFault, ...]]:
    try:
        return read_value(kind, version.source.value)
    except Malformed as error:
        raise Invalid(str(error), relative) from error


def _fields_in(version: Version | None, kind: type[DocumentT]) -> Fields | None:
    """Return the content of the file in the form of ``fields_of``; None if there is no file or it is not an object."""
    try:
        value = version.source.value if version else None
    except Malformed:
        return None
    return read_fields(kind, value) if isinstance(value, dict) else None


def _save_over(
    base: Path,
    relative: str,
    version: Version | None,
    old: Fields | None,
    document: DocumentT,
    now: datetime,
    fresh: Dialect,
) -> Reading[DocumentT]:
    """Write ``document`` over ``version`` with the fields ``old``; if these are None, replace the file as a whole."""
    _require_whole_lists(document, relative)
    try:
        fields = merge(document, old or {})
        value, faults = validate_change(type(document), fields, old)
    except (Malformed, Invalid) as error:
        raise Invalid(f"{relative} was not written: {error}") from error
    if version is None:
        stamp = write_atomic(base, relative, render(fields, fresh).encode(), ABSENT)
    elif old is None:
        stamp, _ = _replace(base, relative, version, Revision(render(fields, fresh), whole=True), now, keep=True)
    else:
        stamp, _ = rewrite(base, relative, version, differences(old, fields), now)
    return Reading(relative, value, None, stamp, faults)


def _replace(
    base: Path, relative: str, version: Version, revision: Revision, now: datetime, keep: bool
) -> tuple[Stamp, Path | None]:
    data = revision.text.encode()
    if data == version.data:
        return version.stamp, None
    copy = keep_backup(base, relative, version.data, now) if keep or revision.whole else None
    try:
        return write_atomic(base, relative, data, version.stamp), copy
    except ClawtuiError:
        if copy is not None:
            remove_own(copy)
        raise
