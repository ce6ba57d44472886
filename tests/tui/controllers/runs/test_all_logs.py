"""All logs as one log pane: `A`."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from clawtui.operations.logs.collected_logs import CollectedLogs
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon


def log_of(gateway: GatewayRoot, id: str, minutes: int, *texts: str, level: str = "info") -> str:
    start = NOON - timedelta(minutes=minutes)
    path = f"logs/smart-sync-fork/{id}-{start:%Y-%m-%d-%H-%M-%S}.jsonl"
    append(gateway, path, id, *texts, minutes=minutes, level=level)
    return path


def append(gateway: GatewayRoot, path: str, id: str, *texts: str, minutes: int, level: str = "info") -> None:
    start = NOON - timedelta(minutes=minutes)
    entries = [run_entry(id, text, start + timedelta(seconds=n), level=level) for n, text in enumerate(texts)]
    file = gateway.append_log(path, *entries)
    os.utime(file, (NOON.timestamp(), NOON.timestamp()))


def shown(tester: DashboardTester, *texts: str) -> list[str]:
    return [text for row in tester.rows for text in texts if text in row]


async def test_all_logs_are_searched_filtered_and_followed_as_one_with_repeated_lines_folded(
    gateway: GatewayRoot,
) -> None:
    gateway.automation("alpha")
    gateway.automation("bravo")
    log_of(gateway, "bravo", 20, "second\x1b[2J", "second\x1b[2J", "second\x1b[2J")
    alpha = log_of(gateway, "alpha", 30, "first", "and a needle")
    append(gateway, alpha, "alpha", "it broke", minutes=15, level="error")
    dispatched = {"timestamp": iso(NOON - timedelta(minutes=25)), "level": "info", "event": "dispatch-started"}
    gateway.append_log(f"logs/dispatcher/{NOON:%Y-%m-%d}.jsonl", dispatched)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Alpha")
        await tester.press("A")
        await tester.wait_for("1 error")
        await tester.wait_for("×3")
        order = ("first", "dispatch-started", "second", "it broke")
        assert shown(tester, *order) == list(order)
        assert [row for row in tester.rows if "bravo" in row and "second" in row and "×3" in row]
        await tester.press("slash", *"needle", "enter")
        await tester.wait_for("1 of 1")
        await tester.press("ampersand")
        await tester.wait_for(lambda: not shown(tester, *order))
        await tester.press("escape")
        await tester.wait_for("it broke")
        await tester.press("s", "s", "s")
        await tester.wait_for(lambda: shown(tester, *order) == ["it broke"])
        await tester.press("s", "G")
        append(gateway, alpha, "alpha", "and went on", minutes=10)
        await tester.wait_for("and went on")
        await tester.wait_for("following")


async def test_the_cursor_stays_on_its_line_when_older_lines_are_left_out(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CollectedLogs.__init__, "__defaults__", (30_000,))
    gateway.automation("alpha")
    alpha = log_of(gateway, "alpha", 30, *(f"early {number}" for number in range(200)))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Alpha")
        await tester.press("A")
        await tester.wait_for("early 199")
        await tester.press("k", "k", "k")
        await tester.wait_for("197/200")
        rows = shown(tester, *(f"early {number}" for number in range(190, 200)))
        append(gateway, alpha, "alpha", *(f"later {number}" for number in range(100)), minutes=10)
        await tester.wait_for(lambda: "197/200" not in tester.text)
        await tester.wait_for("paused")
        assert shown(tester, *(f"early {number}" for number in range(190, 200))) == rows
        assert [row for row in tester.rows if "›" in row and "early 196" in row]


async def test_enter_opens_the_run_that_wrote_the_line(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.automation("bravo")
    log_of(gateway, "bravo", 50, "an earlier run")
    log_of(gateway, "bravo", 20, "the newest run")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Bravo")
        await tester.press("A")
        await tester.wait_for("an earlier run")
        await tester.press("g")
        await tester.wait_for("paused")
        await tester.press("d")
        await tester.wait_for('"automationId": "bravo"')
        await tester.press("escape", "enter")
        await tester.wait_for("1 Automations")
        chosen = tester.app.dashboard.view
        await tester.wait_for(lambda: chosen.chosen is not None and chosen.chosen.id == "bravo")
        await tester.wait_for("PAST RUN, 1 back")
        assert tester.app.dashboard.panes.current is chosen.log_pane


async def test_without_lines_it_says_so_until_there_is_one(gateway: GatewayRoot) -> None:
    why = "No log has a line of the last day yet."
    async with dashboard_at_noon(gateway, (80, 24)) as tester:
        await tester.press("A")
        await tester.wait_for(why)
        log_of(gateway, "alpha", 5, "It began")
        await tester.wait_for("It began")
        assert why not in tester.text


async def test_a_directory_that_cannot_be_read_does_not_hide_the_other_logs(unprivileged: GatewayRoot) -> None:
    unprivileged.automation("alpha")
    log = unprivileged.append_log(
        "logs/smart-sync-fork/alpha-2025-01-26-11-00-00.jsonl", run_entry("alpha", "It began")
    )
    os.utime(log, (NOON.timestamp(), NOON.timestamp()))
    dispatcher = unprivileged.append_log("logs/dispatcher/2025-01-26.jsonl", {}).parent
    dispatcher.chmod(0)
    try:
        async with dashboard_at_noon(unprivileged) as tester:
            await tester.press("A")
            await tester.wait_for("It began")
            assert "logs/dispatcher: permission denied" in tester.text
    finally:
        dispatcher.chmod(0o700)


async def test_where_no_log_can_be_read_it_is_not_said_to_be_empty(unprivileged: GatewayRoot) -> None:
    dispatcher = unprivileged.append_log("logs/dispatcher/2025-01-26.jsonl", {}).parent
    dispatcher.chmod(0)
    try:
        async with dashboard_at_noon(unprivileged) as tester:
            await tester.press("A")
            await tester.wait_for("logs/dispatcher: permission denied")
            assert "No log has a line" not in tester.text
    finally:
        dispatcher.chmod(0o700)
