"""A gateway that dispatches one automation again and again, in the design's order: ``python -m … ROOT``.

Each run takes the lock and a slot, removes what is in the workspace's place, makes a new one, fills it and ends. It
notes what was done to its workspace meanwhile. It ends once its standard input does, and prints as JSON how many runs
there were, and each fault.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.gateway_root import GatewayRoot, iso

ID = "sync-main"
KEY = "github.com/user/repo"
FILES = 40


def run_once(gateway: GatewayRoot, number: int, rng: random.Random) -> list[str]:
    """Do one run; return the faults of its workspace at its end."""
    session, now = f"cron:{number}", iso(datetime.now(UTC))
    workspace = gateway.automations / "workspaces" / ID
    lock = gateway.lock(KEY, ID, sessionId=session, acquiredAt=now)
    gateway.slots({"automationId": ID, "sessionId": session, "acquiredAt": now, "slotNumber": 1})
    shutil.rmtree(workspace, ignore_errors=True)  # fs.rm(…, {recursive: true, force: true})
    workspace.mkdir(parents=True, exist_ok=True)
    faults = []
    try:
        inode = workspace.stat().st_ino
        names = [f"repo/{number}/{file}" for file in range(FILES)]
        (workspace / f"repo/{number}").mkdir(parents=True)
        for name in names:
            (workspace / name).write_text(name)
            if rng.random() < 0.1:
                time.sleep(rng.random() / 500)
        gateway.state(ID, sessionId=session, status="running", startTime=now, lastUpdate=now)
        time.sleep(rng.random() / 100)
        faults += [f"{number}: {name} is gone" for name in names if not (workspace / name).exists()]
        if workspace.stat().st_ino != inode:
            faults.append(f"{number}: another directory has its name")
        others = {path.name for path in (workspace / "repo").iterdir()} - {str(number)}
        faults += [f"{number}: {other} is in it" for other in others]
        gateway.state(ID, sessionId=session, status="completed", startTime=now, lastUpdate=iso(datetime.now(UTC)))
    except OSError as error:
        faults.append(f"{number}: {error!r}")
    gateway.slots()
    lock.unlink()
    return faults


def main(root: Path) -> None:
    gateway, rng = GatewayRoot(root), random.Random(os.getpid())
    faults: list[str] = []
    runs = 0
    while not select.select([sys.stdin], [], [], rng.random() / 15)[0]:
        runs += 1
        faults += run_once(gateway, runs, rng)
    print(json.dumps({"runs": runs, "faults": faults}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
