"""Read through symbolic links that do not leave the state directory. Nothing is ever written or removed this way.

A mounted ConfigMap has a link for each file, to ``..data``, itself a link to the present version; a section such as
``logs`` is a link if its owner has put it on another disk. What such a link leads to is opened by its real path,
without any link on the way, so that no link can be exchanged between the check and the opening.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from clawtui.files.fs.reading import MAX_DOCUMENT, Entry, EntryKind, list_directory, open_regular, read_bytes
from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Unreadable
from clawtui.model.text.cleaning import clean

_SECTIONS = frozenset({"config", "workspaces", "logs", "artifacts"})
"""The sections in which links are followed. A lock that is a link is not a lock: a release would remove the link."""
_READ_DEPTH = 3
"""What is read under its own name has at most so many components."""


def read_followed(base: Path, relative: str, limit: int = MAX_DOCUMENT) -> tuple[bytes, Stamp]:
    """Return the content of a file as ``read_bytes`` does, through links that ``locate`` allows."""
    try:
        return read_bytes(base, relative, limit)
    except Unreadable:
        if (found := locate(base, relative)) is None:
            raise
        return read_bytes(*found, limit)


def open_followed(base: Path, relative: str) -> int:
    """Return a descriptor for reading a file as ``open_regular`` does, through links that ``locate`` allows."""
    try:
        return open_regular(base, relative)
    except Unreadable:
        if (found := locate(base, relative)) is None:
            raise
        return open_regular(*found)


def list_followed(base: Path, relative: str) -> tuple[Entry, ...]:
    """Return the entries of a directory as ``list_directory`` does, through links that ``locate`` allows."""
    try:
        return list_directory(base, relative)
    except Unreadable:
        if (found := locate(base, relative)) is None:
            raise
        return list_directory(*found)


def followed_entries(base: Path, directory: str) -> tuple[Entry, ...]:
    """Return the entries of a directory; a link that is followed has the kind of what it leads to."""
    return tuple(
        Entry(entry.name, _kind_of(base, f"{directory}/{entry.name}")) if entry.kind == "link" else entry
        for entry in list_followed(base, directory)
    )


def _kind_of(base: Path, relative: str) -> EntryKind:
    try:
        found = locate(base, relative)
        mode = os.lstat(found[0] / found[1]).st_mode if found is not None else 0
    except (OSError, Unreadable):
        return "link"
    return "directory" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "link"


def locate(base: Path, relative: str) -> tuple[Path, str] | None:
    """Return where the links in a path below ``base`` lead: a directory without links, and the path below it.

    None if there is no link in the path, or its section is one in which links are not followed.

    Raises:
        Unreadable: A link leads out of the state directory, or nowhere, or to what is read under its own name. A
            section itself may lead out of it if the owner of the state directory, or root, has made the link.
    """
    section = relative.partition("/")[0]
    if section not in _SECTIONS:
        return None
    link = _first_link(base, relative)
    if link is None:
        return None
    real, real_base = os.path.realpath(base / relative), os.path.realpath(base)
    if not os.path.lexists(real) or _is_link(Path(real)):
        raise Unreadable(f"{_described(base, relative, link)}, which does not exist", relative)
    below = _below(real_base, real)
    if below is not None and not _is_read_anyway(below):
        return Path(real_base), below
    if below is not None:
        raise Unreadable(f"{_described(base, relative, link)}: that is read under its own name", relative)
    of_section = os.path.realpath(base / section)
    below = _below(of_section, real)
    if below is not None and _is_owners_link(base, section):
        return Path(of_section), below
    raise Unreadable(f"{_described(base, relative, link)}, outside the state directory, and is not followed", relative)


def reason_not_followed(base: Path, relative: str) -> str:
    """Return why the link at ``relative`` is not followed."""
    try:
        locate(base, relative)
    except Unreadable as error:
        return error.reason
    return "is a symbolic link, which is never followed"


def _first_link(base: Path, relative: str) -> str | None:
    path = ""
    for step in relative.split("/"):
        path = f"{path}/{step}" if path else step
        if _is_link(base / path):
            return path
    return None


def _is_link(path: Path) -> bool:
    try:
        return stat.S_ISLNK(path.lstat().st_mode)
    except OSError:  # nothing is there, or it may not be looked at
        return False


def _described(base: Path, relative: str, link: str) -> str:
    what = f"a symbolic link to {clean(str((base / link).readlink()))}"
    return f"is {what}" if link == relative else f"leads through {link}, {what}"


def _below(directory: str, real: str) -> str | None:
    """Return ``real`` relative to ``directory``, empty for that itself; None if it is not below it."""
    if real == directory:
        return ""
    return real[len(directory) + 1 :] if real.startswith(f"{directory.rstrip('/')}/") else None


def _is_read_anyway(below: str) -> bool:
    """Return whether a path is one that is read without any link, so that all would be shown twice."""
    steps = below.split("/")
    return below == "" or (
        steps[0] in _SECTIONS and len(steps) <= _READ_DEPTH and not any(step.startswith(".") for step in steps)
    )


def _is_owners_link(base: Path, section: str) -> bool:
    """Return whether the section is a link that root or the owner of the state directory has made."""
    try:
        status, owner = os.lstat(base / section), base.stat().st_uid
    except OSError:
        return False
    return stat.S_ISLNK(status.st_mode) and status.st_uid in (owner, 0)
