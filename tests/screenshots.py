"""Writes ``screenshots/*.svg`` from the real app on a fixed demo state: ``python -m tests.screenshots [NAMES…]``."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from clawtui.model.documents.settings import Settings, ThemeChoice
from clawtui.model.liveness.evidence import Process
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.controllers.user.preferences import Startup
from tests.demo.still import GATEWAY_PID, STILL_HOST, write_still
from tests.demo.still_gateway import GATEWAY_TICKS, write_still_gateway

NOW = datetime(2026, 3, 14, 3, 12, 9, tzinfo=UTC)
"""A bad hour, and always the same one."""

FOLDER = Path(__file__).parent.parent / "screenshots"

LARGE, SMALL = (120, 40), (80, 24)
ROOT = ".clawdbot"
STOCK_ROOT = ".openclaw"

_DEADLINE = 20.0
_STILL = 0.4
"""Seconds: until then, and for so long, everything must be at rest."""

_WEB_FONT = re.compile(r"@font-face \{[^}]*\}\s*")


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the size of the terminal, and the keys that are pressed before."""

    name: str
    keys: Sequence[str] = ()
    size: tuple[int, int] = LARGE
    theme: ThemeChoice = "dark"
    root: str = ROOT


_FAILED = ("F", "F")
"""From the run that goes on to the one that failed."""

SHOTS = (
    Shot("dashboard"),
    Shot("stock-gateway", ("down",), root=STOCK_ROOT),
    Shot("dashboard-light", theme="light"),
    Shot("dashboard-sixteen-colours", theme="ansi"),
    Shot("dashboard-no-colour", theme="none"),
    Shot("no-root", root="/srv/clawdbot"),
    Shot("problems", ("exclamation_mark",)),
    Shot("findings", ("D",)),
    Shot("help", ("question_mark",)),
    Shot("palette", ("colon", *"release")),
    Shot("release", ("4", "X")),
    Shot("lock-details", ("4", "d")),
    Shot("failed-run", (*_FAILED, "enter", "enter", "z", "E")),
    Shot("runs", (*_FAILED, "H")),
    Shot("time-axis", ("2", "z")),
    Shot("who-ran-when", ("W",)),
    Shot("search", ("3", "z", "slash", *"resolved", "enter")),
    Shot("small", size=SMALL),
    Shot("small-timeline", ("enter",), SMALL),
    Shot("small-log", ("3",), SMALL),
    Shot("small-locks", ("4",), SMALL),
    Shot("small-release", ("4", "X"), SMALL),
)


async def take(shot: Shot, root: Path) -> str:
    """Return the screen as SVG, once it is complete."""
    startup = Startup(Settings(theme=shot.theme), environment={})
    app = ClawtuiApp(StatePaths(root), host=STILL_HOST, clock=lambda: NOW, zone=UTC, startup=startup)
    async with app.run_test(size=shot.size) as pilot:
        await _settle(pilot, app)
        for key in shot.keys:
            await pilot.press(key)
            await _settle(pilot, app)
        return _WEB_FONT.sub("", app.export_screenshot(title="clawtui"))


async def _settle(pilot: Pilot[None], app: ClawtuiApp) -> None:
    """Wait until everything has been read and nothing on the screen changes any more."""
    end = time.monotonic() + _DEADLINE
    shown, since = _screen(app), time.monotonic()
    while not _has_looked(app) or time.monotonic() - since < _STILL:
        if time.monotonic() > end:
            raise TimeoutError("the dashboard did not come to rest")
        await pilot.pause(0.02)
        if (now := _screen(app)) != shown:
            shown, since = now, time.monotonic()


def _has_looked(app: ClawtuiApp) -> bool:
    view = app.dashboard.view
    is_empty = not view.fleet.automations and view.fleet.gateway is None
    return view.fleet.loaded and (view.findings is not None or is_empty)


def _screen(app: ClawtuiApp) -> list[str]:
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips(app.size)]


@contextmanager
def still_host() -> Iterator[None]:
    """Have the host of the fixed state: another name, an earlier start, and the gateway's process on it."""
    gateway = Process(GATEWAY_PID, "node clawdbot gateway", NOW - timedelta(days=3), start_ticks=GATEWAY_TICKS)
    with ExitStack() as stack:
        for target, stand_in in (
            ("socket.gethostname", lambda: STILL_HOST),
            ("clawtui.operations.evidence.host.boot_time", lambda: NOW - timedelta(days=9)),
            ("clawtui.operations.evidence.host.why_hidden", lambda: None),
            ("clawtui.operations.evidence.host.find_process", lambda pid, booted=None: {GATEWAY_PID: gateway}.get(pid)),
        ):
            stack.enter_context(patch(target, stand_in))
        yield


def main(names: Sequence[str]) -> None:
    """Write all pictures, or those of these names."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, still_host():
        os.environ |= {"HOME": folder, "XDG_STATE_HOME": f"{folder}/state", "XDG_CONFIG_HOME": f"{folder}/config"}
        root = Path(folder) / ROOT
        root.mkdir(mode=0o700)
        write_still(root, NOW)
        (Path(folder) / STOCK_ROOT).mkdir(mode=0o700)
        write_still_gateway(Path(folder) / STOCK_ROOT, NOW)
        for shot in SHOTS:
            if not names or shot.name in names:
                (FOLDER / f"{shot.name}.svg").write_text(asyncio.run(take(shot, Path(folder) / shot.root)))
                print(f"screenshots/{shot.name}.svg")


if __name__ == "__main__":
    main(sys.argv[1:])
