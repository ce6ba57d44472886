"""Files that runs make for people, ``artifacts/<id>/`` (design: Artifact Storage)."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from clawtui.files.fs.atomic import create_exclusive, plain_errors
from clawtui.files.fs.directories import closed_directories
from clawtui.files.fs.links import followed_entries, list_followed, locate, read_followed
from clawtui.files.fs.reading import EntryKind, directory_at
from clawtui.model.documents.artifact import Artifact
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Refused
from clawtui.model.paths import is_plain_component
from clawtui.model.text.units import EARLIEST, LATEST
from clawtui.storage.paths import ARTIFACTS, StatePaths

MAX_ARTIFACT = 256 * 1024 * 1024
"""The most bytes of an artifact that are read."""

_NO_ARTIFACT: dict[EntryKind, str] = {
    "link": "is a symbolic link, which is never followed",
    "other": "is not a regular file",
}


class ArtifactStore:
    """Lists, reads and adds artifacts. Every method raises Refused for a name that is not a plain one (errata 21).

    Example:
        >>> added = state.artifacts.add("sync-main", "report.md", b"All merged.", now)
        >>> added.name, state.artifacts.read("sync-main", added.name)
        ('20250126-120000-report.md', b'All merged.')
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def ids(self) -> tuple[str, ...]:
        """Return the automations that have artifacts, sorted. Raises Unreadable."""
        try:
            entries = followed_entries(self._paths.automations, ARTIFACTS)
        except FileNotFoundError:
            return ()
        return tuple(entry.name for entry in entries if entry.kind == "directory")

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for each file or link that hides an automation's artifacts. Raises Unreadable."""
        return tuple(closed_directories(self._paths.automations, ARTIFACTS))

    def problems_of(self, automation_id: str) -> tuple[Problem, ...]:
        """Return a problem for each entry among an automation's artifacts that is not one. Raises Unreadable."""
        relative = _directory(automation_id)
        try:
            entries = list_followed(self._paths.automations, relative)
        except FileNotFoundError:
            return ()
        whys = [(entry.name, _NO_ARTIFACT.get(entry.kind)) for entry in entries]
        return tuple(Problem(f"{relative}/{name}", why) for name, why in whys if why is not None)

    def list_artifacts(self, automation_id: str) -> tuple[Artifact, ...]:
        """Return an automation's artifacts, sorted by name and so by time. Raises Unreadable."""
        relative = _directory(automation_id)
        try:
            entries = list_followed(self._paths.automations, relative)
            place = locate(self._paths.automations, relative) or (self._paths.automations, relative)
            with directory_at(*place) as directory:
                names = [entry.name for entry in entries if entry.kind == "file"]
                found = [_look_at(directory, automation_id, name) for name in names]
        except FileNotFoundError:
            return ()
        return tuple(artifact for artifact in found if artifact is not None)

    def read(self, automation_id: str, name: str) -> bytes:
        """Return the content of an artifact.

        Raises:
            NoSuch: There is no such artifact.
            Refused: It is a link, no regular file, or longer than ``MAX_ARTIFACT`` bytes.
        """
        relative = f"{_directory(automation_id)}/{_plain(name)}"
        with plain_errors(relative):
            return read_followed(self._paths.automations, relative, MAX_ARTIFACT)[0]

    def add(self, automation_id: str, name: str, data: bytes, now: datetime) -> Artifact:
        """Add an artifact, and replace none.

        Args:
            automation_id: The automation that it belongs to.
            name: The end of its name, such as ``report.md``.
            data: Its content.
            now: The time that its name begins with, in UTC, to the second.

        Returns:
            The artifact, called ``<timestamp>-<name>``.

        Raises:
            Refused: There is one of that name and second, or a step of the path is a link.
            Unwritable: The system could not write.
        """
        stored = _plain(f"{now.astimezone(UTC):%Y%m%d-%H%M%S}-{_plain(name)}")
        relative = f"{_directory(automation_id)}/{stored}"
        try:
            stamp = create_exclusive(self._paths.automations, relative, data)
        except FileExistsError:
            raise Refused(f"{relative} is there already; give it another name, or wait a second") from None
        return Artifact(automation_id, stored, stamp.size, _instant(stamp.mtime_ns))


def _look_at(directory: int, automation_id: str, name: str) -> Artifact | None:
    try:
        status = os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return Artifact(automation_id, name, status.st_size, _instant(status.st_mtime_ns))


def _instant(nanoseconds: int) -> datetime:
    """Return a file system's time, limited to the range of a datetime in every time zone."""
    seconds = min(max(nanoseconds / 1e9, EARLIEST.timestamp()), LATEST.timestamp())
    return datetime.fromtimestamp(seconds, UTC)


def _directory(automation_id: str) -> str:
    return f"{ARTIFACTS}/{_plain(automation_id)}"


def _plain(name: str) -> str:
    if not is_plain_component(name):
        raise Refused(f"“{name}” is no plain name")
    return name
