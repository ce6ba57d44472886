"""Acts on a stock gateway: its own command after a question, a copy of it where it is not installed, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.openclaw.gateways import fingerprint
from tests.operations.openclaw.test_run_command import install
from tests.tui.dashboard_of_gateway import ailing_gateway, dashboard_of


def without_read_marks(root: Path) -> dict[str, tuple[object, ...]]:
    """Return all files below ``root``, without the ``-shm``, in which any reader sets its marks."""
    return {name: seen for name, seen in fingerprint(root).items() if not name.endswith("-shm")}


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the file in which an `openclaw` on the PATH records its calls."""
    log = tmp_path / "calls"
    script = f'echo "$*" >> {log}; echo "did $*"; [ "$2" != run ] || {{ echo "Gateway not reachable" >&2; exit 1; }}'
    monkeypatch.setenv("PATH", install(tmp_path / "bin", script)["PATH"])
    return log


async def test_a_job_is_enabled_disabled_and_run_by_the_gateway_after_a_question(tmp_path: Path, calls: Path) -> None:
    store = ailing_gateway(tmp_path / "root")
    async with dashboard_of(tmp_path / "root") as tester:
        await tester.press("F")
        for key, act, says in (
            ("minus", "disable", "The command says that it is done."),
            ("x", "run", "The command ended with status 1."),
            ("plus", "enable", "did automations enable failed"),
        ):
            if act == "enable":
                store.connection.execute("UPDATE cron_jobs SET enabled = 0 WHERE job_id = 'failed'")
                await tester.wait_for(lambda: any("›○" in row for row in tester.rows))
            await tester.press(key)
            await tester.wait_for(lambda act=act: f"openclawautomations{act}failed" in tester.dialog)  # type: ignore[misc]
            assert not calls.exists() or f"{act} failed" not in calls.read_text()
            await tester.press("right", "right", "enter")
            await tester.wait_for(says)
            if act == "run":
                assert "Gateway not reachable" in tester.text
            await tester.press("escape")
    assert calls.read_text().split("\n") == [
        "automations disable failed",
        "automations run failed",
        "automations enable failed",
        "",
    ]


async def test_a_run_whose_owner_is_dead_is_freed_by_the_gateway_and_a_living_one_is_not(
    tmp_path: Path, calls: Path
) -> None:
    ailing_gateway(tmp_path / "root")
    async with dashboard_of(tmp_path / "root") as tester:
        await tester.press("4", "X")
        await tester.wait_for("orphaned: the holder cannot be alive")
        assert "openclawgatewaystart" in tester.dialog and "marksitasinterrupted" in tester.dialog
        await tester.press("escape", "down", "X")
        await tester.wait_for("It is freed only where its owner cannot be alive.")
        assert "Run it" not in tester.text
        await tester.press("escape", "M")
        await tester.wait_for("The gateway is not running.")
        await tester.press("escape")
    assert not calls.exists()


async def test_without_the_program_the_command_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    ailing_gateway(tmp_path / "root")
    async with dashboard_of(tmp_path / "root") as tester:
        await tester.press("x")
        await tester.wait_for("openclaw is not on the PATH here")
        assert "Run it" not in tester.text
        await tester.press("right", "enter")
        await tester.wait_for("the command sent to the terminal")


async def test_read_only_stops_all_of_it(tmp_path: Path, calls: Path) -> None:
    store = ailing_gateway(tmp_path / "root")
    before = without_read_marks(tmp_path / "root")
    async with dashboard_of(tmp_path / "root", read_only=True) as tester:
        for key in ("plus", "minus", "x", "M"):
            await tester.press(key)
            assert len(tester.app.screen_stack) == 1
        await tester.wait_for("Read-only: nothing is changed.")
    assert not calls.exists() and without_read_marks(tmp_path / "root") == before
    store.close()
