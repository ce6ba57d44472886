"""Soak: the dashboard beside a busy gateway, and its resources at the start, in the middle and at the end.

``CLAWTUI_SOAK_CHANGES`` says how many changes (200,000), ``CLAWTUI_SOAK_RATE`` how many a second (500).
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import json5
import psutil

from tests.bench.cost import memory, watches
from tests.bench.figure import Figure
from tests.bench.programs import clawtui
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.soak_gateway import AUTOMATIONS
from tests.e2e.terminal import Terminal
from tests.waiting import wait_until

CHANGES, RATE = 200_000, 500
COLUMNS, ROWS = 140, 90
"""All automations are in sight at once."""
KEYS = ("j", "2", "4", "1", "k", "3", "j", "1", "d", "esc", "H", "esc", "r", "r", "?", "esc", "z", "z", "A", "esc")
"""What an operator does meanwhile, a key a second."""
GROWTH = 8.0
"""MB that may come from the middle to the end: a leak of a hundred bytes a change would be more."""


class Held(NamedTuple):
    """The resources that a process holds."""

    memory: float
    """MB of its own."""
    descriptors: int
    threads: int
    watches: int


class Unseen(Terminal):
    """A terminal whose screen is drawn only on demand, because drawing costs more than what is measured."""

    looked_at = True

    def feed(self, data: bytes) -> None:
        """Draw the output if the screen is needed, else discard it."""
        if self.looked_at:
            super().feed(data)

    def _received_more_than(self, mark: int) -> bool:
        return self.bytes_received > mark

    def look(self) -> list[str]:
        """Return the screen, drawn from the beginning."""
        self.looked_at = True
        for columns in (COLUMNS - 1, COLUMNS):
            mark = self.bytes_received
            self.resize(columns, ROWS)
            wait_until(partial(self._received_more_than, mark), what="another screen")
            self.settle(0.5)
        return self.screen()


def measure() -> Iterator[Figure]:
    """Measure memory, descriptors, threads and watches, and compare the screen with the disk at the end."""
    changes, rate = _setting("CHANGES", CHANGES), _setting("RATE", RATE)
    print(f"soak: {changes:,} changes at {rate} a second, about {changes / rate:.0f} s", file=sys.stderr)
    with bench_root() as root:
        root.furnish(AUTOMATIONS, workspaces=AUTOMATIONS)
        own = {"XDG_STATE_HOME": f"{root.home}/own", "XDG_CONFIG_HOME": f"{root.home}/settings", "TZ": "UTC"}
        with Unseen(clawtui("--root", root.root), cols=COLUMNS, rows=ROWS, env=own) as terminal:
            terminal.wait_for(name(0))
            terminal.settle(1.0)
            yield from _soak(terminal, root, changes, rate)


def _setting(what: str, usual: int) -> int:
    return int(os.environ.get(f"CLAWTUI_SOAK_{what}", usual))


def _soak(terminal: Unseen, root: BenchRoot, changes: int, rate: int) -> Iterator[Figure]:
    began = time.monotonic()
    held: list[Held] = []
    terminal.looked_at = False
    keys = itertools.cycle(KEYS)
    runs = 0
    for made in _gateway(root, changes, rate):
        runs += 1
        terminal.press(next(keys))
        if made >= changes * (0.05, 0.5, 1.0)[len(held)]:
            held.append(hold(terminal.process.pid))
            print(f"soak: {made:,} changes, {time.monotonic() - began:.0f} s: {held[-1]}", file=sys.stderr)
    for key in ("esc", "esc", "1", "g"):
        terminal.press(key)
        time.sleep(0.5)
    rows = terminal.look()
    wrong = differences(rows, root)
    if wrong:
        print("soak: on the screen", *wrong, *rows, sep="\n", file=sys.stderr)
    start, middle, end = held
    name = f"{changes:,} changes, {runs} runs"
    yield Figure(
        "soak", f"{name}: memory at the end", end.memory, "MB", middle.memory + GROWTH, start.memory, "at start"
    )
    yield Figure("soak", "… in the middle", middle.memory, "MB", None, start.memory, "at start")
    for what in ("descriptors", "threads", "watches"):
        first, last = getattr(start, what), getattr(end, what)
        yield Figure("soak", f"… {what} at the end", last, "", max(first, getattr(middle, what)) + 2, first, "at start")
    yield Figure("soak", "… differences between screen and disk", len(wrong), "", 0)
    yield Figure("soak", "… took", time.monotonic() - began, "s")


def _gateway(root: BenchRoot, changes: int, rate: int) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.soak_gateway", str(root.home), str(changes), str(rate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as gateway:
        assert gateway.stdout is not None
        for line in gateway.stdout:
            yield int(line)


def hold(pid: int) -> Held:
    """Return what the process holds now."""
    process = psutil.Process(pid)
    return Held(memory(pid), process.num_fds(), process.num_threads(), len(watches(pid)))


def differences(rows: list[str], root: BenchRoot) -> list[str]:
    """Return what is only on the disk or only on the screen; the disk is read without clawtui's code."""
    expected = list(_on_disk(root, rows))
    missing = [f"missing: {' … '.join(words)}" for words in expected if not _stand_together(words, rows)]
    locked = {words[0].strip() for words in expected if words[0].startswith("github.com/")}
    stale = {f"github.com/user/{name(number)}" for number in range(AUTOMATIONS)} - locked
    return [*missing, *(f"not on the disk: the lock of {key}" for key in stale if _stand_together((f"{key} ",), rows))]


def _stand_together(words: tuple[str, ...], rows: list[str]) -> bool:
    return any(all(word in row for word in words) for row in rows)


def _on_disk(root: BenchRoot, rows: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the texts that each must be on one row."""
    for path in root.automations.glob("config/*/*.json"):
        yield (str(json5.loads(path.read_text())["name"]),)
    for path in root.automations.glob("locks/*.lock"):
        yield (f"{json.loads(path.read_text())['repoKey']} ",)
    slots = json.loads((root.automations / "config/concurrency-state.json").read_text())
    yield (f"slots {len(slots['activeSlots'])}/{slots['maxSlots']}", "watching")
    for slot in slots["activeSlots"]:
        id = slot["automationId"]
        progress = json.loads((root.automations / f"workspaces/{id}/state.json").read_text())["progress"]
        yield (f" {id} ", f"{progress['percentage']}% ", progress["milestone"])
    for path in root.automations.glob("logs/*/*.jsonl"):
        if any(f"3 Log  {path.name}" in row for row in rows):
            last = json.loads(path.read_text().splitlines()[-1])
            yield (f"{last['message']} ",)
