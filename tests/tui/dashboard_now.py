"""The dashboard over a real state directory in real time: for what depends on processes, and on when they started."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import DashboardTester


@asynccontextmanager
async def dashboard_now(
    gateway: GatewayRoot,
    size: tuple[int, int] = (120, 40),
    *,
    later: timedelta = timedelta(0),
    read_only: bool = False,
) -> AsyncIterator[DashboardTester]:
    """Yield the dashboard in the locks pane, once everything is read; its clock is ``later`` than the real one."""
    app = ClawtuiApp(
        StatePaths(gateway.root),
        host="gateway-1",
        clock=lambda: datetime.now(UTC) + later,
        zone=UTC,
        read_only=read_only,
    )
    async with app.run_test(size=size, notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        await tester.press("4")
        yield tester


def set_aside(gateway: GatewayRoot) -> list[Path]:
    """Return the locks that were set aside."""
    locks = gateway.automations / "locks"
    return sorted(path for path in locks.iterdir() if path.suffix in (".aside", ".released"))
