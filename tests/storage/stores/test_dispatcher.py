from __future__ import annotations

import tempfile
from pathlib import Path

import pyjson5
import pytest
from hypothesis import given

from clawtui.files.json5.diff import same
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.errors import Changed, Invalid
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.dispatcher import DispatcherStore
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.storage import documents
from tests.storage.json5_texts import Person, persons

FILE = "config/dispatcher.json"
BY_HAND = """\
// ~/.clawdbot/automations/config/dispatcher.json
{
  "version": 1,
  "maxConcurrent": 3, // two were too few
  "notifications": { "channels": ["#cb-activity"] },
  "team": "tools",
  "lastModified": "2025-01-26T10:30:00Z",
  "lastModifiedBy": "sam@example.com"
}
"""


@pytest.fixture
def store(gateway: GatewayRoot) -> DispatcherStore:
    return DispatcherStore(StatePaths(gateway.root))


def loaded(store: DispatcherStore) -> DispatcherConfig:
    reading = store.load()
    assert reading is not None
    assert reading.value is not None
    return reading.value


def test_the_configuration_is_loaded_problem_and_all(gateway: GatewayRoot, store: DispatcherStore) -> None:
    assert store.load() is None
    gateway.dispatcher(maxConcurrent=5)
    assert loaded(store).max_concurrent == 5
    gateway.dispatcher(maxConcurrent=11, lockTimeoutHours="4")
    reading = store.load()
    assert reading is not None
    assert reading.value is not None
    assert reading.value.max_concurrent == 11
    assert store.lock_timeout() is None
    assert [fault.message.partition(",")[0] for fault in reading.faults] == [
        "maxConcurrent must be at most 10",
        "lockTimeoutHours must be a number",
    ]
    gateway.dispatcher(version=2)
    reading = store.load()
    assert reading is not None
    assert reading.value is None
    assert reading.problem == (FILE, "version must be 1, not 2", False)


def test_a_save_sets_the_time_and_the_author_alone(gateway: GatewayRoot, store: DispatcherStore) -> None:
    path = gateway.write(FILE, BY_HAND)
    saved = store.save(loaded(store).changed(max_concurrent=4), NOON, by="kim@example.com")
    changed = BY_HAND.replace("3, // two", "4, // two").replace("2025-01-26T10:30:00Z", iso(NOON))
    assert path.read_text() == changed.replace("sam@", "kim@")
    assert store.load() == saved


def test_a_save_without_an_author_removes_the_last_one(gateway: GatewayRoot, store: DispatcherStore) -> None:
    path = gateway.write(FILE, BY_HAND)
    store.save(loaded(store), NOON)
    without = BY_HAND.replace(',\n  "lastModifiedBy": "sam@example.com"', "")
    assert path.read_text() == without.replace("2025-01-26T10:30:00Z", iso(NOON))


def test_a_new_configuration_is_json(gateway: GatewayRoot, store: DispatcherStore) -> None:
    gateway.dispatcher()
    config = loaded(store)
    path = gateway.automations / FILE
    before = path.read_text()
    path.unlink()
    store.save(config, NOON)
    assert path.read_text() == before


def test_of_two_savers_the_second_is_refused(gateway: GatewayRoot, store: DispatcherStore) -> None:
    gateway.dispatcher()
    reading = store.load()
    assert reading is not None
    assert reading.value is not None
    assert reading.stamp is not None
    store.save(reading.value, NOON, by="kim@example.com", expected=reading.stamp)
    with pytest.raises(Changed):
        store.save(reading.value, NOON, by="sam@example.com", expected=reading.stamp)
    assert loaded(store).last_modified_by == "kim@example.com"


def test_an_invalid_configuration_is_not_saved(gateway: GatewayRoot, store: DispatcherStore) -> None:
    path = gateway.write(FILE, BY_HAND)
    for bad in ({"max_concurrent": 0}, {"lock_timeout_hours": 25}, {"log_level": "loud"}):
        with pytest.raises(Invalid):
            store.save(loaded(store).changed(**bad), NOON)
    with pytest.raises(Invalid, match="lastModifiedBy"):
        store.save(loaded(store), NOON, by="nobody")
    assert path.read_text() == BY_HAND


@given(documents.dispatchers, persons())
def test_any_commented_configuration_keeps_all_but_when_and_by_whom(fields: documents.Fields, person: Person) -> None:
    with tempfile.TemporaryDirectory() as name:
        gateway = GatewayRoot(Path(name))
        path = gateway.write(FILE, person.write(fields))
        store = DispatcherStore(StatePaths(gateway.root))
        store.save(loaded(store), NOON, by="kim@example.com")
        text = path.read_bytes().decode()
        modified = {"lastModified": iso(NOON), "lastModifiedBy": "kim@example.com"}
        assert same(pyjson5.decode(text), pyjson5.decode(person.text) | modified)
        assert all(comment in text for comment in person.comments)
