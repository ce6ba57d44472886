"""The simulated gateway, a process of its own: ``python -m clawtui.demo.gateway.main ROOT``."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

from msgspec import Struct

from clawtui.demo.gateway.dispatcher import Dispatcher
from clawtui.demo.gateway.stores import DemoClock, GatewayStores
from clawtui.demo.gateway_process import READY
from clawtui.demo.home import REMOTES, in_use, remove_home
from clawtui.demo.runs.git import Git, find_git
from clawtui.demo.runs.run_factory import RunFactory
from clawtui.demo.seed.fleet_spec import DEFAULT_AUTOMATIONS, MIN_AUTOMATIONS, AutomationSpec, make_specs
from clawtui.demo.seed.repositories import Remotes
from clawtui.demo.seed.seed import next_runs, seed_locks, write_seed
from clawtui.demo.seed.seed_writer import SeedWriter
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.errors import ClawtuiError
from clawtui.operations.evidence.host import identity_of

_DUE_AT_ONCE = 6
_DUE_APART = 18.0
"""Seconds of demo time between the first due times of two automations."""


class Options(Struct, frozen=True):
    """The options of the command line."""

    root: Path
    speed: float
    automations: int
    seed: int | None
    alive: int | None
    """A descriptor that is closed when the dashboard ends."""
    temporary: bool
    """Whether the root is removed when the gateway ends."""


def main() -> int:
    """Run the gateway until it is stopped; return the exit status."""
    options = _options()
    _detach()
    with ExitStack() as cleanup:
        cleanup.enter_context(in_use(options.root))
        if options.temporary:
            cleanup.callback(remove_home, options.root)
        cleanup.callback(_end_children)
        dispatcher = _set_up(options)
        try:
            asyncio.run(_serve(dispatcher, options.alive))
        except* ClawtuiError as errors:
            # If the root was removed, the dashboard has ended, and the error is irrelevant.
            if options.root.is_dir():
                print(*errors.exceptions, sep="\n", file=sys.stderr)
    return 0


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m clawtui.demo.gateway.main", description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--automations", type=int, default=DEFAULT_AUTOMATIONS, help=f"at least {MIN_AUTOMATIONS}")
    parser.add_argument("--seed", type=int, help="makes the same runs every time")
    parser.add_argument("--alive", type=int, help="a descriptor; the gateway ends when it does")
    parser.add_argument("--temporary", action="store_true", help="remove the root at the end")
    return Options(**vars(parser.parse_args()))


def _detach() -> None:
    """Leave the process group that receives the terminal's signals, and make new files private."""
    if os.getpgrp() != os.getpid():
        os.setsid()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    os.umask(0o077)


def _end_children() -> None:
    """End every git process that still runs; no other process is in this process group."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgrp(), signal.SIGTERM)


def _set_up(options: Options) -> Dispatcher:
    """Write the seed, and return the dispatcher that continues from it."""
    rng = Random(options.seed)
    clock = DemoClock(options.speed)
    specs = make_specs(options.automations)
    root = options.root.absolute()
    (root / REMOTES).mkdir(exist_ok=True)
    with SeedWriter(root) as writer:
        pull_requests = _write_seed(writer, specs, rng, clock)
    program = find_git()
    git = Git(program, root / REMOTES) if program else None
    tools = (git, Remotes(git, specs, rng)) if git else None
    factory = RunFactory(writer.paths.automations, tools, pull_requests)
    return Dispatcher(GatewayStores(root), {spec.id: spec for spec in specs}, factory, clock, rng)


def _write_seed(writer: SeedWriter, specs: Sequence[AutomationSpec], rng: Random, clock: DemoClock) -> dict[str, int]:
    """Write the history, and return the number of the last pull request by ``user/repository``."""
    now = clock.now()
    due = next_runs(specs, rng, now, _DUE_AT_ONCE, clock.span(_DUE_APART))
    past_by_id = write_seed(writer, specs, rng, now, due)
    writer.slots(ConcurrencyState(version=1, max_slots=3, active_slots=(), last_updated=now))
    dead_pid, identity = _dead_process()
    for feature, lock in seed_locks(specs, rng, now, platform.node(), dead_pid, identity).items():
        writer.lock(lock, nested=feature == "expired")
    return {past[0].run.spec.fork: past[0].conditions.pull_request for past in past_by_id.values() if past}


def _dead_process() -> tuple[int, Mapping[str, object]]:
    """Start a process and end it; return its pid and its identity as a lock records it (``identity_of``)."""
    with subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE) as process:
        identity = identity_of(process.pid)
        process.kill()
    return process.pid, identity


async def _serve(dispatcher: Dispatcher, alive: int | None) -> None:
    """Dispatch until SIGTERM, or until the process at the other end of ``alive`` has ended in any way."""
    loop = asyncio.get_running_loop()
    serving = asyncio.create_task(dispatcher.serve(_signal_ready))
    loop.add_signal_handler(signal.SIGTERM, serving.cancel)
    if alive is not None:
        loop.add_reader(alive, _on_parent_exit, loop, alive, serving)
    with suppress(asyncio.CancelledError):
        await serving


def _on_parent_exit(loop: asyncio.AbstractEventLoop, alive: int, serving: asyncio.Task[None]) -> None:
    loop.remove_reader(alive)
    serving.cancel()


def _signal_ready() -> None:
    os.write(sys.stdout.fileno(), READY)


if __name__ == "__main__":
    sys.exit(main())
