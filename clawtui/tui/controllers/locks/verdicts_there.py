"""The verdicts of the host of a root on another host, as the panes show them."""

from __future__ import annotations

from datetime import tzinfo

from msgspec.structs import replace

from clawtui.model.connection import JudgedThere
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.tui.panes.locks.verdicts import Verdicts


def verdicts_there(fleet: Fleet, judged: JudgedThere, zone: tzinfo | None) -> Verdicts:
    """Return the verdicts; the facts of each say on which host it was judged, and when."""
    at = judged.at.astimezone(zone)
    fact = f"judged on {judged.host} at {at:%H:%M:%S}, with the processes that it sees"

    def with_source(lock: LockJudgement) -> LockJudgement:
        return replace(lock, facts=(*lock.facts, fact))

    return Verdicts(
        readings={path: reading for path, reading in fleet.locks.items() if judged.stamps.get(path) == reading.stamp},
        judged={path: with_source(lock) for path, lock in judged.locks.items()},
        slots=tuple(replace(slot, facts=(*slot.facts, fact)) for slot in judged.slots),
        runs=judged.runs,
        at=at,
    )
