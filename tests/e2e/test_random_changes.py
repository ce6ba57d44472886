"""What is on the screen is what is on disk, whatever the operator and the terminal do while the files change."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime

import pytest

from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway
from tests.gateway_root import GatewayRoot, iso

pytestmark = pytest.mark.slow

BEGAN = datetime.now(UTC)
RUNS = 3
KEYS = (
    "j",
    "k",
    "g",
    "G",
    "1",
    "2",
    "3",
    "4",
    "tab",
    "z",
    "enter",
    "d",
    "?",
    "H",
    "r",
    ">",
    "<",
    "f",
    "w",
    "esc",
    "esc",
)
SIZES = ((160, 45), (120, 40), (100, 30), (90, 28))
_MARKER = re.compile(r"\bupdate-(\d)-(\d+);")
"""A milestone that is whole: a dialog may cover its end."""


class Writer:
    """Writes states of runs, each with a milestone of its own, in each way in which a file can be replaced."""

    def __init__(self, gateway: GatewayRoot, chance: random.Random) -> None:
        self._gateway = gateway
        self._chance = chance
        self.numbers = [0] * RUNS
        for run in range(RUNS):
            gateway.automation(f"sync-{run}")
            self._write(run)

    def update(self) -> None:
        run, way = self._chance.randrange(RUNS), self._chance.randrange(4)
        self.numbers[run] += 1
        path = self._gateway.automations / f"workspaces/sync-{run}/state.json"
        if way == 0:
            path.unlink()
        before = path.read_bytes() if way == 1 else b""
        self._write(run)
        if before:  # in place, with another content for a moment
            content = path.read_bytes()
            path.write_bytes(before)
            path.write_bytes(content)

    def _write(self, run: int) -> None:
        number = self.numbers[run]
        times = {"startTime": iso(BEGAN), "lastUpdate": iso(datetime.now(UTC))}
        self._gateway.state(f"sync-{run}", percentage=number % 100, milestone=f"update-{run}-{number};", **times)

    def shows_old(self, rows: list[str]) -> bool:
        """Return whether a milestone is on the screen that is not the last one of its run."""
        found = (match for row in rows for match in _MARKER.finditer(row))
        return any(self.numbers[int(match[1])] != int(match[2]) for match in found)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 12))])
def test_no_old_state_stays_on_the_screen(remote: RemoteGateway, seed: int) -> None:
    chance = random.Random(seed)
    writer = Writer(GatewayRoot(remote.root), chance)
    with dashboard(remote, cols=160, rows=45) as terminal:
        terminal.wait_for(lambda rows: all(f"update-{run}-0;" in "".join(rows) for run in range(RUNS)))
        for _ in range(40):
            for _ in range(chance.randint(1, 8)):
                act = chance.random()
                if act < 0.5:
                    writer.update()
                elif act < 0.9:
                    terminal.press(chance.choice(KEYS))
                else:
                    terminal.resize(*chance.choice(SIZES))
            terminal.wait_for(lambda rows: not writer.shows_old(rows))
        for _ in range(5):
            terminal.press("esc")
            terminal.settle()
        terminal.resize(160, 45)
        terminal.press("1", "g")
        terminal.wait_for(
            lambda rows: all(f"update-{run}-{number};" in "".join(rows) for run, number in enumerate(writer.numbers))
        )
