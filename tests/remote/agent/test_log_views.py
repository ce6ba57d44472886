"""The logs that a dashboard on another host has opened."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.model.fleet import Fleet
from clawtui.remote.agent.log_views import LogViews
from clawtui.remote.messages.logs import CloseLog, LogAnswers, LogPage, LogState, OpenAllLogs, WantPage
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, run_entry
from tests.waiting import wait_until


def is_reading() -> bool:
    return any(thread.name == "agent-all-logs" for thread in threading.enumerate())


def views_of(root: Path, sent: list[LogAnswers]) -> LogViews:
    return LogViews(StatePaths(root), sent.append, lambda path: False, lambda: Fleet(""))


def test_merged_logs_are_read_until_they_are_closed_and_answers_wait_for_the_first_reading(
    gateway: GatewayRoot,
) -> None:
    gateway.append_log("logs/smart-sync-fork/a-2025-01-26-11-00-00.jsonl", run_entry("a", "one"))
    sent: list[LogAnswers] = []
    views = views_of(gateway.root, sent)
    views.answer(OpenAllLogs(id=1, since=NOON - timedelta(days=1)))
    views.answer(WantPage(id=1, ask=1, offset=0, before=10, after=10))
    assert is_reading()
    wait_until(lambda: len(sent) >= 2)
    state, page = sent[:2]
    assert isinstance(state, LogState)
    assert isinstance(page, LogPage)
    assert state.end > 0
    assert (page.ask, len(page.lines)) == (1, 1)
    views.answer(CloseLog(id=1))
    wait_until(lambda: not is_reading())


def test_where_the_merged_logs_have_no_place_the_reason_is_sent(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    sent: list[LogAnswers] = []
    views_of(gateway.root, sent).answer(OpenAllLogs(id=1, since=NOON))
    (state,) = sent
    assert isinstance(state, LogState)
    assert "missing" in (state.problem or "")
    assert not is_reading()
