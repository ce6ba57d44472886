"""A process that takes a gateway's lock as the gateway does: ``python lock_taker.py PATH once|race``.

``once`` takes it, prints ``taken``, and holds it until its standard input ends. ``race`` takes it again and again from
a dead owner until then, every other time at any moment, and prints the rounds in which its lock was lost.
"""

from __future__ import annotations

import json
import os
import random
import select
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

NO_PID = 2**22 + 5
PATIENCE = 10.0


def own_lock(round_: int = 0) -> bytes:
    ticks = int(Path(f"/proc/{os.getpid()}/stat").read_text().rpartition(")")[2].split()[19])
    fields = {"pid": os.getpid(), "createdAt": datetime.now(UTC).isoformat(), "startTime": ticks, "round": round_}
    return json.dumps(fields).encode()


def take(path: Path, round_: int = 0) -> bytes:
    """Remove the lock of a dead owner and create the own one, which never overwrites."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    lock = own_lock(round_)
    os.write(descriptor, lock)
    os.close(descriptor)
    return lock


def plant(path: Path) -> None:
    """Leave the lock of a dead owner in place of the own one."""
    new = path.with_name("planted.tmp")
    new.write_text(json.dumps({"pid": NO_PID, "createdAt": datetime.now(UTC).isoformat(), "startTime": 5}))
    os.rename(new, path)  # noqa: PTH104  as quickly as it goes


def stands(path: Path, lock: bytes) -> bool:
    """Return whether the lock exists, at once or after it was put back."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if path.read_bytes() == lock:
                return True
        except FileNotFoundError:
            pass
    return False


def main(path: Path, mode: str) -> None:
    if mode == "once":
        take(path)
        print("taken", flush=True)
        sys.stdin.read()
        return
    lost, round_ = [], 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        round_ += 1
        plant(path)
        until = time.monotonic() + (PATIENCE if round_ % 2 else random.uniform(0, 0.2))
        while path.exists() and time.monotonic() < until:
            pass
        lock = take(path, round_)
        time.sleep(random.uniform(0, 0.005))
        if not stands(path, lock):
            lost.append(round_)
    print(json.dumps({"rounds": round_, "lost": lost}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
