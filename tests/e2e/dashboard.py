"""The dashboard in a real terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.e2e.remote_gateway import RemoteGateway
from tests.e2e.terminal import Terminal


def dashboard(gateway: RemoteGateway, *options: str, cols: int = 120, rows: int = 40) -> Terminal:
    """Return the dashboard over the gateway's root, in a terminal of its own; the operator is in UTC."""
    command: list[str | Path] = [sys.executable, "-m", "clawtui", "--root", gateway.root, *options]
    return Terminal(command, cols=cols, rows=rows, env={"TZ": "UTC"})
