"""One fixed moment of the demo of a stock gateway, for pictures: no process, and the same at every call."""

from __future__ import annotations

import uuid
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from unittest.mock import patch

from clawtui.demo.openclaw.jobs import JOBS, ORPHANED
from clawtui.demo.openclaw.played_job import Owner, PlayedJob
from clawtui.demo.openclaw.store import GatewayStore
from tests.demo.still import DEAD_PID, GATEWAY_PID, STILL_HOST

GATEWAY_TICKS = 70640
_PLAYED_MS = 48_000
"""How long the gateway plays until the moment: the agent is in the middle of its run."""
_STEP_MS = 200


def write_still_gateway(root: Path, now: datetime) -> None:
    """Write the root of a stock gateway as the demo has it, ``_PLAYED_MS`` after its start, which is at ``now``."""
    end = round(now.timestamp() * 1000)
    clock, random = [end - _PLAYED_MS], Random(20250126)
    with ExitStack() as stack:
        for module in ("played_job", "store"):
            stack.enter_context(patch(f"clawtui.demo.openclaw.{module}.now_ms", lambda: clock[0]))
        stack.enter_context(patch("uuid.uuid4", lambda: uuid.UUID(int=random.getrandbits(128), version=4)))
        began = clock[0]
        owner: Owner = (GATEWAY_PID, GATEWAY_TICKS, STILL_HOST)
        store = GatewayStore(root)
        store.put("gateway_boot_lifecycle", boot_id="1", pid=GATEWAY_PID, started_at_ms=began)
        store.put_lease(owner, began - timedelta(hours=1) // timedelta(milliseconds=1))
        store.put_lock(owner)
        played = [PlayedJob(spec, store, owner, 1.0, began) for spec in JOBS]
        for job, spec in zip(played, JOBS, strict=True):
            if spec.id == ORPHANED:
                job.orphan((DEAD_PID, GATEWAY_TICKS - 1, STILL_HOST))
        while clock[0] < end:
            clock[0] += _STEP_MS
            for job in played:
                job.play()
        store.put_lease(owner, began - timedelta(hours=1) // timedelta(milliseconds=1))
        store.close()
