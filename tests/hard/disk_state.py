"""The files before and after a work, and the differences that are allowed."""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from clawtui.files.fs.temp_files import is_temp_name
from tests.hard.writers import Site, Work

Contents = Mapping[str, tuple[int, bytes]]
"""Mode and bytes of every file, and of every directory the mode, by path."""

_CHANCE = re.compile(r"(?:\d{8}T\d{6}Z\.)?\d+\.[0-9a-f]{8}(?=\.aside|\.released)")
"""What differs each time in the name of a lock that was set aside."""


def contents(place: Site) -> Contents:
    """Return all files: those of the state directory, clawtui's own directory and exports."""
    found = {}
    for path in sorted(place.home.rglob("*")):
        status = path.lstat()
        data = path.read_bytes() if stat.S_ISREG(status.st_mode) else b""
        found[known_as(place, path)] = (stat.S_IMODE(status.st_mode), data)
    return found


def known_as(place: Site, path: Path) -> str:
    """Return the name of a path in ``Contents``: the same wherever the place is."""
    return _CHANCE.sub("*", path.relative_to(place.home).as_posix())


def is_backup_place(path: str) -> bool:
    """Return whether a path is one of the directories that backups are kept in: they follow the place's own path."""
    return path.startswith("own/clawtui/backups/")


def temp_files(found: Contents) -> set[str]:
    """Return the temp files of writers that were killed or failed, without the one that existed at the start."""
    return {path for path in found if is_temp_name(Path(path).name) and ".4711." not in path}


def done_well(work: Work, place: Site) -> Contents:
    """Return the files after ``work`` was done without a failure."""
    ended = work(place)
    assert ended.status == 0, ended.output
    return contents(place)


def is_log(path: str) -> bool:
    return path.endswith(".jsonl")


def is_kept(path: str) -> bool:
    """Return whether a failed work keeps the file: what was written in an editor, or a copy of what existed."""
    return "/drafts/" in path or path.endswith(".bak")


def assert_nothing_lost(before: Contents, after: Contents, well: Contents, left: Collection[str] = ()) -> None:
    """Assert that each file is as before, or as after the whole work; logs may only have grown.

    ``left`` are those that a killed process left, under names by which they are found.
    """
    for path, was in before.items():
        now = after.get(path)
        if is_log(path) and now is not None:
            assert now[1].startswith(was[1]), f"{path} lost what was in it"
        elif now is not None or not any(other.startswith(f"{path}.") for other in left):
            assert now in (was, well.get(path)), f"{path} is neither what it was nor what it was to be"
    for path, now in after.items():
        if not (path in before or path in left or is_log(path) or is_kept(path) or is_backup_place(path)):
            assert now == well.get(path), f"{path} is nothing that was to be"
