"""State directories in which something does not fit together: each kind of finding once, with real files."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

IN_AILING = frozenset(
    {
        *("slot-orphaned", "slot-quiet", "slot-number-twice", "slots-over-max"),
        *("lock-orphaned", "lock-expired", "lock-invalid", "lock-cut-short"),
        *("run-dead", "workspace-unlocked", "workspace-stale", "workspace-orphaned"),
        *("malformed", "wrong-mode", "leftover-temp", "version-unknown", "field-not-understood", "gateway-refuses"),
        *("overdue", "dispatcher-disabled", "schedule-not-understood", "schedule-never"),
    }
)
"""The codes of ``write_ailing``: all but those that would contradict one of these, and a full disk."""


class Ward:
    """A gateway's root around one instant, without faults until one is added."""

    def __init__(self, gateway: GatewayRoot, now: datetime | None = None) -> None:
        self.gateway = gateway
        self.now = now or datetime.now(UTC)

    def automation(self, id: str, due: timedelta = HOUR, **changes: object) -> Path:
        """Write an automation that is due after this time."""
        return self.gateway.automation(id, "smart-sync-fork", nextRun=iso(self.now + due), **changes)

    def state(self, id: str, status: str, began: timedelta, wrote: timedelta) -> Path:
        """Write a run's ``state.json``, as of ``wrote`` ago."""
        start, last = iso(self.now - began), iso(self.now - wrote)
        path = self.gateway.state(id, status=status, startTime=start, lastUpdate=last)
        written = (self.now - wrote).timestamp()
        os.utime(path, (written, written))
        return path

    def info(self, id: str, status: str, written: timedelta, **changes: object) -> Path:
        """Write a workspace's ``workspace-info.json``, as of ``written`` ago."""
        document: dict[str, object] = {
            "automationId": id,
            "automationType": "smart-sync-fork",
            "sessionId": f"cron:{id}",
            "created": iso(self.now - written),
            "lastUpdated": iso(self.now - written),
            "status": status,
        }
        return self.gateway.write_json(f"workspaces/{id}/workspace-info.json", document | changes)

    def slot(self, number: int, id: str, age: timedelta = MINUTE) -> dict[str, object]:
        """Return a slot for ``GatewayRoot.slots``."""
        taken = iso(self.now - age)
        return {"automationId": id, "sessionId": f"cron:{id}", "acquiredAt": taken, "slotNumber": number}

    def lock(self, repository: str, id: str, age: timedelta = MINUTE, **changes: object) -> Path:
        """Write a lock on one of the user's repositories."""
        return self.gateway.lock(f"github.com/user/{repository}", id, None, acquiredAt=iso(self.now - age), **changes)

    def dispatches(self, apart: timedelta = MINUTE, until: timedelta = MINUTE) -> Path:
        """Write the dispatcher's log: five rounds, the last one ``until`` ago."""
        rounds = [self.now - until - apart * back for back in (4, 3, 2, 1, 0)]
        entries = [{"timestamp": iso(at), "level": "info", "event": "dispatch-started"} for at in rounds]
        return self.gateway.append_log(f"logs/dispatcher/{self.now - until:%Y-%m-%d}.jsonl", *entries)

    def close(self) -> None:
        """Give every file its private mode."""
        for directory, _, files in os.walk(self.gateway.automations):
            Path(directory).chmod(0o700)
            for file in files:
                (Path(directory) / file).chmod(0o600)


def write_healthy(gateway: GatewayRoot) -> Ward:
    """Write two automations, one of them running with its slot and its lock, the other begun at this instant."""
    ward = Ward(gateway)
    gateway.dispatcher()
    for id in ("sync-idle", "sync-busy", "sync-new"):
        ward.automation(id)
    gateway.slots(ward.slot(1, "sync-busy"), ward.slot(2, "sync-new", timedelta(seconds=1)))
    ward.lock("busy", "sync-busy", timedelta(0))
    ward.state("sync-busy", "running", MINUTE, timedelta(seconds=1))
    ward.info("sync-busy", "active", MINUTE)
    ward.state("sync-idle", "completed", 2 * HOUR, HOUR)
    ward.info("sync-idle", "complete", HOUR)
    (gateway.automations / "workspaces/sync-new").mkdir()
    ward.dispatches()
    ward.close()
    return ward


def write_ailing(gateway: GatewayRoot) -> Ward:
    """Write each fault of ``IN_AILING`` once."""
    ward = Ward(gateway)
    gateway.dispatcher(enabled=False)
    ward.dispatches()
    _slots(ward)
    _locks(ward)
    _workspaces(ward)
    ward.automation("sync-overdue", -3 * HOUR)
    ward.automation("sync-cryptic", schedule={"type": "cron", "value": "61 * * * *"})
    ward.automation("sync-leap", schedule={"type": "cron", "value": "0 9 31 2 *"})
    ward.automation("sync-tomorrow", version=7)
    ward.automation("sync-null", lastRun=None)
    gateway.write("config/smart-sync-fork/sync-broken.json", "{ broken")
    ward.close()
    _left_behind(gateway.automations / "config/dispatcher.json.4711.1.tmp", ward.now - 48 * HOUR)
    (gateway.automations / "config/dispatcher.json").chmod(0o644)
    return ward


def _slots(ward: Ward) -> None:
    """Write four slots of three: one of an ended session, and two with one number, one of which is silent."""
    for id in ("sync-ended", "sync-silent", "sync-second", "sync-third"):
        ward.automation(id)
    ward.state("sync-ended", "failed", 2 * HOUR, HOUR)
    ward.gateway.slots(
        ward.slot(1, "sync-ended", 2 * HOUR),
        ward.slot(2, "sync-silent", HOUR),
        ward.slot(2, "sync-second"),
        ward.slot(3, "sync-third"),
        max_slots=3,
    )


def _locks(ward: Ward) -> None:
    ward.automation("sync-dead")
    ward.lock("dead", "sync-dead", pid=ended_pid())
    ward.automation("sync-far")
    ward.lock("far", "sync-far", 9 * HOUR, hostname="gateway-2")
    ward.gateway.write("locks/github.com-user-broken.lock", "{ broken")
    cut = ward.lock("cut", "sync-far", HOUR)
    cut.rename(cut.with_name(f"{cut.name}.{ward.now - HOUR:%Y%m%dT%H%M%SZ}.{ended_pid()}.0123abcd.aside"))


def _workspaces(ward: Ward) -> None:
    ward.automation("sync-stuck")
    ward.state("sync-stuck", "running", 3 * HOUR, 2 * HOUR)
    reached = {"timestamp": iso(ward.now - 2 * HOUR), "milestone": "Cloning", "percentage": "65"}
    progress = {"automationId": "sync-stuck", "timeline": [reached]}
    ward.gateway.write_json("workspaces/sync-stuck/progress.json", progress)
    ward.automation("sync-bare")
    ward.state("sync-bare", "running", HOUR, timedelta(seconds=5))
    ward.automation("sync-stale")
    ward.state("sync-stale", "completed", 3 * HOUR, 2 * HOUR)
    ward.info("sync-stale", "active", 2 * HOUR)
    ward.state("sync-gone", "completed", 3 * HOUR, 2 * HOUR)
    repository = {
        "forkUrl": "git@github.com:user/gone.git",
        "upstreamUrl": "git@github.com:o/gone.git",
        "branch": "main",
    }
    ward.info("sync-gone", "complete", 2 * HOUR, repository=repository)


def _left_behind(path: Path, at: datetime) -> None:
    path.write_text("{")
    path.chmod(0o600)
    os.utime(path, (at.timestamp(), at.timestamp()))
