"""Soak: the dashboard beside a busy gateway, and its resources at each tenth of the changes.

``CLAWTUI_SOAK_CHANGES`` says how many changes (200,000), ``CLAWTUI_SOAK_RATE`` how many a second (500). With
``CLAWTUI_SOAK_TRACE`` it also prints where the objects were made that were added in the second half.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import json5
import psutil

from tests.bench.cost import watches
from tests.bench.figure import Figure
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.soak_gateway import AUTOMATIONS
from tests.bench.soaked_dashboard import TRACE
from tests.e2e.terminal import Terminal
from tests.waiting import wait_until

CHANGES, RATE = 200_000, 500
COLUMNS, ROWS = 140, 90
"""All automations are in sight at once."""
KEYS = ("j", "2", "4", "1", "k", "3", "j", "1", "d", "esc", "H", "esc", "r", "r", "?", "esc", "z", "z", "A", "esc")
"""What an operator does meanwhile, a key for each ``CHANGES_A_KEY`` changes."""
CHANGES_A_KEY = 500
SAMPLES = 10
GROWTH, BLOCKS_GROWTH = 2.0, 5000
"""MB, and blocks of Python's allocator, that may be added in the second half: a leak of twenty bytes, or of a twentieth
of an object, a change would be more."""


class Held(NamedTuple):
    """The resources that a process holds."""

    memory: float
    """MB of its own, after garbage was collected."""
    blocks: int
    """Blocks of Python's allocator that are in use: what is held, without the gaps between."""
    objects: int
    descriptors: int
    threads: int
    watches: int
    caches: Mapping[str, tuple[int, int | None]]
    """The entries of each cache, and the most that it may have."""


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
        reports = root.home / "reports"
        command: list[str | Path] = [sys.executable, "-m", "tests.bench.soaked_dashboard", reports, root.root]
        with Unseen(command, cols=COLUMNS, rows=ROWS, env=own) as terminal:
            terminal.wait_for(name(0))
            terminal.settle(1.0)
            yield from _soak(terminal, root, changes, rate)
        if os.environ.get(TRACE):
            print_added(Path(f"{reports}.{SAMPLES // 2}"), Path(f"{reports}.{SAMPLES}"))


def _setting(what: str, usual: int) -> int:
    return int(os.environ.get(f"CLAWTUI_SOAK_{what}", usual))


def _soak(terminal: Unseen, root: BenchRoot, changes: int, rate: int) -> Iterator[Figure]:
    began = time.monotonic()
    terminal.looked_at = False
    with closing(_gateway(root, changes, rate)) as gateway:
        held = list(_samples(terminal, root, gateway, changes))
        _show_list(terminal, root)
        _press_until(terminal, root, "g", "row", 0)
        rows = terminal.look()
        wrong = differences(rows, root)
    if wrong:
        print("soak: on the screen", *wrong, *rows, sep="\n", file=sys.stderr)
    start, middle, end = held[1], held[SAMPLES // 2], held[SAMPLES]
    for cache, (size, most) in sorted(end.caches.items()):
        if size > middle.caches.get(cache, (0, most))[0]:
            print(f"soak: more entries than in the middle: {cache}, {size:,} of at most {most}", file=sys.stderr)
    what = f"{changes:,} changes"
    yield Figure("soak", f"{what}: memory in the middle", middle.memory, "MB", None, start.memory, "after a tenth")
    last = "in the middle"
    yield Figure("soak", "… at the end", end.memory, "MB", middle.memory + GROWTH, middle.memory, last)
    most = middle.blocks + BLOCKS_GROWTH
    yield Figure("soak", "… blocks in use at the end", end.blocks, "", most, middle.blocks, last)
    for what in ("descriptors", "threads", "watches"):
        before, after = getattr(middle, what), getattr(end, what)
        yield Figure("soak", f"… {what} at the end", after, "", max(getattr(start, what), before) + 2, before, last)
    unbounded = sum(size > CHANGES // 1000 for size, most in end.caches.values() if most is None)
    yield Figure("soak", "… caches without a bound that have grown", unbounded, "", 0)
    yield Figure("soak", "… differences between screen and disk", len(wrong), "", 0)
    yield Figure("soak", "… took", time.monotonic() - began, "s")


def _samples(terminal: Unseen, root: BenchRoot, gateway: Iterator[int], changes: int) -> Iterator[Held]:
    """Yield what is held before the changes, and after each tenth of them, while keys are pressed."""
    began, pressed, taken = time.monotonic(), 0, 1
    keys = itertools.cycle(KEYS)
    yield _sample(terminal, root, 0)
    while taken <= SAMPLES:
        made = next(gateway)
        if made >= CHANGES_A_KEY * pressed:
            terminal.press(next(keys))
            pressed += 1
        if made * SAMPLES >= changes * taken:
            held = _sample(terminal, root, taken)
            taken += 1
            print(f"soak: {made:,} changes, {time.monotonic() - began:.0f} s: {_summary(held)}", file=sys.stderr)
            yield held


def _sample(terminal: Unseen, root: BenchRoot, number: int) -> Held:
    """Have the dashboard report, and return what it holds, always with the list of automations in front."""
    _show_list(terminal, root)
    reports = root.home / "reports"
    terminal.signal(signal.SIGUSR1)
    wait_until(lambda: reports.exists() and reports.read_text().count("\n") > number, what="a report", deadline=60)
    report = json.loads(reports.read_text().splitlines()[number])
    process = psutil.Process(terminal.process.pid)
    caches = {cache: (size, most) for cache, (size, most) in report["caches"].items()}
    counts = (process.num_fds(), process.num_threads(), len(watches(process.pid)))
    return Held(report["memory"], report["blocks"], report["objects"], *counts, caches)


def _show_list(terminal: Unseen, root: BenchRoot) -> None:
    """Close what is open over the dashboard, and give the keys to the list of automations."""
    _press_until(terminal, root, "esc", "screen", "Dashboard")
    _press_until(terminal, root, "1", "pane", "Automations")


def _press_until(terminal: Unseen, root: BenchRoot, key: str, what: str, wanted: object) -> None:
    """Press a key, which may be pressed too often, until the dashboard reports that ``what`` is ``wanted``."""
    reports = root.home / "reports.front"

    def is_there() -> bool:
        terminal.press(key)
        number = reports.read_text().count("\n") if reports.exists() else 0
        terminal.signal(signal.SIGUSR2)
        wait_until(lambda: reports.exists() and reports.read_text().count("\n") > number, what="a report", deadline=60)
        return bool(json.loads(reports.read_text().splitlines()[number])[what] == wanted)

    wait_until(is_there, what=f"{what} {wanted}", deadline=60)


def _summary(held: Held) -> str:
    return (
        f"{held.memory:.1f} MB, {held.blocks:,} blocks, {held.objects:,} objects, "
        f"{held.descriptors} descriptors, {held.threads} threads, {held.watches} watches"
    )


def print_added(middle: Path, end: Path) -> None:
    """Print where the objects were made that were added between two snapshots of tracemalloc."""
    added = tracemalloc.Snapshot.load(str(end)).compare_to(tracemalloc.Snapshot.load(str(middle)), "traceback")
    print(f"soak: traced in the second half: {sum(each.size_diff for each in added) / 1024:+,.0f} KB", file=sys.stderr)
    for each in added[:40]:
        place = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(each.traceback))
        print(f"{each.size_diff / 1024:+9.1f} KB {each.count_diff:+7,} {place}", file=sys.stderr)


def _gateway(root: BenchRoot, changes: int, rate: int) -> Generator[int]:
    """Yield the number of changes after each run; when it is closed the gateway ends, which holds the locks."""
    command = [sys.executable, "-m", "tests.bench.soak_gateway", str(root.home), str(changes), str(rate)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as gateway:
        assert gateway.stdout is not None
        try:
            while (line := gateway.stdout.readline()) != "\n":
                if not line:
                    raise RuntimeError("the gateway has ended before its last change")
                yield int(line)
            yield changes
        finally:
            gateway.communicate()


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
