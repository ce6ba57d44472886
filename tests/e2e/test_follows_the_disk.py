"""Whatever another process changes on disk appears on the screen, by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from clawtui.model.paths import run_log_name
from tests.e2e.dashboard import dashboard
from tests.e2e.remote_gateway import RemoteGateway
from tests.e2e.terminal import Terminal
from tests.gateway_root import iso, run_entry

BEGAN = datetime.now(UTC)
"""When the run began; its log has its name from this."""
LOG = f"logs/smart-sync-fork/{run_log_name('sync-main', BEGAN)}"


def now() -> datetime:
    """Return the time of the call: the dashboard under test reads the real clock, and a suite may have run for long."""
    return datetime.now(UTC)


def just_now() -> dict[str, object]:
    return {"startTime": iso(BEGAN), "lastUpdate": iso(now())}


@pytest.fixture
def going(remote: RemoteGateway) -> RemoteGateway:
    """Write one automation in the middle of a run, and one that waits."""
    remote.dispatcher()
    remote.automation("sync-main", name="Sync Main")
    remote.automation("sync-tools", name="Sync Tools", nextRun=iso(now() + timedelta(hours=5, minutes=30)))
    remote.state("sync-main", percentage=10, milestone="Cloning fork repository", **just_now())
    remote.progress("sync-main", ("Initializing workspace", 5), start=now())
    remote.append_log(LOG, run_entry("sync-main", "Starting Smart-Sync Fork"))
    remote.slots({"automationId": "sync-main", "sessionId": "s", "acquiredAt": iso(now()), "slotNumber": 1})
    return remote


def shown(gateway: RemoteGateway) -> Terminal:
    """Return the dashboard once everything of ``going`` is shown."""
    terminal = dashboard(gateway)
    terminal.wait_for("Cloning fork repository")
    terminal.wait_for("Starting Smart-Sync Fork")
    terminal.wait_for("watching")
    return terminal


def test_progress_config_lock_and_log_appear_as_they_change(going: RemoteGateway) -> None:
    with shown(going) as terminal:
        going.state("sync-main", percentage=65, milestone="Resolving conflicts", **just_now())
        terminal.wait_for(" 65% Resolving conflicts")
        going.progress("sync-main", ("Initializing workspace", 5), ("Detecting merge conflicts", 25), start=now())
        terminal.wait_for("Detecting merge conflicts")
        going.automation("sync-tools", name="Sync Better Tools")
        terminal.wait_for("Sync Better Tools")
        going.lock("github.com/user/main", "sync-main", acquiredAt=iso(now()))
        terminal.wait_for(lambda rows: any("github.com/user/main" in row and "▸ live" in row for row in rows))
        going.lock("github.com/user/deep", "sync-tools", "locks/github.com/user/deep.lock", acquiredAt=iso(now()))
        terminal.wait_for("github.com/user/deep")
        going.append_log(LOG, run_entry("sync-main", "Conflict detected", phase="conflict", file="src/a.ts"))
        terminal.wait_for("conflict   Conflict detected  file=src/a.ts")
        going.remove("locks/github.com-user-main.lock")
        terminal.wait_for(lambda rows: not any("github.com/user/main" in row for row in rows))
        going.slots()
        terminal.wait_for("slots 0/3 □□□")


def test_a_new_type_a_new_workspace_and_a_new_run_are_picked_up(going: RemoteGateway) -> None:
    with shown(going) as terminal:
        going.automation("report-weekly", "dependency-report", name="Weekly report")
        terminal.wait_for("Weekly report")
        going.state("report-weekly", percentage=42, milestone="Reading lock files", **just_now())
        terminal.wait_for(" 42% Reading lock files")
        going.append_log(
            f"logs/dependency-report/report-weekly-{BEGAN:%Y%m%d-%H%M%S}.jsonl",
            run_entry("report-weekly", "Two are outdated"),
        )
        terminal.press("/")
        terminal.press(*"weekly")
        terminal.wait_for("Two are outdated")


def test_a_root_that_is_deleted_and_made_again_is_shown_again(going: RemoteGateway) -> None:
    with shown(going) as terminal:
        going.remove(".")
        terminal.wait_for("There is no state directory")
        terminal.wait_for("waiting")
        going.automation("sync-again", name="Sync Again")
        terminal.wait_for("Sync Again")
        terminal.wait_for("watching")
        going.automation("sync-again", name="Sync Once More")
        terminal.wait_for("Sync Once More")


def test_a_root_that_does_not_exist_yet_is_waited_for(remote: RemoteGateway) -> None:
    with dashboard(remote) as terminal:
        terminal.wait_for("There is no state directory")
        remote.automation("sync-first", name="Sync First")
        terminal.wait_for("Sync First")
        terminal.wait_for(lambda rows: not any("There is no state directory" in row for row in rows))


def test_q_quits_and_restores_the_terminal(going: RemoteGateway) -> None:
    with shown(going) as terminal:
        assert terminal.mode(1049)
        assert terminal.mode(1000)
        assert not terminal.mode(1003)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert not any(terminal.mode(number) for number in (1049, 1000, 1002, 1006, 2004))
        assert terminal.left_behind() == []
