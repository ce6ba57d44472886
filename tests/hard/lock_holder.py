"""A gateway that holds a lock and whose run writes: ``python -m tests.hard.lock_holder ROOT [NAME=VALUE …]``.

It takes the lock, then saves ``state.json`` every 0.05 s until it is killed. Each NAME=VALUE is a field of the lock, as
JSON, in the place of its own. ``silent=true`` is no field: then nothing is saved.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.gateway_root import GatewayRoot, iso

ID = "sync-main"
KEY = "github.com/user/repo"
PERIOD = 0.05


def main(root: Path, *fields: str) -> None:
    gateway = GatewayRoot(root)
    changes = {name: json.loads(value) for name, _, value in (field.partition("=") for field in fields)}
    silent = changes.pop("silent", False)
    began = iso(datetime.now(UTC))
    gateway.lock(KEY, ID, None, **{"acquiredAt": began, "pid": os.getpid()} | changes)
    while True:
        if not silent:
            gateway.state(ID, startTime=began, lastUpdate=iso(datetime.now(UTC)))
        time.sleep(PERIOD)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
