"""Releasing the locks of a test's state directory, with an audit of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.liveness.consent import Consent
from clawtui.operations.doctor.interrupted import find_interrupted
from clawtui.operations.locks.release import Released, Target, release
from clawtui.operations.locks.report import LockReport, report_lock
from clawtui.operations.locks.restore import Restored, restore
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.locks.capture import capture
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit
from tests.gateway_root import GatewayRoot, iso

KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"
ID = "sync-main"
HOUR = timedelta(hours=1)
GONE = 2**31 - 1
"""A pid that no process has."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class ReleaseSetup:
    """The surroundings of an operator: a state directory, an audit, and a clock that can be moved."""

    gateway: GatewayRoot
    own: Path
    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return utc_now() + self.ahead

    @property
    def actor(self) -> Actor:
        return Actor(user="alice", ssh="10.0.0.7", terminal="/dev/pts/3", pid=GONE, hostname="ops")

    @property
    def paths(self) -> StatePaths:
        return StatePaths(self.gateway.root)

    @property
    def audit(self) -> Audit:
        return Audit(self.own)

    @property
    def records(self) -> tuple[AuditRecord, ...]:
        return self.audit.recent()

    @property
    def path(self) -> Path:
        return self.gateway.automations / LOCK

    def dead_lock(self, **changes: object) -> bytes:
        """Write a lock whose holder is gone; return its content."""
        lock: dict[str, object] = {"pid": GONE, "acquiredAt": iso(self.now() - HOUR)}
        return self.gateway.lock(KEY, ID, None, **lock | changes).read_bytes()

    def report(self, key: str = KEY) -> LockReport:
        return report_lock(key, read_fleet(self.paths), self.now())

    def target(self) -> Target:
        captured = capture(self.gateway.automations, LOCK)
        assert captured is not None
        assert captured.fingerprint is not None
        return Target(LOCK, captured.fingerprint)

    def release(self, target: Target | None = None, consent: Consent = Consent.CONFIRMED) -> Released:
        return release(self.paths, target or self.target(), consent, self.actor, self.now, audit=self.audit)

    def restore(self, key: str | None = KEY) -> Restored:
        return restore(self.paths, key, self.actor, self.now, audit=self.audit)

    def interrupted_texts(self) -> list[str]:
        """Return what the operator is shown at the start."""
        return [leftover.text for leftover in find_interrupted(self.paths, self.now(), audit=self.audit)]

    def locks(self) -> dict[str, bytes]:
        """Return all files in ``locks/``, set aside or not, by path."""
        base = self.gateway.automations
        return {
            path.relative_to(base).as_posix(): path.read_bytes()
            for path in (base / "locks").rglob("*")
            if path.is_file() and not path.is_symlink()
        }

    def events(self) -> list[str]:
        """Return the dispatcher's log, line by line."""
        logs = sorted((self.gateway.automations / "logs/dispatcher").glob("*.jsonl"))
        return [line for log in logs for line in log.read_text().splitlines()]
