"""Do the works of ``writers`` on a small disk that is nearly full, or read-only.

Run as a module it is to be in a mount namespace of its own; it prints one JSON document of how each work ended.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.hard.disk_state import (
    Contents,
    assert_nothing_lost,
    contents,
    done_well,
    is_backup_place,
    is_log,
    temp_files,
)
from tests.hard.writers import WORKS, Site, furnish

PAGE = os.sysconf("SC_PAGE_SIZE")
PAGES, INODES = 600, 400
"""The size of the disk."""
MOST = 24
"""Pages or files that are left at most; with fewer every work is done."""


class Attempt(NamedTuple):
    """One work on one disk."""

    work: str
    disk: str
    status: int
    output: str
    fault: str
    """What is wrong with what was left on the disk; empty where nothing is."""


@contextmanager
def few_pages(disk: Path, left: int) -> Iterator[None]:
    """Leave only so many pages for data."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        size = 0
        try:
            while True:
                size += file.write(bytes(PAGE))
        except OSError:
            file.truncate(max(0, size - left * PAGE))
    yield
    filler.unlink()


@contextmanager
def few_files(disk: Path, left: int) -> Iterator[None]:
    """Leave room for only so many files."""
    fillers = disk / "fillers"
    fillers.mkdir()
    made: list[Path] = []
    try:
        while True:
            path = fillers / f"{len(made)}"
            path.touch()
            made.append(path)
    except OSError:
        for path in made[:left]:
            path.unlink()
    yield
    shutil.rmtree(fillers)


@contextmanager
def read_only(disk: Path, left: int = 0) -> Iterator[None]:
    """Allow no writes at all."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    yield
    subprocess.run(["mount", "-o", "remount,rw", disk], check=True)


def attempts(disk: Path, spare: Path) -> Iterator[Attempt]:
    """Yield every work on every disk: from one that is too small from the start up to one that is large enough."""
    place, template = Site(disk / "place"), furnish(spare / "template")
    for name, work in WORKS.items():
        own_place(spare / name)
        shutil.copytree(template.home, spare / name)
        well = done_well(work, Site(spare / name))
        own_place(place.home)
        for illness in (few_pages, few_files, read_only):
            for left in range(MOST):
                shutil.copytree(template.home, place.home)
                before = contents(place)
                with illness(disk, left):
                    fault = ""
                    try:
                        ended = work(place)
                    except Exception:  # noqa: BLE001  the test tells of it
                        ended, fault = None, traceback.format_exc()
                    after = contents(place)
                shutil.rmtree(place.home)
                try:
                    assert_nothing_lost(before, after, well)
                    assert not temp_files(after), f"left behind: {temp_files(after)}"
                except AssertionError as error:
                    fault = fault or str(error)
                status, output = ended if ended else (99, "")
                yield Attempt(name, f"{illness.__name__} {left}", status, output, fault)
                if illness is read_only or is_done(status, after, well):
                    break


def is_done(status: int, after: Contents, well: Contents) -> bool:
    """Return whether a larger disk would not change the result."""
    documents = [
        {path: now for path, now in found.items() if not is_log(path) and not is_backup_place(path)}
        for found in (after, well)
    ]
    return status == 0 and documents[0] == documents[1]


def own_place(home: Path) -> None:
    """Put clawtui's own directory on the same disk."""
    os.environ["XDG_STATE_HOME"] = str(home / "own")


if __name__ == "__main__":
    mounted, aside = map(Path, sys.argv[1:])
    options = f"nr_blocks={PAGES},nr_inodes={INODES},mode=700"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", mounted], check=True)
    print(json.dumps(list(attempts(mounted, aside))))
