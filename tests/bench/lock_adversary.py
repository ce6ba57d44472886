"""A gateway that replaces one lock repeatedly: ``python -m tests.bench.lock_adversary LOCK SECONDS``.

It prints how many locks it wrote, and which of them were lost: gone, although they were neither replaced nor released
(listed in ``released``, beside ``automations/``) nor set aside.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from pathlib import Path

SHORTEST, LONGEST = 0.0001, 0.0008
EVERY = 20
"""How many locks are replaced unseen before one is looked after."""
PATIENCE = 5.0


def main(path: Path, seconds: float) -> None:
    words = json.loads(path.read_text())
    temp = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    end = time.monotonic() + seconds
    lost, serial = [], 0
    while time.monotonic() < end:
        serial += 1
        session = f"fresh-{serial}"
        write(temp, json.dumps(words | {"sessionId": session}).encode())
        os.rename(temp, path)  # noqa: PTH104  as quickly as it goes
        time.sleep(random.uniform(SHORTEST, LONGEST))
        if serial % EVERY == 0 and not is_accounted_for(path, session):
            lost.append(session)
    print(json.dumps({"replaced": serial, "lost": lost}))


def write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, content)
    os.close(descriptor)


def is_accounted_for(path: Path, session: str) -> bool:
    """Return whether the lock exists, was released, or is set aside; wait a moment if it is being put back."""
    released = path.parents[2] / "released"
    deadline = time.monotonic() + PATIENCE
    while not path.exists() and session not in released.read_text().split() and not is_aside(path, session):
        if time.monotonic() > deadline:
            return False
    return True


def is_aside(path: Path, session: str) -> bool:
    return any(f'"{session}"' in text for text in map(read, path.parent.glob("*.aside")))


def read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
