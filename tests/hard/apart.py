"""The dashboard in namespaces of its own, where a test may mount what it likes and make watches as scarce."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hard.terminals import DASHBOARD, HardTerminal

_NEEDED = ("unshare", "nsenter", "mount")


def require_namespaces() -> None:
    """Skips the test where an ordinary user can have no namespaces."""
    missing = [name for name in _NEEDED if shutil.which(name) is None]
    if missing or subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("there are no namespaces of one's own here")


class ApartTerminal(HardTerminal):
    """The dashboard over ``root``, after ``prepare`` was run in its namespaces by a shell."""

    def __init__(self, root: Path, prepare: str = ":") -> None:
        require_namespaces()
        own = {"XDG_STATE_HOME": f"{root.parent}/own-state", "XDG_CONFIG_HOME": f"{root.parent}/own-config"}
        shell = ["unshare", "-rm", "sh", "-c", f'{prepare}; exec "$@"', "sh"]
        super().__init__([*shell, *DASHBOARD, "--root", root], env=own | {"TZ": "UTC"})

    def inside(self, script: str, *arguments: str | Path) -> None:
        """Runs a shell's script where the dashboard is."""
        target = ["nsenter", "--target", f"{self.process.pid}", "--user", "--mount", "--preserve-credentials"]
        subprocess.run([*target, "sh", "-c", script, "sh", *arguments], check=True)
