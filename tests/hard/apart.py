"""The dashboard in its own namespaces, in which a test may mount file systems and limit watches."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hard.terminals import DASHBOARD, HardTerminal

_NEEDED = ("unshare", "nsenter", "mount")


def require_namespaces() -> None:
    """Skip the test if an ordinary user cannot have namespaces."""
    missing = [name for name in _NEEDED if shutil.which(name) is None]
    if missing or subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("there are no namespaces of one's own here")


class ApartTerminal(HardTerminal):
    """The dashboard over ``root``, after a shell ran ``prepare`` in its namespaces."""

    def __init__(self, root: Path, prepare: str = ":") -> None:
        require_namespaces()
        own = {"XDG_STATE_HOME": f"{root.parent}/own-state", "XDG_CONFIG_HOME": f"{root.parent}/own-config"}
        shell = ["unshare", "-rm", "sh", "-c", f'{prepare}; exec "$@"', "sh"]
        super().__init__([*shell, *DASHBOARD, "--root", root], env=own | {"TZ": "UTC"})

    def inside(self, script: str, *arguments: str | Path) -> None:
        """Run a shell script in the namespaces of the dashboard."""
        target = ["nsenter", "--target", f"{self.process.pid}", "--user", "--mount", "--preserve-credentials"]
        subprocess.run([*target, "sh", "-c", script, "sh", *arguments], check=True)
