"""The demo's time: what the clock says, and how long to wait."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """Waits shrink with ``speed``; the clock is the wall's at any speed, as all that is written is for people."""

    speed: float = 1.0

    def now(self) -> datetime:
        """The instant that documents bear."""
        return datetime.now(UTC)

    def span(self, seconds: float) -> timedelta:
        """How long ``seconds`` of the demo really take."""
        return timedelta(seconds=seconds / self.speed)

    async def pause(self, seconds: float) -> None:
        """Waits ``seconds`` of the demo."""
        await asyncio.sleep(seconds / self.speed)
