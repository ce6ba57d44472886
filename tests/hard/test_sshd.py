"""Over a real ``sshd`` on the loopback address: a connection that is cut ends the dashboard, and leaves nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import psutil
import pytest

from tests.gateway_root import GatewayRoot
from tests.hard.sshd import Server, needs_sshd, run_server
from tests.hard.terminals import WITHIN, assert_left_as_it_was
from tests.waiting import has_ended, wait_until

pytestmark = needs_sshd


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from run_server(tmp_path_factory.mktemp("sshd"))


def test_a_connection_that_is_cut_ends_the_dashboard_and_leaves_no_process(server: Server, some: GatewayRoot) -> None:
    with server.connect(some.root) as terminal:
        terminal.wait_for("Sync Main")
        (dashboard,) = server.dashboards()
        session = os.getsid(dashboard.pid)
        began = time.monotonic()
        terminal.signal(signal.SIGKILL)  # the client is gone without a word, and its end of the connection with it
        wait_until(lambda: has_ended(dashboard), WITHIN, "the end")
        print(f"a cut connection ended it after {time.monotonic() - began:.2f} s")
    wait_until(lambda: processes_of(session) == [], WITHIN, "the end of all that it started")
    assert server.dashboards() == []


def test_over_a_connection_it_can_be_used_and_is_left_as_anywhere(server: Server, some: GatewayRoot) -> None:
    with server.connect(some.root) as terminal:
        terminal.wait_for("Sync Main")
        some.automation("sync-main", name="Sync Renamed")
        terminal.wait_for("Sync Renamed")
        terminal.resize(100, 30)
        terminal.wait_for(lambda rows: len(rows) == 30 and rows[0].rstrip().endswith("watching"))
        terminal.press("q")
        assert terminal.wait_exit(WITHIN) == 0
        wait_until(lambda: server.dashboards() == [], WITHIN)
        assert_left_as_it_was(terminal)


def test_a_terminal_that_is_closed_at_the_operator_s_end_ends_it(server: Server, some: GatewayRoot) -> None:
    with server.connect(some.root) as terminal:
        terminal.wait_for("Sync Main")
        terminal.hang_up()
        wait_until(lambda: server.dashboards() == [], WITHIN, "the end")


def processes_of(session: int) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found
