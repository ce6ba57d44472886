"""A reading of a stock gateway together with what follows from it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.ownership import OwnedLock
from clawtui.model.gateway.state import GatewayState
from clawtui.model.text.cleaning import clean

GatewayCondition = Literal["running", "stuck", "down", "stopped", "elsewhere", "unknown"]
"""``stuck``: its process lives and its lease has expired. ``down``: it died. ``stopped``: it ended in order."""


@dataclass(frozen=True, slots=True)
class JudgedLock:
    """A lock with the verdict on its holder."""

    lock: OwnedLock
    judgement: OwnerJudgement


@dataclass(frozen=True, slots=True)
class GatewayReport:
    """What was read, the verdicts, and how the gateway itself is."""

    state: GatewayState
    now: datetime
    condition: GatewayCondition
    condition_facts: tuple[str, ...]
    owners: Mapping[str, OwnerJudgement]
    """Of each run that is going and whose owner is known, by the run's id."""
    locks: tuple[JudgedLock, ...]
    host_zone: tzinfo | None
    """Where the gateway reckons its times; None where that is another host's."""
    prefix: tuple[str, ...] = ("openclaw",)
    """How the gateway's own commands are called for this root."""

    def command(self, *words: str) -> str | None:
        """Return a command of the gateway as a shell takes it; None where a word cannot be shown."""
        if any(clean(word) != word for word in (*self.prefix, *words)):
            return None
        return shlex.join([*self.prefix, *words])
