"""Which runs hold a slot, ``config/concurrency-state.json`` (design: Concurrency State)."""

from clawtui.model.checked.field_types import Concurrency, Positive, Timestamp, Version
from clawtui.model.checked.markers import Known
from clawtui.model.checked.struct import Refusal
from clawtui.model.documents.base import Document
from clawtui.model.documents.fields import ReadByField

MAX_ACTIVE = 1000
"""The most active slots that are read: the design allows ten, and each needs a verdict that looks at every lock."""


class Slot(Document):
    """A slot that a run holds."""

    automation_id: str
    session_id: str
    acquired_at: Timestamp
    slot_number: Positive


class ConcurrencyState(ReadByField):
    """The slots that are taken, and the number of slots."""

    version: Version = 1
    max_slots: Known[Concurrency]
    active_slots: tuple[Slot, ...]
    last_updated: Known[Timestamp]

    @classmethod
    def refusal_of(cls, raw: object) -> Refusal | None:
        """Return why too many slots are refused before each is looked at, which would give a fault for each."""
        slots = raw.get("activeSlots") if isinstance(raw, dict) else None
        if isinstance(slots, list) and len(slots) > MAX_ACTIVE:
            return Refusal("too_many", {"what": "active slots", "count": len(slots), "most": MAX_ACTIVE})
        return None

    def usual(self) -> bool:
        """Return whether the slots are not too many."""
        return len(self.active_slots) <= MAX_ACTIVE
