"""The simulated stock gateway, a process of its own: ``python -m clawtui.demo.openclaw.main ROOT``."""

from __future__ import annotations

import argparse
import os
import platform
import select
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

from clawtui.demo.gateway_process import READY
from clawtui.demo.home import in_use, remove_home
from clawtui.demo.openclaw.jobs import HOUR, JOBS, ORPHANED, SECOND
from clawtui.demo.openclaw.played_job import Owner, PlayedJob
from clawtui.demo.openclaw.store import GatewayStore, now_ms
from clawtui.operations.evidence.processes import start_ticks

_STEP = 0.2
_HEARTBEAT = 10 * SECOND


def main() -> int:
    """Run the gateway until it is stopped; return the exit status."""
    options = _options()
    if os.getpgrp() != os.getpid():
        os.setsid()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    os.umask(0o077)
    with ExitStack() as cleanup:
        cleanup.enter_context(in_use(options.root))
        if options.temporary:
            cleanup.callback(remove_home, options.root)
        _serve(options.root.absolute(), options.speed, options.alive)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m clawtui.demo.openclaw.main", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--alive", type=int, help="a descriptor; the gateway ends when it does")
    parser.add_argument("--temporary", action="store_true", help="remove the root at the end")
    return parser.parse_args()


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(0)


def _serve(root: Path, speed: float, alive: int | None) -> None:
    """Write the past runs, then simulate until the process at the other end of `alive` has ended."""
    host, pid, began = platform.node(), os.getpid(), now_ms()
    owner: Owner = (pid, start_ticks(pid), host)
    store = GatewayStore(root)
    before: Owner = _ended_process(host)
    store.put("gateway_boot_lifecycle", boot_id=str(uuid.uuid4()), pid=before[0], started_at_ms=began - 9 * HOUR)
    store.put("gateway_boot_lifecycle", boot_id=str(uuid.uuid4()), pid=pid, started_at_ms=began)
    store.put_lease(owner, began)
    store.put_lock(owner)
    store.log("cron: timer armed", "DEBUG")
    played = [PlayedJob(spec, store, owner, speed, began) for spec in JOBS]
    for job, spec in zip(played, JOBS, strict=True):
        if spec.id == ORPHANED:
            job.orphan(before)
    os.write(sys.stdout.fileno(), READY)
    try:
        _play(played, lambda: store.put_lease(owner, began), alive)
    finally:
        store.close()


def _play(played: list[PlayedJob], renew: Callable[[], None], alive: int | None) -> None:
    renewed = now_ms()
    watched = [] if alive is None else [alive]
    while not select.select(watched, [], [], _STEP)[0]:
        for job in played:
            job.play()
        if now_ms() - renewed >= _HEARTBEAT:
            renew()
            renewed = now_ms()


def _ended_process(host: str) -> Owner:
    """Start a process and end it; return its pid, its start and its host: an owner that cannot be alive."""
    with subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE) as process:
        ticks = start_ticks(process.pid)
        process.kill()
    return process.pid, ticks, host


if __name__ == "__main__":
    sys.exit(main())
