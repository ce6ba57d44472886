"""A state directory as the gateway writes it, made without the code under test."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import json5

NOON = datetime(2025, 1, 26, 12, 0, tzinfo=UTC)
"""The instant that tests stand at unless they say otherwise."""

_serial = itertools.count()


def iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"


class GatewayRoot:
    """A state directory, written with temp file and rename as the gateway does."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.automations = root / "automations"

    def write(self, relative: str, content: str | bytes) -> Path:
        """Replace one file below ``automations/`` atomically."""
        path = self.automations / relative
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temp = path.with_name(f"{path.name}.{os.getpid()}.{next(_serial)}.tmp")
        temp.write_bytes(content.encode() if isinstance(content, str) else content)
        temp.chmod(0o600)
        temp.replace(path)
        return path

    def write_json(self, relative: str, value: object) -> Path:
        return self.write(relative, json.dumps(value, indent=2))

    def dispatcher(self, **changes: object) -> Path:
        document: dict[str, object] = {
            "version": 1,
            "maxConcurrent": 3,
            "lockTimeoutHours": 4,
            "enabled": True,
            "logLevel": "info",
            "notifications": {"onStart": False, "onComplete": True, "onError": True, "channels": ["#cb-activity"]},
            "lastModified": iso(NOON),
        }
        return self.write_json("config/dispatcher.json", document | changes)

    def automation(self, id: str, type: str = "smart-sync-fork", **changes: object) -> Path:
        document: dict[str, object] = {
            "id": id,
            "type": type,
            "name": id.replace("-", " ").title(),
            "enabled": True,
            "schedule": {"type": "interval", "value": "2h"},
            "config": {"forkRepoUrl": f"git@github.com:user/{id}.git", "forkBranch": "main"},
            "runHistory": [],
            "created": iso(NOON - timedelta(days=6)),
            "modified": iso(NOON),
        }
        text: str = json5.dumps(document | changes, indent=2, quote_style=json5.QuoteStyle.ALWAYS_SINGLE)
        return self.write(f"config/{type}/{id}.json", text)

    def slots(self, *slots: Mapping[str, object], max_slots: int = 3) -> Path:
        document = {"version": 1, "maxSlots": max_slots, "activeSlots": list(slots), "lastUpdated": iso(NOON)}
        return self.write_json("config/concurrency-state.json", document)

    def state(
        self, id: str, *, percentage: int = 65, milestone: str = "Resolving conflicts", **changes: object
    ) -> Path:
        document: dict[str, object] = {
            "automationId": id,
            "sessionId": f"cron:{id}",
            "startTime": iso(NOON - timedelta(minutes=5)),
            "lastUpdate": iso(NOON),
            "status": "running",
            "currentPhase": "resolving-conflicts",
            "progress": {"percentage": percentage, "milestone": milestone, "details": {}},
        }
        return self.write_json(f"workspaces/{id}/state.json", document | changes)

    def progress(self, id: str, *milestones: tuple[str, int], start: datetime = NOON - timedelta(minutes=5)) -> Path:
        timeline = [
            {
                "timestamp": iso(start + timedelta(seconds=30 * n)),
                "milestone": title,
                "percentage": percent,
                "details": {},
            }
            for n, (title, percent) in enumerate(milestones)
        ]
        document = {"automationId": id, "sessionId": f"cron:{id}", "timeline": timeline, "lastUpdate": iso(NOON)}
        return self.write_json(f"workspaces/{id}/progress.json", document)

    def lock(self, repo_key: str, automation_id: str, relative: str | None = None, **changes: object) -> Path:
        document: dict[str, object] = {
            "repoUrl": f"https://{repo_key}.git",
            "repoKey": repo_key,
            "automationId": automation_id,
            "sessionId": f"cron:{automation_id}",
            "acquiredAt": iso(NOON - timedelta(minutes=5)),
            "pid": os.getpid(),
            "hostname": os.uname().nodename,
            "lockType": "repository",
        }
        return self.write_json(relative or f"locks/{repo_key.replace('/', '-')}.lock", document | changes)

    def append_log(self, relative: str, *entries: Mapping[str, object]) -> Path:
        """Append entries to a JSONL log in place, as the gateway does."""
        path = self.automations / relative
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("a") as log:
            for entry in entries:
                log.write(json.dumps(entry, separators=(",", ":")) + "\n")
        return path


def run_entry(id: str, message: str, at: datetime = NOON, **fields: object) -> dict[str, object]:
    """Return one entry of a run's log."""
    entry: dict[str, object] = {"timestamp": iso(at), "level": "info", "phase": "git", "message": message}
    return entry | {"automationId": id} | fields
