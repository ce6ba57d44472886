"""The palette's commands that remove old logs and export the automations."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.gateway_root import NOON, GatewayRoot, run_entry
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))
    return tmp_path / "state-home/clawtui"


def log_of(gateway: GatewayRoot, days: int) -> Path:
    at = NOON - timedelta(days=days)
    log = gateway.append_log(f"logs/smart-sync-fork/alpha-{at:%Y-%m-%d-%H-%M-%S}.jsonl", run_entry("alpha", "x", at))
    os.utime(log, (at.timestamp(), at.timestamp()))
    return log


async def chosen_in_palette(tester: DashboardTester, typed: str, command: str) -> None:
    await tester.press("colon", *("space" if letter == " " else letter for letter in typed))
    await tester.wait_for(lambda: command in tester.text and "go to" not in tester.text.lower())
    await tester.press("down", "enter")


def audited(own_state: Path) -> list[tuple[str, str, str]]:
    records = [json.loads(line) for line in (own_state / "audit.jsonl").read_text().splitlines()]
    return [(record["event"], record["outcome"], record["message"]) for record in records]


async def test_old_logs_are_removed_after_a_question_that_names_them(gateway: GatewayRoot, own_state: Path) -> None:
    gateway.automation("alpha")
    old, new = log_of(gateway, 60), log_of(gateway, 2)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Alpha")
        await chosen_in_palette(tester, "remove old logs", "Prune: remove old logs")
        await tester.wait_for("Remove old logs?")
        await tester.wait_for(old.name)
        assert old.exists()
        await tester.press("right", "enter")
        await tester.wait_for("Removed: 1 old log, 0 other files.")
        assert (old.exists(), new.exists()) == (False, True)
    assert audited(own_state) == [("prune", "done", "1 old log, 0 other files; logs older than 30 days")]


@pytest.mark.parametrize("days", [60, 2])
async def test_a_directory_that_cannot_be_read_is_named_and_old_logs_in_others_go(
    unprivileged: GatewayRoot, days: int
) -> None:
    unprivileged.automation("alpha")
    log = log_of(unprivileged, days)
    closed = unprivileged.append_log("logs/other/b-2024-12-01-10-00-00.jsonl", {}).parent
    closed.chmod(0)
    try:
        async with dashboard_at_noon(unprivileged) as tester:
            await tester.wait_for("Alpha")
            await chosen_in_palette(tester, "remove old logs", "Prune: remove old logs")
            await tester.wait_for("logs/other: permission denied")
            if days == 60:
                await tester.wait_for("Remove old logs?")
                await tester.press("right", "enter")
                await tester.wait_for(lambda: not log.exists())
    finally:
        closed.chmod(0o700)


async def test_nothing_is_removed_when_read_only(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    old = log_of(gateway, 60)
    async with dashboard_at_noon(gateway, read_only=True) as tester:
        await tester.wait_for("Alpha")
        await chosen_in_palette(tester, "remove old logs", "Prune: remove old logs")
        await tester.wait_for("Read-only: nothing is removed.")
        assert old.exists()


async def test_the_automations_are_exported_into_a_file_that_only_the_operator_reads(
    gateway: GatewayRoot, own_state: Path
) -> None:
    gateway.automation("alpha")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Alpha")
        await chosen_in_palette(tester, "automations to a file", "Export: all automations")
        await tester.wait_for("Export all automations?")
        await tester.press("right", "right", "enter")
        await tester.wait_for("Exported: 1 automations, to")
    (file,) = (own_state / "exports").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert audited(own_state) == [("export", "done", "1 automation")]
    assert [each["id"] for each in json.loads(file.read_text())["automations"]] == ["alpha"]
