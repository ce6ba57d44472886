"""Which runs hold a slot, ``config/concurrency-state.json`` (design: Concurrency State)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from clawtui.model.documents.base import Concurrency, Document, Timestamp, Version, Whole

MAX_ACTIVE = 1000
"""Active slots that are read: there can be ten, and each costs a verdict that looks at every lock."""


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

    @model_validator(mode="before")
    @classmethod
    def _require_few(cls, value: object) -> object:
        """Before any of them is looked at: a million of them would be a million faults."""
        slots = value.get("activeSlots") if isinstance(value, dict) else None
        if isinstance(slots, list) and len(slots) > MAX_ACTIVE:
            raise PydanticCustomError(
                "too_many", "has too many", {"what": "active slots", "count": len(slots), "most": MAX_ACTIVE}
            )
        return value
