"""A session in which every key is pressed, and every command called, writes nothing below the root of a stock gateway.

The keys are pressed without waiting for what each shows: only the last frame is waited for, so that all have been
handled. What a key starts in the background has ended when the app has.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from textual import events

from clawtui.cli.main import main
from tests.openclaw.gateways import fingerprint, gateway
from tests.tui.dashboard_at_noon import DashboardTester
from tests.tui.dashboard_of_gateway import dashboard_of

KEYS = (
    *("down", "j", "F", "plus", "minus", "x", "M", "D", "exclamation_mark", "d", "y", "e", "v", "a", "W", "U", "R"),
    *("p", "p", "left_square_bracket", "right_square_bracket", "H", "L", "0", "less_than_sign", "r", "z", "z"),
    *("question_mark", "2", "d", "enter", "3", "n", "E", "l", "w", "t", "0", "4", "X", "S", "d", "down", "X", "U"),
    *("1", "enter", "A", "B", "C", "I"),
)
COMMANDS = (
    *("status", "automation list", "automation show job-1", "run list job-1", "lock list", "logs job-1", "doctor"),
    *("why job-1", "metrics", "automation disable job-1", "automation duplicate job-1", "lock release nope", "prune"),
)


def untouched(root: Path) -> dict[str, tuple[object, ...]]:
    """All that is below ``root``, but for the ``-shm`` of a living gateway, in which any reader sets its marks."""
    return {name: seen for name, seen in fingerprint(root).items() if not name.endswith("-shm")}


async def press_all(tester: DashboardTester) -> None:
    """Press every key, each followed by as many Esc as there are dialogs and screens over the dashboard."""
    app = tester.app
    for key in KEYS:
        await tester.pilot.press(key)
        while len(app.screen_stack) > 1:
            app.post_message(events.Key("escape", None))
            await tester.pilot.pause()
    assert app.is_running


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["live", "killed", "stopped", "without shm", "read-only"])
async def test_no_key_or_command_changes_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    root = tmp_path / "root"
    with gateway(root, mode if mode in ("live", "stopped") else "killed"):
        # No openclaw is found: it is the gateway's own program, and would write.
        monkeypatch.setenv("PATH", str(tmp_path))
        if mode == "without shm":
            (root / "state/openclaw.sqlite-shm").unlink()
        made_read_only = [root, *root.rglob("*")] if mode == "read-only" else []
        for path in made_read_only:
            path.chmod(0o555 if path.is_dir() else 0o444)
        names, before = set(fingerprint(root)), untouched(root)
        for words in COMMANDS:
            result = CliRunner().invoke(main, ["--root", str(root), *words.split()])
            assert isinstance(result.exception, SystemExit | None), words
        async with dashboard_of(root) as tester:
            await tester.wait_for("Job job-1")
            await press_all(tester)
        assert untouched(root) == before
        assert set(fingerprint(root)) == names
        for path in made_read_only:
            path.chmod(0o755 if path.is_dir() else 0o644)
