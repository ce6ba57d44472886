"""Running the dashboard in this terminal."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path


class NoTerminal(Exception):
    """The dashboard cannot be shown here; its text says why and what to do."""


def run_dashboard(root: Path, *, read_only: bool = False, demo: bool = False) -> int:
    """Shows the dashboard over the state directory ``root`` until it is quit; the exit status.

    Raises NoTerminal where there is no terminal that could show it.
    """
    require_terminal()
    # At import Textual reads how often it may paint and whether it may animate.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    from clawtui.storage.paths import StatePaths
    from clawtui.tui.app import ClawtuiApp
    from clawtui.tui.driver import FrugalDriver

    app = ClawtuiApp(StatePaths(root), host=platform.node(), read_only=read_only, demo=demo, driver_class=FrugalDriver)
    app.run()
    return app.return_code or 0


def require_terminal() -> None:
    """Raises NoTerminal where there is no terminal that could show the dashboard."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal("the dashboard needs a terminal for its input and output")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise NoTerminal("the dashboard needs a terminal that can move its cursor, and TERM says that this one cannot")
