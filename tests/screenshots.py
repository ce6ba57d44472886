"""Writes ``screenshots/*.svg`` from the real app on a fixed demo state: ``python -m tests.screenshots``."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from clawtui.demo.still import write_still
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.themes import DARK, LIGHT

NOW = datetime(2026, 3, 14, 3, 12, 9, tzinfo=UTC)
"""A bad hour, and always the same one."""

FOLDER = Path(__file__).parent.parent / "screenshots"

_DEADLINE = 10.0
"""Seconds."""

_WEB_FONT = re.compile(r"@font-face \{[^}]*\}\s*")


@dataclass(frozen=True)
class Shot:
    """One picture: what it is called, how large the terminal is, what is pressed before."""

    name: str
    size: tuple[int, int]
    theme: str = DARK.name
    keys: Sequence[str] = ()


SHOTS = (
    Shot("dashboard", (120, 40), keys=("j",)),
    Shot("dashboard-light", (120, 40), LIGHT.name, keys=("j",)),
    Shot("small", (80, 24), keys=("j",)),
    Shot("small-timeline", (80, 24), keys=("j", "enter")),
    Shot("problems", (120, 40), keys=("exclamation_mark",)),
)


async def take(shot: Shot, root: Path) -> str:
    """The screen as SVG, once everything is on it."""
    app = ClawtuiApp(StatePaths(root), host="gateway-1", clock=lambda: NOW, zone=UTC)
    async with app.run_test(size=shot.size) as pilot:
        app.theme = shot.theme
        await _settle(pilot, app)
        for key in shot.keys:
            await pilot.press(key)
            await pilot.pause()
        await _settle(pilot, app)
        return _WEB_FONT.sub("", app.export_screenshot(title="clawtui"))


async def _settle(pilot: Pilot[None], app: ClawtuiApp) -> None:
    """Waits until everything has been read, the log of the chosen automation too."""
    end = time.monotonic() + _DEADLINE
    while not _settled(app):
        if time.monotonic() > end:
            raise TimeoutError("the dashboard did not show everything")
        await pilot.pause(0.02)
    await pilot.pause()


def _settled(app: ClawtuiApp) -> bool:
    fleet, chosen = app.dashboard.fleet, app.dashboard.chosen
    return fleet.loaded and chosen is not None and fleet.run_log(chosen) in {None, *fleet.tails}


def main() -> None:
    """Writes all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        root = Path(folder) / ".clawdbot"
        root.mkdir(mode=0o700)
        write_still(root, NOW)
        for shot in SHOTS:
            (FOLDER / f"{shot.name}.svg").write_text(asyncio.run(take(shot, root)))
            print(f"screenshots/{shot.name}.svg")


if __name__ == "__main__":
    main()
