"""Whatever keys, sizes and changes follow each other, the terminal shows the dashboard as a full repaint would."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from textual._context import visible_screen_stack
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.pilot import Pilot

from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.tui.terminal.emulated import Emulator, difference, painted

SIZES: Final = ((100, 30), (72, 18), (131, 33))
KEYS: Final = (
    *("j", "k", "G", "g", "tab", "1", "2", "3", "4", "z", "slash", "y", "enter", "escape", "question_mark", "colon"),
    *("exclamation_mark", "d", "D", "H", "W", "a", "F", "r", "greater_than_sign", "X", "p", "l", "h", "s", "ctrl+l"),
)
CHANGES: Final = ("state", "rename", "log", "lock", "size", "garbage")


class EmulatedDriver(HeadlessDriver):
    """Driver whose terminal is emulated."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.emulator = Emulator(*SIZES[0])

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        self.emulator.feed(data.encode())


class Walk:
    """A dashboard in an emulated terminal, and the steps that change it."""

    def __init__(self, gateway: GatewayRoot, pilot: Pilot[None]) -> None:
        self.gateway = gateway
        self.pilot = pilot
        self.steps = 0
        self.changes: dict[str, Callable[[], Awaitable[None]]] = {"size": self.resize, "garbage": self.garbage}

    @property
    def driver(self) -> EmulatedDriver:
        driver = self.pilot.app._driver
        assert isinstance(driver, EmulatedDriver)
        return driver

    async def step(self, step: str) -> None:
        self.steps += 1
        if step in self.changes:
            await self.changes[step]()
        elif step in CHANGES:
            write(self.gateway, step, self.steps)
        else:
            await self.pilot.press(step)
        await self.pilot.pause()

    async def resize(self) -> None:
        """Change the size; the terminal keeps none of its content."""
        columns, rows = SIZES[self.steps % len(SIZES)]
        self.driver.emulator = Emulator(columns, rows)
        self.driver.emulator.feed(b"x" * columns)
        await self.pilot.resize_terminal(columns, rows)

    async def garbage(self) -> None:
        """Write to the terminal from another program, and press Ctrl+L."""
        self.driver.emulator.feed("\x1b[5;5Hwall: the system goes down 変更\r\n".encode() * 3)
        await self.pilot.press("ctrl+l")

    async def wrong(self) -> list[str]:
        """Return the cells that differ from a full repaint, once all is painted."""
        end = time.monotonic() + 30
        while (wrong := self._wrong()) and time.monotonic() < end:
            await self.pilot.pause(0.02)
        return wrong

    def _wrong(self) -> list[str]:
        app = self.pilot.app
        visible_screen_stack.set(app._background_screens)
        strips = app.screen._compositor.render_strips()
        expected = painted(strips, app.size.width, app.console._color_system or ColorSystem.TRUECOLOR)
        sent = self.driver.emulator
        if (sent.columns, sent.rows) != (expected.columns, expected.rows):
            return ["the size"]
        return difference(sent.shown(), expected.shown())


def furnish(gateway: GatewayRoot) -> None:
    gateway.dispatcher()
    for number, name in enumerate(("keeps the fork", "上流の変更を取り込む", "führt … aus", "nightly ⚠ 😀")):
        write(gateway, "rename", number, name)
    failed = {"timestamp": iso(NOON - timedelta(hours=1)), "status": "failed", "duration": 61000, "summary": "変 – no"}
    gateway.automation("failed", runHistory=[failed], lastRun=failed)
    for change in ("state", "log", "lock"):
        write(gateway, change, 1)
    gateway.slots()


def write(gateway: GatewayRoot, change: str, number: int, name: str = "") -> None:
    id = f"sync-{number % 4}"
    if change == "state":
        gateway.state(id, percentage=number * 7 % 100, milestone=f"Merging {'変更' * (number % 3)} {number}")
    elif change == "rename":
        gateway.automation(id, name=name or f"renamed ⚠ {number} の変更", nextRun=iso(NOON + timedelta(minutes=number)))
    elif change == "log":
        entries = [run_entry(id, f"step {number}.{each} of 変更 ● https://example.org/{each}") for each in range(9)]
        gateway.append_log(f"logs/{id}/{id}-2025-01-26-11-55-00.jsonl", *entries)
    else:
        gateway.lock(f"github.com/user/{id}-{number}", id)


async def walk(steps: list[str]) -> tuple[str, list[str]]:
    """Return the first step after which the terminal showed something wrong, and what."""
    with tempfile.TemporaryDirectory() as folder:
        gateway = GatewayRoot(Path(folder) / "root")
        furnish(gateway)
        paths = StatePaths(gateway.root)
        app = ClawtuiApp(paths, host="h", clock=lambda: NOON, zone=UTC, driver_class=EmulatedDriver)
        async with app.run_test(headless=False, size=SIZES[0], notifications=True) as pilot:
            walked = Walk(gateway, pilot)
            for step in ("start", *steps):
                if step != "start":
                    await walked.step(step)
                if wrong := await walked.wrong():
                    return step, wrong[:3]
    return "", []


_STEP = st.sampled_from((*KEYS, *CHANGES, *CHANGES))
_PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
SAME_SIZE_AGAIN: Final = ["size", "size", "H", "j", "size"]
"""The terminal changes its size and takes that back at once: it has moved its content, and its size is as before."""


@settings(max_examples=2, deadline=None, phases=_PHASES)
@given(st.lists(_STEP, min_size=6, max_size=8))
@example(SAME_SIZE_AGAIN)
def test_the_terminal_equals_a_full_repaint(steps: list[str]) -> None:
    assert asyncio.run(walk(steps)) == ("", [])


@pytest.mark.exhaustive
@pytest.mark.timeout(1800)
@settings(max_examples=100, deadline=None, phases=_PHASES)
@given(st.lists(_STEP, min_size=8, max_size=16))
def test_the_terminal_equals_a_full_repaint_after_a_hundred_walks(steps: list[str]) -> None:
    assert asyncio.run(walk(steps)) == ("", [])
