"""Which sessions wrote to a log, and when last."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from clawtui.storage.stores.log_sessions import NO_SESSIONS, LogSessions, _last_version, read_log_sessions
from tests.gateway_root import NOON, GatewayRoot, run_entry

LOG = "logs/smart-sync-fork/sync-main-2025-01-26-12-00-00.jsonl"
MINUTE = timedelta(minutes=1)


def read(gateway: GatewayRoot) -> LogSessions:
    return read_log_sessions(gateway.automations, LOG)


def entry(session: str | None, minutes: int, id: str = "sync-main") -> dict[str, object]:
    named = {} if session is None else {"sessionId": session}
    return run_entry(id, "at work", NOON + minutes * MINUTE, **named)


def test_each_session_has_its_latest_time_in_any_order_of_lines(gateway: GatewayRoot) -> None:
    gateway.append_log(LOG, entry("a", 1), entry(None, 9), entry("b", 2), entry(None, 3), entry("a", 5, "other"))
    assert read(gateway) == LogSessions(
        "a",
        {
            ("sync-main", "a"): NOON + MINUTE,
            ("sync-main", None): NOON + 9 * MINUTE,
            ("sync-main", "b"): NOON + 2 * MINUTE,
            ("other", "a"): NOON + 5 * MINUTE,
        },
    )


def test_of_a_long_log_only_the_two_ends_are_read(gateway: GatewayRoot) -> None:
    gateway.append_log(LOG, entry("first", 0), *(entry("middle", 1) for _ in range(2000)), *([entry("last", 2)] * 1000))
    sessions = read(gateway)
    assert sessions.opened_by == "first"
    assert sessions.last == {("sync-main", "last"): NOON + 2 * MINUTE}


def test_a_log_is_read_again_only_if_it_has_changed_and_one_version_of_it_is_kept(gateway: GatewayRoot) -> None:
    gateway.append_log(LOG, entry("a", 0))
    assert read(gateway) is read(gateway)
    kept = _last_version.cache_info().currsize
    for minutes in range(1, 20):
        gateway.append_log(LOG, entry("a", minutes))
        assert read(gateway).last == {("sync-main", "a"): NOON + minutes * MINUTE}
    assert _last_version.cache_info().currsize == kept


def test_appended_lines_are_read_and_incomplete_ones_ignored(gateway: GatewayRoot) -> None:
    path = gateway.append_log(LOG, entry("a", 1))
    assert read(gateway).last == {("sync-main", "a"): NOON + MINUTE}
    with path.open("a") as log:
        log.write('{"timestamp":"2025-01-26T12:05:00Z","automationId":"sync-main","sess')
    assert read(gateway).last == {("sync-main", "a"): NOON + MINUTE}
    with path.open("a") as log:
        log.write('ionId":"a"}')
    assert read(gateway).last == {("sync-main", "a"): NOON + 5 * MINUTE}
    with path.open("a") as log:
        log.write("\n\0\0\0" + json.dumps(entry("a", 7)))
    assert read(gateway).last == {("sync-main", "a"): NOON + 7 * MINUTE}


@pytest.mark.parametrize("line", ["{}", "[]", "no JSON", '{"timestamp":5,"automationId":"x"}', '"\\ud800"', ""])
def test_lines_that_tell_nothing_leave_the_time_of_the_file(gateway: GatewayRoot, line: str) -> None:
    path = gateway.write(LOG, f"{line}\n")
    at = (NOON + MINUTE).timestamp()
    os.utime(path, (at, at))
    assert read(gateway) == LogSessions(None, {}, datetime.fromtimestamp(at, UTC))


def test_a_log_that_is_not_there_or_cannot_be_read_has_no_sessions(gateway: GatewayRoot) -> None:
    assert read(gateway) == NO_SESSIONS
    (gateway.automations / LOG).mkdir(parents=True)
    assert read(gateway) == NO_SESSIONS
    (gateway.automations / LOG).rmdir()
    gateway.write(LOG, b"")
    assert read(gateway) == NO_SESSIONS
