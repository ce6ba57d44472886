"""``clawtui workspace clean`` judges a workspace by the locks and slots of its automation, on real processes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.model.errors import Changed
from clawtui.operations.doctor.interrupted import find_interrupted_removals
from clawtui.operations.runs.workspaces import clean_workspace, report_workspace
from clawtui.storage.paths import StatePaths
from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid, sleeping

ID = "sync-main"
HOUR = timedelta(hours=1)


@pytest.fixture
def call_now(gateway: GatewayRoot) -> Caller:
    """Return a caller like ``call`` at the present time, because processes have real start times."""
    return Caller(gateway, datetime.now(UTC) + timedelta(seconds=1))


def over(gateway: GatewayRoot) -> Path:
    """Write a workspace whose run ended two hours ago; return its path."""
    at = iso(datetime.now(UTC) - 2 * HOUR)
    gateway.state(ID, status="completed", sessionId="cron:old", startTime=at, lastUpdate=at)
    return gateway.write(f"workspaces/{ID}/repo/work", "work").parents[1]


def test_a_workspace_with_a_live_lock_is_kept_and_the_verdict_is_shown(call_now: Caller, gateway: GatewayRoot) -> None:
    workspace = over(gateway)
    with sleeping() as pid:
        gateway.lock("github.com/user/repo", ID, sessionId="cron:new", acquiredAt=iso(datetime.now(UTC)), pid=pid)
        answer = call_now("workspace", "clean", ID, "--yes")
    assert answer.status == 3
    assert "locks/github.com-user-repo.lock is held for it by session cron:new, which is live: pid" in answer.err
    assert answer.err.endswith("To remove it all the same, add --force live\n")
    assert workspace.exists()


def test_a_lock_whose_holder_cannot_be_alive_is_no_obstacle(call_now: Caller, gateway: GatewayRoot) -> None:
    workspace = over(gateway)
    at = iso(datetime.now(UTC) - HOUR)
    gateway.lock("github.com/user/repo", ID, sessionId="cron:dead", acquiredAt=at, pid=ended_pid())
    assert call_now("workspace", "clean", ID, "--yes").status == 0
    assert not workspace.exists()


def test_a_slot_keeps_it_until_its_session_is_known_to_be_over(call_now: Caller, gateway: GatewayRoot) -> None:
    workspace = over(gateway)
    slot = {"automationId": ID, "sessionId": "cron:new", "acquiredAt": iso(datetime.now(UTC)), "slotNumber": 2}
    gateway.slots(slot)
    answer = call_now("workspace", "clean", ID, "--yes")
    assert answer.status == 3 and "slot 2 is held for it by session cron:new" in answer.err
    gateway.slots(slot | {"sessionId": "cron:old", "acquiredAt": iso(datetime.now(UTC) - 3 * HOUR)})
    assert call_now("workspace", "clean", ID, "--yes").status == 0
    assert not workspace.exists()


def test_slots_that_cannot_be_read_keep_it(call_now: Caller, gateway: GatewayRoot) -> None:
    over(gateway)
    gateway.write("config/concurrency-state.json", "{")
    answer = call_now("workspace", "clean", ID, "--yes")
    assert answer.status == 3 and "who holds a slot is not known" in answer.err


def test_a_workspace_that_was_written_to_since_it_was_shown_is_kept_with_status_4(gateway: GatewayRoot) -> None:
    workspace = over(gateway)
    paths = StatePaths(gateway.root)
    shown = report_workspace(paths, ID, measured=False).workspace
    gateway.state(ID, status="completed", sessionId="cron:new")
    with pytest.raises(Changed, match="has written to it"):
        clean_workspace(paths, shown, lambda: datetime.now(UTC), ["live", "preserved", "unpushed"])
    assert workspace.exists()


def test_a_removal_in_progress_is_not_reported_as_interrupted(gateway: GatewayRoot) -> None:
    paths = StatePaths(gateway.root)
    with sleeping() as pid:
        gateway.write(f"workspaces/.clawtui-removing.{pid}.0123abcd/{ID}/repo/work", "work")
        assert find_interrupted_removals(paths, datetime.now(UTC)) == ()
    (left,) = find_interrupted_removals(paths, datetime.now(UTC))
    assert f"removing the workspace of {ID} was cut short" in left.text
    assert left.fix == f"clawtui --root {gateway.root} doctor --fix"


def test_doctor_mends_the_remains_of_a_killed_removal(call_now: Caller, gateway: GatewayRoot) -> None:
    gateway.automations.chmod(0o700)
    pid = ended_pid()
    moved = over(gateway)
    aside = gateway.automations / f"workspaces/.clawtui-aside.{pid}.0123abcd"
    aside.mkdir(mode=0o700)
    moved.rename(aside / ID)
    gateway.write(f"workspaces/.clawtui-removing.{pid}.4567abcd/sync-gone/repo/work", "work")
    (gateway.automations / f"workspaces/.clawtui-removing.{pid}.4567abcd").chmod(0o700)
    found = [row for row in call_now("doctor", "--json").json["findings"] if row["code"] == "workspace-cut-short"]
    assert len(found) == 2 and all(row["fix"].endswith("doctor --fix") for row in found)
    call_now("doctor", "--fix")
    assert (moved / "repo/work").read_text() == "work"
    assert {path.name for path in moved.parent.iterdir()} == {ID}
