"""Which runs hold a slot, ``config/concurrency-state.json`` (design: Concurrency State)."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from clawtui.model.documents.base import Concurrency, Document, Known, Timestamp, Version, Whole
from clawtui.model.documents.fields import ReadByField

MAX_ACTIVE = 1000
"""The most active slots that are read: the design allows ten, and each needs a verdict that looks at every lock."""


class Slot(Document):
    """A slot that a run holds."""

    automation_id: str
    session_id: str
    acquired_at: Timestamp
    slot_number: Annotated[Whole, Field(gt=0)]


class ConcurrencyState(ReadByField):
    """The slots that are taken, and the number of slots."""

    version: Version = 1
    max_slots: Known[Concurrency]
    active_slots: tuple[Slot, ...]
    last_updated: Known[Timestamp]

    @model_validator(mode="before")
    @classmethod
    def _require_few(cls, value: object) -> object:
        """Refuse too many slots before each is validated, which would give a fault for each."""
        slots = value.get("activeSlots") if isinstance(value, dict) else None
        if isinstance(slots, list) and len(slots) > MAX_ACTIVE:
            raise PydanticCustomError(
                "too_many", "has too many", {"what": "active slots", "count": len(slots), "most": MAX_ACTIVE}
            )
        return value
