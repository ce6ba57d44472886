"""Stores of stock gateways of each generation, and those that released gateways wrote, where they are."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clawtui.files.store_kind import store_kind
from tests.openclaw.gateway_store import GatewayStore, gateway_lock, json_store, now_ms
from tests.tui.dashboard_of_gateway import DEAD, ailing_gateway

SAMPLES = Path(__file__).parents[3] / "shared/samples/openclaw"
"""What released gateways wrote, where it is beside the repository."""


def old_gateway(root: Path) -> None:
    store, now = GatewayStore(root, "2026.6.1"), now_ms()
    store.job("daily", {"kind": "cron", "expr": "0 9 * * *"}, runningAtMs=now - 5000)
    store.job("odd", {"kind": "every", "everyMs": "often"})
    store.log(
        "daily", 1, {"ts": now, "action": "finished", "status": "error", "error": "no\nroute", "runAtMs": now - 9}
    )
    store.close()


def json_gateway(root: Path) -> None:
    now = now_ms()
    job: dict[str, object] = {"id": "a", "name": "A", "enabled": True, "schedule": {"kind": "at", "atMs": now + 9}}
    runs: list[dict[str, object]] = [
        {"ts": now, "jobId": "a", "action": "finished", "status": "ok", "runAtMs": now - 9}
    ]
    json_store(root, [job, {"id": "broken", "enabled": "yes"}], {"a": {"state": {"lastRunAtMs": now}}}, {"a": runs})


def locked_gateway(root: Path) -> None:
    ailing_gateway(root).close()
    gateway_lock(root, pid=DEAD, startTime=5, createdAt=datetime.now(UTC).isoformat())


STORES: list[Any] = [locked_gateway, old_gateway, json_gateway]
"""Each writes a store below a directory."""
STORES += [
    pytest.param(lambda root, of=sample: shutil.copytree(of, root, dirs_exist_ok=True), id=f"sample {sample.name}")
    for sample in sorted({*SAMPLES.glob("2026.9.6/*"), *SAMPLES.glob("2026.5.28")})
    if store_kind(sample) is not None
]
