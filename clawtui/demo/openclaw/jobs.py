"""The jobs of the simulated stock gateway, and the actions of their runs."""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


class DemoJob(Struct, frozen=True):
    """One job of the demo."""

    id: str
    name: str
    schedule: dict[str, object]
    kind: str = "command"
    every: int | None = None
    """The interval between its runs in the demo, in milliseconds; None for no runs."""
    takes: int = 2 * SECOND
    error: str | None = None
    delivery_error: str | None = None
    summary: str = "done"
    enabled: bool = True
    turns: tuple[str, ...] = ()
    """The commands that its agent calls, in order."""
    past: int = 8
    """The number of runs before the demo began."""
    past_every: int = HOUR
    """The interval between them, in milliseconds, for a job that does not run in the demo."""
    quiet_for: int = 0
    """How much longer ago than `past_every` its last run was, in milliseconds; the job has then missed runs."""
    details: dict[str, object] = field(default_factory=dict)

    def definition(self, created: int) -> dict[str, object]:
        """Return it as the gateway stores it."""
        schedule = dict(self.schedule)
        if schedule["kind"] == "every":
            schedule["anchorMs"] = created
        return {
            "id": self.id,
            "name": self.name,
            "enabled": self.enabled,
            "createdAtMs": created,
            "schedule": schedule,
            "sessionTarget": "isolated",
            "wakeMode": "now",
            "payload": {"kind": self.kind},
            "delivery": {"mode": "announce", "channel": "last"},
        }


def _every(milliseconds: int) -> dict[str, object]:
    return {"kind": "every", "everyMs": milliseconds}


def _cron(expression: str) -> dict[str, object]:
    return {"kind": "cron", "expr": expression, "tz": "UTC", "staggerMs": 0}


JOBS: Final = (
    DemoJob("0d3d7a10-probe", "Queue depth probe", _every(20 * SECOND), every=20 * SECOND, summary="queue depth: 3"),
    DemoJob(
        "1c44be2f-mirror",
        "Nightly mirror check",
        _every(45 * SECOND),
        every=45 * SECOND,
        takes=1 * SECOND,
        error="command exited with code 128",
        summary="stdout:\nfetching mirror\n\nstderr:\nfatal: could not read from remote repository",
    ),
    DemoJob(
        "2b91c6d3-mailbox",
        "Mailbox sweep",
        _every(60 * SECOND),
        kind="agentTurn",
        every=60 * SECOND,
        takes=40 * SECOND,
        summary="Three mails read, none urgent.",
        turns=("himalaya list --unread", "himalaya read 4711", "himalaya read 4712", "himalaya move 4711 archive"),
    ),
    DemoJob(
        "3fe0aa71-brief",
        "Morning brief",
        _every(DAY),
        kind="agentTurn",
        delivery_error="Telegram: 403 Forbidden: bot was kicked from the group",
        summary="Two meetings, one deadline, rain from noon.",
        past_every=DAY,
    ),
    DemoJob(
        "47aa03ce-backup",
        "Backup rotation",
        _cron("5 * * * *"),
        takes=30 * SECOND,
        summary="rotated 7 snapshots",
        quiet_for=6 * HOUR,
    ),
    DemoJob("5c7d88b0-index", "Slow index rebuild", _every(3 * HOUR), takes=80 * SECOND, past_every=3 * HOUR),
    DemoJob("6e19d4f5-certs", "Certificate watch", _every(4 * HOUR), past_every=4 * HOUR, summary="61 days left"),
    DemoJob("70b2f9aa-weekly", "Weekly report", _cron("0 9 * * 1"), kind="agentTurn", enabled=False, past=0),
)

ORPHANED: Final = "5c7d88b0-index"
"""The job whose run was in progress when the previous gateway was killed."""
