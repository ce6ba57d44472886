"""The threads of the dashboard share two arenas of the C library."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, sys, threading
if sys.argv[1:]:
    from clawtui.tui.run import limit_arenas
    limit_arenas()
libc = ctypes.CDLL(None)
all_started = threading.Barrier(12)
def allocate():
    all_started.wait()
    kept = [bytes(size) for size in range(1000, 60_000, 1000)]
    all_started.wait()
threads = [threading.Thread(target=allocate) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc.malloc_stats()
"""


def arenas(*arguments: str) -> int:
    """Return how many arenas a program with twelve threads has."""
    run = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return sum(line.startswith("Arena ") for line in run.stderr.splitlines())


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_stats"), reason="is about glibc")
def test_threads_share_two_arenas() -> None:
    assert arenas() > 2
    assert arenas("limited") == 2
