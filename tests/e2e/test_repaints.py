"""The bytes that one change sends to the terminal."""

from __future__ import annotations

from datetime import UTC, datetime

from clawtui.tui.terminal.glyphs import CURSOR
from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway
from tests.e2e.touched import touched_cells
from tests.gateway_root import GatewayRoot, iso

LATER = datetime(2999, 1, 1, tzinfo=UTC)
"""So far ahead that no countdown changes while the test looks."""


def test_one_progress_update_among_1000_automations_sends_only_the_cells_that_changed(remote: RemoteGateway) -> None:
    local = GatewayRoot(remote.root)
    for number in range(1000):
        local.automation(f"sync-{number:04}", nextRun=iso(LATER))
    update = {"startTime": iso(LATER), "lastUpdate": iso(LATER)}
    remote.state("sync-0500", percentage=63, milestone="Resolving conflicts", **update)
    with dashboard(remote) as terminal:
        terminal.wait_for(" 63% Resolving conflicts")
        terminal.wait_for("1000")
        terminal.settle()
        # The first update after a full repaint carries stretches along that the full one has already sent.
        remote.state("sync-0500", percentage=64, milestone="Resolving conflicts", **update)
        terminal.wait_for(" 64% Resolving conflicts")
        mark = terminal.settle()
        before = terminal.screen()
        remote.state("sync-0500", percentage=65, milestone="Resolving conflicts", **update)
        after = terminal.wait_for(" 65% Resolving conflicts")
        terminal.settle()
        cells = touched_cells(terminal.since(mark), 120, 40)
        changed = {
            (row, column)
            for row, (old, new) in enumerate(zip(before, after, strict=True))
            for column, (one, other) in enumerate(zip(old, new, strict=True))
            if one != other
        }
        assert changed
        assert changed <= cells.keys()
        assert len(cells) <= len(changed) + 12, "a few cells between two changes may be sent along"
        assert len(terminal.since(mark)) <= 2000


def test_the_timeline_paints_the_row_of_its_cursor_once_when_it_gets_the_focus(remote: RemoteGateway) -> None:
    local = GatewayRoot(remote.root)
    local.automation("sync-main", nextRun=iso(LATER))
    local.state("sync-main", startTime=iso(LATER), lastUpdate=iso(LATER))
    local.progress("sync-main", ("Cloning it", 10), ("Merging it", 50), start=LATER)
    with dashboard(remote) as terminal:
        terminal.wait_for("Merging it")
        mark = terminal.settle(0.5)
        terminal.press("2")
        terminal.wait_for(lambda rows: any(row.startswith(CURSOR) and "Merging it" in row for row in rows))
        terminal.wait_for("q back")
        terminal.settle()
        assert terminal.since(mark).count(b"Merging it") == 1
