"""The dispatcher's two files in ``config/``: its configuration, and which runs hold a slot.

``dispatcher.json`` (design: Dispatcher Configuration) and ``concurrency-state.json`` (design: Concurrency State).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from clawtui.files.fs.atomic import ANY, Expected
from clawtui.files.json5.document import read_document
from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.errors import Invalid, NoSuch
from clawtui.model.fleet import Reading, lock_timeout_of
from clawtui.storage.paths import CONCURRENCY_FILE, DISPATCHER_FILE, StatePaths
from clawtui.storage.stores.saving import change_document, save_document


class DispatcherStore:
    """Reads and saves the dispatcher's configuration.

    Example:
        >>> state.dispatcher.load().value.max_concurrent, state.dispatcher.lock_timeout()
        (3, datetime.timedelta(seconds=14400))
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def load(self) -> Reading[DispatcherConfig] | None:
        """Return the configuration, or the problem with its file; None if there is no file."""
        return read_document(self._paths.automations, DISPATCHER_FILE, DispatcherConfig)

    def lock_timeout(self) -> timedelta | None:
        """Return the age from which a lock may be taken back; None if the configuration cannot be read."""
        return lock_timeout_of(self.load())

    def save(
        self, config: DispatcherConfig, now: datetime, by: str | None = None, expected: Expected = ANY
    ) -> Reading[DispatcherConfig]:
        """Save the configuration.

        Args:
            config: The complete configuration.
            now: The new value of ``lastModified``.
            by: The e-mail address for ``lastModifiedBy``; None removes it.
            expected: The condition on the existing file: a version, ``ABSENT`` or ``ANY``.

        Returns:
            The configuration as it is on disk now.

        Raises:
            Invalid: The schema forbids it.
            Changed: The existing file does not meet ``expected``.
            Refused: It may not be written.
            Unwritable: The system could not write.
        """
        changed = config.changed(last_modified=now, last_modified_by=by)
        return save_document(self._paths.automations, DISPATCHER_FILE, changed, now, expected=expected)


class SlotUsage(Struct, frozen=True):
    """The number of slots that are taken, and the number of all slots."""

    used: int
    max_slots: int | float | None
    """None if there is no file that has it."""


class ConcurrencyStore:
    """Reads the slots, and takes and frees one at a time, also where other programs do so at the same time.

    Example:
        >>> slot = state.slots.acquire("sync-main", "cron:1", now, max_slots=3)
        >>> slot.slot_number, state.slots.usage()
        (1, SlotUsage(used=1, max_slots=3))
        >>> state.slots.release("cron:1", now)
        True
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def load(self) -> Reading[ConcurrencyState] | None:
        """Return the state, or the problem with its file; None if there is no file."""
        return read_document(self._paths.automations, CONCURRENCY_FILE, ConcurrencyState)

    def save(self, state: ConcurrencyState, expected: Expected = ANY) -> Reading[ConcurrencyState]:
        """Save the state as it is given, ``last_updated`` included.

        Raises:
            Invalid: The schema forbids it.
            Changed: The existing file does not meet ``expected``.
            Refused: It may not be written.
            Unwritable: The system could not write.
        """
        now = state.last_updated or EPOCH
        return save_document(self._paths.automations, CONCURRENCY_FILE, state, now, expected=expected)

    def acquire(self, automation_id: str, session_id: str, now: datetime, max_slots: int) -> Slot | None:
        """Take the slot with the lowest free number.

        Args:
            automation_id: The automation that runs.
            session_id: The session that holds the slot; one that has a slot already keeps it.
            now: The time at which it is taken.
            max_slots: The number of slots; the number in the file is ignored.

        Returns:
            The slot; None if all are taken.

        Raises:
            Invalid: The state cannot be read.
            Changed: Other programs changed the file at each of a hundred attempts.
            Refused: It may not be written.
            Unwritable: The system could not write.
        """

        def take(state: ConcurrencyState) -> ConcurrencyState | None:
            if len(state.active_slots) >= max_slots or _slot_of(state, session_id):
                return None
            taken = {slot.slot_number for slot in state.active_slots}
            number = next(number for number in range(1, len(taken) + 2) if number not in taken)
            slot = Slot(automation_id=automation_id, session_id=session_id, acquired_at=now, slot_number=number)
            slots = (*state.active_slots, slot)
            return state.changed(active_slots=slots, max_slots=max_slots, last_updated=now)

        empty = ConcurrencyState(version=1, max_slots=max_slots, active_slots=(), last_updated=now)
        reading = change_document(self._paths.automations, CONCURRENCY_FILE, ConcurrencyState, take, now, absent=empty)
        return _slot_of(reading.value, session_id)

    def release(self, session_id: str, now: datetime) -> bool:
        """Free the slot that a session holds. Returns False if it holds none. Raises as ``acquire`` does."""
        freed = False

        def free(state: ConcurrencyState) -> ConcurrencyState | None:
            nonlocal freed
            kept = tuple(slot for slot in state.active_slots if slot.session_id != session_id)
            freed = len(kept) < len(state.active_slots)
            return state.changed(active_slots=kept, last_updated=now) if freed else None

        try:
            change_document(self._paths.automations, CONCURRENCY_FILE, ConcurrencyState, free, now)
        except NoSuch:
            return False
        return freed

    def usage(self) -> SlotUsage:
        """Return how many slots are taken. Raises Invalid if the state cannot be read."""
        reading = self.load()
        if reading is None:
            return SlotUsage(0, None)
        if reading.value is None:
            raise Invalid(reading.problem.message if reading.problem else "cannot be read", reading.path)
        return SlotUsage(len(reading.value.active_slots), reading.value.max_slots)


def _slot_of(state: ConcurrencyState | None, session_id: str) -> Slot | None:
    slots = state.active_slots if state is not None else ()
    return next((slot for slot in slots if slot.session_id == session_id), None)
