"""The connection to the host of a root that is on another host, and what was judged there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field

from clawtui.model.documents.base import Stamp
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.runs.run_evidence import RunContext
from clawtui.model.text.units import short_span

if TYPE_CHECKING:
    from clawtui.model.gateway.report import GatewayReport

ConnectionState = Literal["connecting", "connected", "lost", "unserved"]
"""``unserved``: the clawtui on that host cannot serve a dashboard here; its own dashboard can be opened there."""

Lack = Literal["", "no clawtui", "clawtui too old"]
"""What a host lacks that was reached; empty where it was not, or where nothing is missing."""

NOTABLE_DIFFERENCE = timedelta(seconds=2)
"""The least difference of two clocks that is shown."""


class Connection(Struct, frozen=True):
    """The state of the connection to the host of a root. Two values are equal unless something shown differs."""

    address: str
    """The root as ``--root`` takes it: its name in the settings, or ``ssh://…``."""
    state: ConnectionState = "connecting"
    host: str = ""
    """The name of the other host as it reports it, cleaned; empty before its first answer."""
    reason: str = ""
    """Why there is no connection, one cleaned line."""
    lack: Lack = ""
    since: datetime | None = None
    """When the connection was lost, or the first attempt began; None while connected."""
    round_trip: timedelta | None = None
    """The round-trip time of a message, rounded to one digit; None until it was measured."""
    clock_difference: timedelta = timedelta(0)
    """How far the clock of that host is ahead of the clock of this one."""

    @property
    def is_lost(self) -> bool:
        """Whether the fleet is the last known state, which may have changed since."""
        return self.state != "connected"

    @property
    def fault(self) -> str:
        """What is wrong with the connection, in a word or two; empty while there is one."""
        if not self.is_lost:
            return ""
        return "connecting" if self.state == "connecting" else self.lack or "no connection"

    @property
    def summary(self) -> str:
        """The host with the round-trip time, and the difference of the clocks if it is notable."""
        parts = [self.host or self.address]
        if not self.is_lost and self.round_trip is not None:
            parts.append(f"{self.round_trip / timedelta(milliseconds=1):g} ms")
        if abs(self.clock_difference) > NOTABLE_DIFFERENCE:
            order = "ahead" if self.clock_difference > timedelta(0) else "behind"
            parts.append(f"clock {short_span(abs(self.clock_difference))} {order}")
        return " · ".join(parts)


class JudgedThere(Struct, frozen=True):
    """The verdicts on the locks, slots and runs of a root by its own host, which sees the processes."""

    host: str
    """The name of the host, cleaned."""
    at: datetime
    """When, by the clock there."""
    locks: Mapping[str, LockJudgement] = field(default_factory=dict)
    """By path."""
    stamps: Mapping[str, Stamp | None] = field(default_factory=dict)
    """The version of each lock that was judged, by path."""
    slots: tuple[SlotJudgement, ...] = ()
    runs: RunContext = field(default_factory=RunContext)
    gateway: GatewayReport | None = None
    """The report on a stock gateway by its own host; None for a root of another kind."""
