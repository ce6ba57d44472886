"""The log in a real terminal, while another process writes it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway
from tests.e2e.terminal import Terminal
from tests.e2e.touched import touched_cells
from tests.gateway_root import iso, run_entry

NOW = datetime.now(UTC)
LOG = f"logs/smart-sync-fork/sync-main-{NOW:%Y-%m-%d-%H-%M-%S}.jsonl"
PULL = "https://github.com/user/repo/pull/7"


@pytest.fixture
def failed(remote: RemoteGateway) -> RemoteGateway:
    """Write a run that failed in the middle of a long log, and continued with the clean-up."""
    run = {"timestamp": iso(NOW), "status": "failed", "duration": 1000, "summary": "Failed"}
    remote.dispatcher()
    remote.automation("sync-main", name="Sync Main", lastRun=run, runHistory=[run])
    entries = [run_entry("sync-main", f"Step {number}", NOW) for number in range(400)]
    entries[200] = run_entry("sync-main", "Push rejected", NOW, level="error", error="GH001: file.bin is 120 MB")
    remote.append_log(LOG, *entries)
    return remote


def shown(gateway: RemoteGateway, cols: int = 120, rows: int = 40) -> Terminal:
    """Return the dashboard once its log has been read."""
    terminal = dashboard(gateway, cols=cols, rows=rows)
    terminal.wait_for("Sync Main")
    return terminal


@pytest.mark.parametrize(("cols", "rows"), [(120, 40), (80, 24)])
def test_from_a_red_mark_to_the_line_that_explains_it_in_two_keys(failed: RemoteGateway, cols: int, rows: int) -> None:
    with shown(failed, cols, rows) as terminal:
        terminal.wait_for("✗ failed")
        terminal.settle()
        terminal.press("L", "enter")
        terminal.wait_for('"error": "GH001: file.bin is 120 MB"')


def test_a_search_counts_on_while_the_log_is_appended_to(failed: RemoteGateway) -> None:
    with shown(failed) as terminal:
        terminal.wait_for("Push rejected")
        terminal.press("3", "G")
        terminal.wait_for("▌3 Log")
        terminal.wait_for("Step 399")
        terminal.press("/", *"rejected", "enter")
        terminal.wait_for("/rejected 1 of 1")
        terminal.wait_for("Push rejected")
        for number in range(5):
            failed.append_log(LOG, run_entry("sync-main", f"Push rejected again {number}", NOW, level="error"))
        terminal.wait_for("/rejected 1 of 6")
        terminal.wait_for("5 new")
        terminal.press("n")
        terminal.wait_for("/rejected 2 of 6")
        terminal.wait_for("Push rejected again 0")


def test_an_appended_line_sends_that_line_alone(failed: RemoteGateway) -> None:
    failed.write(LOG, "")
    failed.append_log(LOG, run_entry("sync-main", "First", NOW))
    with shown(failed) as terminal:
        terminal.wait_for("First")
        terminal.press("3")
        terminal.wait_for("▌3 Log")
        mark = terminal.settle(0.9)
        failed.append_log(LOG, run_entry("sync-main", "Zweite", NOW))
        terminal.wait_for("Zweite")
        terminal.settle()
        (top, left), (row, _) = terminal.locate("3 Log"), terminal.locate("Zweite")
        bottom = terminal.locate("4 Locks")[0]
        touched = touched_cells(terminal.since(mark), 120, 40)
        assert {cell[0] for cell in touched if top <= cell[0] < bottom and cell[1] >= left} == {row}


def test_only_safe_addresses_are_links(failed: RemoteGateway) -> None:
    evil = "see https://good.org/\x1b]8;;https://evil.org\x07here\x1b]8;;\x07"
    failed.append_log(LOG, run_entry("sync-main", evil, NOW), run_entry("sync-main", "Done", NOW, prUrl=PULL))
    with shown(failed, 200, 50) as terminal:
        terminal.wait_for("Push rejected")
        terminal.press("3", "G")
        terminal.wait_for(PULL)
        sent = terminal.since(0)
        assert f";{PULL}\x1b\\".encode() in sent
        assert b"\x1b]8;;https://evil.org\x07" not in sent


def test_the_visible_lines_are_right_after_a_rotation_and_a_truncation(failed: RemoteGateway) -> None:
    log = failed.automations / LOG
    with shown(failed) as terminal:
        terminal.wait_for("Push rejected")
        terminal.press("3", "G")
        terminal.wait_for("Step 399")
        log.rename(log.with_suffix(".old"))
        failed.append_log(LOG, run_entry("sync-main", "After the rotation", NOW))
        terminal.wait_for("After the rotation")
        terminal.wait_for("the log starts again here")
        os.truncate(log, 0)
        failed.append_log(LOG, run_entry("sync-main", "After the truncation", NOW))
        terminal.wait_for("After the truncation")
        terminal.wait_for(lambda rows: not any("After the rotation" in row[60:] for row in rows))
