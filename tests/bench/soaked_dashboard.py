"""The dashboard, reporting on SIGUSR1 what its memory is made of, and on SIGUSR2 what is in front.

Run by ``soak``: ``python -m tests.bench.soaked_dashboard FILE ROOT`` appends a line of JSON to FILE for each SIGUSR1,
and to ``FILE.front`` for each SIGUSR2.
With ``CLAWTUI_SOAK_TRACE`` it also writes a snapshot of tracemalloc to ``FILE.N``, which takes a third more time.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import signal
import sys
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil

TRACE = "CLAWTUI_SOAK_TRACE"
_FRAMES = 4
_MEBIBYTE = 1 << 20


def report(file: Path, number: int) -> None:
    """Collect garbage, and append what the process holds: MB, blocks of Python's allocator, objects, caches."""
    gc.collect()
    if tracemalloc.is_tracing():
        tracemalloc.take_snapshot().dump(f"{file}.{number}")
    line = {
        "memory": psutil.Process().memory_full_info().uss / _MEBIBYTE,
        "blocks": sys.getallocatedblocks(),
        "objects": len(gc.get_objects()) + gc.get_freeze_count(),
        "types": Counter(f"{type(each).__module__}.{type(each).__qualname__}" for each in gc.get_objects()),
        "caches": dict(caches()),
    }
    with file.open("a") as lines:
        lines.write(json.dumps(line) + "\n")


def report_front(file: Path) -> None:
    """Append the screen in front, the title of the pane that has the keys, and the row of the list's cursor."""
    app = _app()
    front = {
        "screen": type(app.screen).__name__,
        "pane": app.dashboard.panes.current.title,
        "row": app.dashboard.view.automations.table.cursor.row,
    }
    with Path(f"{file}.front").open("a") as lines:
        lines.write(json.dumps(front) + "\n")


@functools.cache
def _app() -> Any:
    """Return the app: no variable of a module leads to it."""
    return next(each for each in gc.get_objects() if type(each).__name__ == "ClawtuiApp")


def caches() -> Iterator[tuple[str, tuple[int, int | None]]]:
    """Yield each cache of results: where it is, how many entries it has, and the most that it may have.

    They are functions of modules and classes. What was made since the start may belong to one object.
    """
    found = {id(each): each for module in [*sys.modules.values()] for each in _functions(module)}
    found |= {id(each): each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper)}
    for cached in found.values():
        wrapped: Any = cached.__wrapped__
        info = cached.cache_info()
        yield f"{wrapped.__module__}.{wrapped.__qualname__}", (info.currsize, info.maxsize)


def _functions(module: ModuleType) -> Iterator[functools._lru_cache_wrapper[object]]:
    for value in [*vars(module).values()]:
        members = [*vars(value).values()] if isinstance(value, type) else []
        yield from (each for each in (value, *members) if isinstance(each, functools._lru_cache_wrapper))


def main(file: str, root: str) -> None:
    numbers = iter(range(1_000_000))
    if os.environ.get(TRACE):
        tracemalloc.start(_FRAMES)

    import clawtui.cli  # noqa: F401  it sets how garbage is collected
    from clawtui.tui.run import run_dashboard

    signal.signal(signal.SIGUSR1, lambda *_: report(Path(file), next(numbers)))
    signal.signal(signal.SIGUSR2, lambda *_: report_front(Path(file)))
    run_dashboard(Path(root))


if __name__ == "__main__":
    main(*sys.argv[1:])
