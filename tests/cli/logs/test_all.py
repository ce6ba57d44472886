"""``clawtui logs --all``: every log by time, with repeated lines folded."""

from __future__ import annotations

import itertools
import json
import os
from datetime import timedelta
from pathlib import Path

from clawtui.model.search.log_query import LogQuery
from clawtui.operations.logs.all_logs import read_all_logs
from clawtui.storage.paths import StatePaths
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry


def log_of(gateway: GatewayRoot, id: str, minutes: int, *entries: dict[str, object]) -> None:
    start = NOON - timedelta(minutes=minutes)
    path = gateway.append_log(f"logs/smart-sync-fork/{id}-{start:%Y-%m-%d-%H-%M-%S}.jsonl", *entries)
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))


def at(minutes: float) -> str:
    return iso(NOON - timedelta(minutes=minutes))


def entry(id: str, message: str, minutes: float, **fields: object) -> dict[str, object]:
    return run_entry(id, message, NOON - timedelta(minutes=minutes), **fields)


def fill(gateway: GatewayRoot) -> None:
    log_of(gateway, "a", 30, entry("a", "one", 30), *[entry("a", "again", 20 - n / 100) for n in range(38)])
    log_of(gateway, "b", 25, entry("b", "conflict", 25, level="error"), entry("b", "end", 5))
    dispatched = [{"timestamp": at(n), "level": "info", "event": "dispatch-started"} for n in (31, 15)]
    path = gateway.append_log("logs/dispatcher/2025-01-26.jsonl", *dispatched)
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))


def test_all_logs_are_one_by_time_and_repeated_lines_are_one(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    entries = call("logs", "--all", "--json").json
    assert [(each["source"], each["times"]) for each in entries] == [
        ("dispatcher", 1),
        ("a", 1),
        ("b", 1),
        ("a", 38),
        ("dispatcher", 1),
        ("b", 1),
    ]
    assert entries[3]["entry"] == entry("a", "again", 20)
    assert entries[3]["until"] == at(20 - 0.37)
    assert entries[3]["log"].startswith("logs/smart-sync-fork/a-")
    lines = call("logs", "--all").lines
    assert len(lines) == 6
    assert lines[3].endswith(" a  again  ×38")
    assert lines[4].endswith(" dispatcher  dispatch-started")


def test_conditions_hold_over_all_logs(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    assert [each["source"] for each in call("logs", "--all", "--grep", "conflict", "--json").json] == ["b"]
    assert [each["source"] for each in call("logs", "--all", "--since", "16m", "--json").json] == ["dispatcher", "b"]
    assert [each["times"] for each in call("logs", "--all", "--limit", "3", "--json").json] == [38, 1, 1]
    assert [each["source"] for each in call("logs", "--all", "--level", "error", "--json").json] == ["b"]
    assert [each["times"] for each in call("logs", "--all", "--phase", "git", "--json").json] == [1, 1, 38, 1]


def test_without_a_time_it_is_the_last_day(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    later = Caller(gateway, NOON + timedelta(days=2))
    assert later("logs", "--all", "--json").json == []
    assert len(later("logs", "--all", "--since", "3d", "--json").json) == 6


def test_incompatible_options_are_refused(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    assert call("logs", "a", "--all").status == 2
    assert call("logs", "--all", "--follow").status == 2


def test_a_line_that_is_no_entry_stays_where_it_is(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    log_of(gateway, "c", 22, entry("c", "before", 22), {"x": "\x1b[2J"}, entry("c", "after", 21))
    entries = [each for each in call("logs", "--all", "--json").json if each["source"] == "c"]
    assert [json.dumps(each["entry"])[:6] for each in entries] == [
        json.dumps(entry("c", "x", 0))[:6],
        '{"x": ',
        '{"time',
    ]
    assert "\x1b" not in call("logs", "--all").out


def test_logs_that_cannot_be_read_do_not_hide_the_others(call: Caller, unprivileged: GatewayRoot) -> None:
    fill(unprivileged)
    dispatcher, one = (unprivileged.automations / path for path in ("logs/dispatcher", "logs/smart-sync-fork"))
    dispatcher.chmod(0)
    next(one.glob("a-*")).chmod(0)
    try:
        answer = call("--root", str(unprivileged.root), "logs", "--all", "--json")
        assert [each["source"] for each in answer.json] == ["b", "b"]
        assert answer.status == 1
        assert answer.err.endswith("clawtui: logs/dispatcher: permission denied\n")
    finally:
        dispatcher.chmod(0o700)


def test_logs_that_end_before_others_begin_are_not_open_at_once(gateway: GatewayRoot) -> None:
    for n in range(300):
        log_of(gateway, f"run-{n}", 2000 - n, entry(f"run-{n}", "x", 2000 - n), entry(f"run-{n}", "y", 1999.5 - n))
    lines = read_all_logs(StatePaths(gateway.root), LogQuery(), NOON - timedelta(days=2), [])
    list(itertools.islice(lines, 100))
    open_logs = [file for file in Path("/proc/self/fd").iterdir() if _leads_to(file).startswith(str(gateway.root))]
    assert len(open_logs) <= 3
    times = [line.at for line in lines]
    assert times == sorted(times)
    assert len(times) == 500


def _leads_to(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:
        return ""
