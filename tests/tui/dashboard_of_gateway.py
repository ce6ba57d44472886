"""The dashboard over the store of a stock gateway that a test writes."""

from __future__ import annotations

import os
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from tests.openclaw.gateway_store import DAY_MS, GatewayStore, now_ms
from tests.tui.dashboard_at_noon import DashboardTester

HOUR_MS = 3_600_000
DEAD = 4_000_000
"""No process has this pid."""


def ailing_gateway(root: Path) -> GatewayStore:
    """Write a gateway that died, with a lost, a failed, a missed and an undelivered job; this process runs one."""
    store, now = GatewayStore(root), now_ms()
    ticks = int(Path(f"/proc/{os.getpid()}/stat").read_text().rpartition(")")[2].split()[19])
    store.lease(DEAD, platform.node(), 1, now - HOUR_MS, now - 30_000)
    store.job("alive", nextRunAtMs=now + HOUR_MS, runningAtMs=now - 5000)
    store.receipt("r-alive", "alive", "running", now - 5000, pid=os.getpid(), ticks=ticks)
    store.job("lost", nextRunAtMs=now + HOUR_MS, runningAtMs=now - 60_000)
    store.receipt("r-lost", "lost", "running", now - 60_000, pid=DEAD, ticks=1)
    store.job("failed", nextRunAtMs=now + HOUR_MS, lastStatus="error", lastError="no route", consecutiveErrors=3)
    for number in range(3):
        began = now - (number + 1) * 600_000
        store.receipt(f"r-failed-{number}", "failed", "error", began, began + 1000, error="no route")
    every = {"kind": "every", "everyMs": HOUR_MS, "anchorMs": now - DAY_MS}
    store.job("missed", every, created=now - 2 * DAY_MS, nextRunAtMs=now + HOUR_MS // 2)
    store.receipt("r-missed", "missed", "ok", now - 5 * HOUR_MS, now - 5 * HOUR_MS + 1000)
    store.job("undelivered", nextRunAtMs=now + HOUR_MS, lastDeliveryError="chat is gone")
    store.receipt("r-undelivered", "undelivered", "ok", now - 60_000, now - 50_000)
    detail = '{"deliveryStatus":"failed","deliveryError":"chat is gone"}'
    store.task("t-1", "undelivered", "failed", now - 60_000, now - 50_000, "r-undelivered", detail_json=detail)
    return store


@asynccontextmanager
async def dashboard_of(
    root: Path, size: tuple[int, int] = (120, 40), *, read_only: bool = False
) -> AsyncIterator[DashboardTester]:
    """Yield the dashboard once the gateway has been read and judged."""
    app = ClawtuiApp(
        StatePaths(root), host=platform.node(), clock=lambda: datetime.now(UTC), zone=UTC, read_only=read_only
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_for(lambda: app.dashboard.view.findings is not None)
        await pilot.pause()
        yield tester
