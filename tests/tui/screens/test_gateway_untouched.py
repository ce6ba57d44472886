"""A session of the dashboard in which every key is pressed writes nothing below the root of a stock gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.openclaw.gateways import fingerprint, gateway
from tests.tui.dashboard_of_gateway import dashboard_of

KEYS = (
    *(
        "down",
        "j",
        "F",
        "plus",
        "minus",
        "x",
        "M",
        "D",
        "exclamation_mark",
        "d",
        "y",
        "e",
        "v",
        "a",
        "W",
        "U",
        "R",
        "p",
        "p",
    ),
    *("left_square_bracket", "right_square_bracket", "H", "L", "0", "less_than_sign", "r", "z", "z", "question_mark"),
    *("2", "d", "enter", "3", "n", "E", "l", "w", "t", "0", "4", "X", "S", "d", "down", "X", "U", "1", "enter"),
)


def untouched(root: Path) -> dict[str, tuple[object, ...]]:
    """Return all files below ``root``, without the ``-shm`` of a living gateway, in which any reader sets its marks."""
    return {name: seen for name, seen in fingerprint(root).items() if not name.endswith("-shm")}


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["live", "killed", "stopped", "without shm"])
async def test_every_key_leaves_the_store_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "root"
    with gateway(root, "killed" if mode == "without shm" else mode):
        # No openclaw is found: it is the gateway's own program, and would write.
        monkeypatch.setenv("PATH", str(tmp_path))
        if mode == "without shm":
            (root / "state/openclaw.sqlite-shm").unlink()
        names, before = set(fingerprint(root)), untouched(root)
        async with dashboard_of(root) as looker:
            await looker.until("Job job-1")
            for key in KEYS:
                await looker.press(key)
                while len(looker.app.screen_stack) > 2:
                    await looker.press("escape")
            assert looker.app.is_running
        assert untouched(root) == before
        assert set(fingerprint(root)) == names
