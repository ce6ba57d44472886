"""Does in the directory that it is given what the acts do on disk, and prints each step. A program."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from clawtui.files.fs.atomic import remove, write_atomic
from clawtui.storage.locks.lock_file import hold
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.locks.released_locks import named_aside, put_back, set_lock_aside
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON


def main(place: Path) -> None:
    paths = StatePaths(place)
    base = paths.automations
    base.mkdir(parents=True)
    manager = RepositoryLockManager(paths)
    lock = manager.acquire(
        "https://github.com/user/repo", "a", "s", now=NOON, pid=os.getpid(), hostname="h", timeout=timedelta(hours=4)
    )
    assert lock is not None
    print("taken")
    (path,) = (base / "locks").iterdir()
    name = f"locks/{path.name}"
    with hold(base, name) as held:
        aside = set_lock_aside(held, named_aside(name, NOON, "0123abcd"))
    assert not path.exists()
    print("released")
    put_back(base, aside)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    print("restored")
    stamp = write_atomic(base, "config/a/x.json", b"{}")
    stamp = write_atomic(base, "config/a/x.json", b'{"a": 1}', stamp)
    print("written")
    remove(base, "config/a/x.json", stamp)
    assert not list((base / "config/a").iterdir())
    print("removed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
