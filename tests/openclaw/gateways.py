"""Gateways of our own in other processes, and what they have on disk."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCRIPT = Path(__file__).with_name("gateway_store.py")
SHARED_MEMORY = "-shm"


@contextmanager
def gateway(root: Path, mode: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a gateway that has written its store: running for ``live``, ``busy`` and ``asked``, else ended."""
    command = [sys.executable, str(SCRIPT), str(root), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n"
            if mode in ("killed", "stopped"):
                process.wait()
            yield process
        finally:
            process.stdin.close()
            process.wait()


def fingerprint(root: Path) -> dict[str, tuple[object, ...]]:
    """Return each file and directory with size, times and content, without the change time of root's own reading."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted([root, *root.rglob("*")]):
        status = path.lstat()
        data = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[str(path.relative_to(root))] = (status.st_ino, status.st_mode, status.st_size, status.st_mtime_ns, data)
    return found
