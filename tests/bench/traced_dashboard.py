"""The dashboard, telling when it passed each point on the way from a change to the terminal.

Run by ``legs``: ``python -m tests.bench.traced_dashboard FILE ROOT`` writes a line ``point nanoseconds`` for each.
"""

from __future__ import annotations

import functools
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_points: list[tuple[str, int]] = []


def passed(point: str) -> None:
    _points.append((point, time.monotonic_ns()))


def trace(owner: type[Any], method: str, before: str = "", after: str = "") -> None:
    """Record when ``method`` is entered, and when it is left."""
    called: Callable[..., Any] = getattr(owner, method)

    @functools.wraps(called)
    def traced(*args: Any, **kwargs: Any) -> Any:
        if before:
            passed(before)
        result = called(*args, **kwargs)
        if after:
            passed(after)
        return result

    setattr(owner, method, traced)


def trace_all() -> None:
    from clawtui.live.documents import Documents
    from clawtui.live.model import LiveModel
    from clawtui.live.watch_session import WatchSession
    from clawtui.tui.fleet_mailbox import FleetMailbox
    from clawtui.tui.screens.dashboard_view import DashboardView
    from clawtui.tui.terminal.driver import ClawtuiDriver
    from clawtui.tui.terminal.screen_buffer import ScreenBuffer

    trace(LiveModel, "_wait", after="woken")
    trace(WatchSession, "update", before="told")
    trace(Documents, "reread", before="read", after="known")
    trace(FleetMailbox, "put", before="published")
    trace(DashboardView, "show_fleet", before="arrived", after="diffed")
    trace(ScreenBuffer, "frame", after="composed")
    trace(ClawtuiDriver, "write", after="written")


def main(file: str, root: str) -> None:
    import clawtui.cli  # noqa: F401  it sets how garbage is collected
    from clawtui.tui.run import run_dashboard

    trace_all()
    run_dashboard(Path(root))
    Path(file).write_text("".join(f"{point} {at}\n" for point, at in _points))


if __name__ == "__main__":
    main(*sys.argv[1:])
