"""The concurrency slots."""

from __future__ import annotations

from dataclasses import dataclass

from clawtui.model.concurrency import ConcurrencyState
from clawtui.storage.concurrency_store import ConcurrencyStore
from clawtui.storage.dispatcher_store import DispatcherStore
from clawtui.storage.errors import Invalid
from clawtui.storage.paths import StatePaths


@dataclass(frozen=True, slots=True)
class Slots:
    """Which slots are taken, and how many there are."""

    state: ConcurrencyState | None
    """None where none was ever taken."""
    max: int | float | None
    """As the state says, else as the dispatcher's configuration; None where neither does."""


def load_slots(paths: StatePaths) -> Slots:
    """The slots as they are. Raises Invalid where their file cannot be read."""
    reading = ConcurrencyStore(paths).load()
    if reading is None:
        dispatcher = DispatcherStore(paths).load()
        return Slots(None, dispatcher.value.max_concurrent if dispatcher and dispatcher.value else None)
    if reading.value is None:
        raise Invalid(f"{reading.path} {reading.problem.message if reading.problem else 'cannot be read'}")
    return Slots(reading.value, reading.value.max_slots)
