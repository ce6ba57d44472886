"""Which runs hold a slot, ``config/concurrency-state.json`` (design: Concurrency State)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from clawtui.model.base import Concurrency, Document, Timestamp, Version, Whole


class Slot(Document):
    """One run's permission to run."""

    automation_id: str
    session_id: str
    acquired_at: Timestamp
    slot_number: Annotated[Whole, Field(gt=0)]


class ConcurrencyState(Document):
    """All slots that are taken, and how many there are."""

    version: Version = 1
    max_slots: Concurrency
    active_slots: tuple[Slot, ...]
    last_updated: Timestamp
