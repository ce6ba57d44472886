from __future__ import annotations

import json
import os
import tempfile
from datetime import timedelta
from pathlib import Path

import pyjson5
import pytest
from hypothesis import given

from clawtui.files.json5.diff import same
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.errors import Changed, Invalid
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.dispatcher import ConcurrencyStore, SlotUsage
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.storage import documents
from tests.storage.json5_texts import Person, persons
from tests.storage.processes import together

FILE = "config/concurrency-state.json"
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def store(gateway: GatewayRoot) -> ConcurrencyStore:
    return ConcurrencyStore(StatePaths(gateway.root))


def loaded(store: ConcurrencyStore) -> ConcurrencyState:
    reading = store.load()
    assert reading is not None
    assert reading.value is not None
    return reading.value


def slot(number: int, session: str) -> dict[str, object]:
    return {"automationId": f"a-{session}", "sessionId": session, "acquiredAt": iso(NOON), "slotNumber": number}


def test_the_state_is_loaded_problem_and_all(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    assert store.load() is None
    gateway.slots(slot(1, "s1"))
    assert [taken.session_id for taken in loaded(store).active_slots] == ["s1"]
    gateway.write(FILE, "{")
    reading = store.load()
    assert reading is not None
    assert reading.problem is not None


def test_the_first_slot_makes_the_state(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    taken = store.acquire("a", "s1", LATER, max_slots=2)
    assert taken == Slot(automation_id="a", session_id="s1", acquired_at=LATER, slot_number=1)
    state = {
        "version": 1,
        "maxSlots": 2,
        "activeSlots": [{"automationId": "a", "sessionId": "s1", "acquiredAt": iso(LATER), "slotNumber": 1}],
        "lastUpdated": iso(LATER),
    }
    assert (gateway.automations / FILE).read_text() == json.dumps(state, indent=2)


def test_the_lowest_free_number_is_taken(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    gateway.slots(slot(3, "s3"), slot(1, "s1"), max_slots=4)
    numbers = [taken.slot_number if (taken := store.acquire("a", f"n{n}", NOON, 4)) else None for n in range(3)]
    assert numbers == [2, 4, None]
    assert store.usage() == SlotUsage(4, 4)


def test_a_session_that_has_a_slot_keeps_it(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    gateway.slots(slot(2, "s2"), max_slots=3)
    before = (gateway.automations / FILE).read_text()
    for max_slots in (1, 3):
        again = store.acquire("a-s2", "s2", LATER, max_slots)
        assert again is not None
        assert again.slot_number == 2
    assert (gateway.automations / FILE).read_text() == before


def test_without_a_free_slot_nothing_is_written(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    path = gateway.slots(slot(1, "s1"), slot(2, "s2"), max_slots=2)
    before = path.read_text()
    assert store.acquire("a", "s3", LATER, 2) is None
    assert path.read_text() == before
    assert store.acquire("a", "s3", LATER, 3) is not None
    assert loaded(store).max_slots == 3


def test_a_slot_is_released_once(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    assert not store.release("s1", LATER)
    gateway.slots(slot(1, "s1"), slot(2, "s2"), slot(2, "s1"))
    assert store.release("s1", LATER)
    assert not store.release("s1", LATER + timedelta(minutes=1))
    state = loaded(store)
    assert [taken.session_id for taken in state.active_slots] == ["s2"]
    assert state.last_updated == LATER


def test_usage_gives_the_taken_slots_and_their_number(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    assert store.usage() == SlotUsage(0, None)
    gateway.slots(slot(1, "s1"), max_slots=3)
    assert store.usage() == SlotUsage(1, 3)
    gateway.write(FILE, "{")
    for act in (store.usage, lambda: store.acquire("a", "s", NOON, 3), lambda: store.release("s", NOON)):
        with pytest.raises(Invalid, match=r"concurrency-state\.json: is not JSON5"):
            act()


def test_of_two_savers_the_second_is_refused(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    gateway.slots(slot(1, "s1"))
    reading = store.load()
    assert reading is not None
    assert reading.value is not None
    assert reading.stamp is not None
    assert store.release("s1", LATER)
    with pytest.raises(Changed):
        store.save(reading.value, expected=reading.stamp)
    assert store.usage() == SlotUsage(0, 3)
    saved = store.save(reading.value)
    assert store.load() == saved
    assert store.usage() == SlotUsage(1, 3)


def test_processes_that_take_and_free_slots_never_share_one(gateway: GatewayRoot, store: ConcurrencyStore) -> None:
    def take_and_free() -> None:
        session = f"s{os.getpid()}"
        for turn in range(8):
            while (taken := store.acquire("a", session, NOON, 3)) is None:
                continue
            holders = [held for held in loaded(store).active_slots if held.slot_number == taken.slot_number]
            assert [held.session_id for held in holders] == [session], turn
            assert len(loaded(store).active_slots) <= 3
            assert store.release(session, NOON)

    assert together(*[take_and_free] * 5) == [0] * 5
    assert loaded(store).active_slots == ()


@given(documents.concurrency_states, persons())
def test_taking_and_freeing_a_slot_restores_any_commented_file(fields: documents.Fields, person: Person) -> None:
    with tempfile.TemporaryDirectory() as name:
        gateway = GatewayRoot(Path(name))
        path = gateway.write(FILE, person.write(fields))
        store = ConcurrencyStore(StatePaths(gateway.root))
        assert store.acquire("automation", "our session", NOON, 10) is not None
        assert len(pyjson5.decode(path.read_text())["activeSlots"]) == len(loaded(store).active_slots)
        assert store.release("our session", NOON)
        text = path.read_bytes().decode()
        ours = {"maxSlots": 10, "lastUpdated": iso(NOON)}
        assert same(pyjson5.decode(text), pyjson5.decode(person.text) | ours)
        assert all(comment in text for comment in person.comments)
