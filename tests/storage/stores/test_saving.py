from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyjson5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.fs.atomic import ABSENT, write_atomic
from clawtui.files.json5 import document
from clawtui.files.json5.dialect import JSON, JSON5, Dialect
from clawtui.files.json5.diff import Put
from clawtui.files.json5.document import Malformed, load_document
from clawtui.model.checked import reading
from clawtui.model.checked.reading import made
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document, Stamp
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig, Notifications
from clawtui.model.errors import Changed, Invalid, NoSuch, Refused
from clawtui.storage.stores.saving import (
    ATTEMPTS,
    change_document,
    read_version,
    retried,
    rewrite,
    save_document,
)
from clawtui.storage.user.backups import BACKUPS, keep_backup
from clawtui.storage.user.files import own_state
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.storage import documents
from tests.storage.json5_texts import Person, persons

NOTE = "config/note.json"
LATER = NOON + timedelta(minutes=1)
STATE: documents.Fields = {"version": 1, "maxSlots": 3, "activeSlots": [], "lastUpdated": "2025-01-26T10:00:00Z"}
UNEDITABLE = '{"version": 1, "maxSlots": 3, "activeSlots": [], "lastUpdated": "2025-01-26T10:00:00Z" // c\u2028}\n'
"""The comment ends where few would see a line's end: what is put behind it would be part of it."""

any_document: st.SearchStrategy[tuple[type[Document], documents.Fields]] = st.one_of(
    st.tuples(st.just(AutomationConfig), documents.automations),
    st.tuples(st.just(DispatcherConfig), documents.dispatchers),
    st.tuples(st.just(ConcurrencyState), documents.concurrency_states),
)


@contextmanager
def new_base() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def base(gateway: GatewayRoot) -> Path:
    gateway.write_json(NOTE, STATE)
    return gateway.automations


def as_json(fields: documents.Fields) -> str:
    return json.dumps(fields, indent=2)


def load(base: Path) -> tuple[ConcurrencyState, Stamp]:
    return load_document(base, NOTE, ConcurrencyState)


def text_of(base: Path) -> str:
    return (base / NOTE).read_bytes().decode()


def copies(base: Path) -> list[Path]:
    assert not list(base.rglob("*.bak"))
    return sorted((own_state() / BACKUPS / os.path.realpath(base)[1:] / "config").glob("*.bak"))


@given(any_document, persons())
def test_saving_an_unchanged_document_changes_nothing(
    document: tuple[type[Document], documents.Fields], person: Person
) -> None:
    kind, fields = document
    with new_base() as base:
        stamp = write_atomic(base, NOTE, person.write(fields).encode())
        value, read_stamp = load_document(base, NOTE, kind)
        assert save_document(base, NOTE, value, NOON).stamp == read_stamp == stamp
        assert text_of(base) == person.text
        assert copies(base) == []


@given(any_document, persons(), st.sampled_from([JSON, JSON5]))
def test_every_valid_document_survives_load_and_save_with_all_keys(
    document: tuple[type[Document], documents.Fields], person: Person, dialect: Dialect
) -> None:
    kind, fields = document
    with new_base() as base:
        write_atomic(base, NOTE, person.write(fields).encode())
        value, _ = load_document(base, NOTE, kind)
        reading = save_document(base, "copy.json", value, NOON, fresh=dialect)
        written = pyjson5.decode((base / "copy.json").read_text())
        assert set(fields) <= set(written)
        assert load_document(base, "copy.json", kind) == (reading.value, reading.stamp)
        assert load_document(base, "copy.json", kind)[0].unknown == value.unknown


def test_an_untouched_timestamp_keeps_its_form(base: Path) -> None:
    state, _ = load(base)
    save_document(base, NOTE, state.changed(max_slots=4), NOON)
    assert text_of(base) == as_json(STATE).replace('"maxSlots": 3', '"maxSlots": 4')


def test_unknown_keys_are_kept_by_a_document_without_them(base: Path) -> None:
    write_atomic(
        base, NOTE, b'{note: "mine", version: 1, maxSlots: 3, activeSlots: [], lastUpdated: "2025-01-26T10:00Z"}'
    )
    reading = save_document(
        base, NOTE, ConcurrencyState(version=1, max_slots=5, active_slots=(), last_updated=NOON), NOON
    )
    assert text_of(base).startswith('{note: "mine", version: 1, maxSlots: 5,')
    assert reading.value is not None
    assert reading.value.unknown == {"note": "mine"}


def test_a_none_removes_its_key_and_null_is_never_written(gateway: GatewayRoot) -> None:
    gateway.dispatcher(lastModifiedBy="user@example.com", other=None)
    base, path = gateway.automations, "config/dispatcher.json"
    config, _ = load_document(base, path, DispatcherConfig)
    save_document(base, path, config.changed(last_modified_by=None), NOON)
    written = pyjson5.decode((base / path).read_text())
    assert "lastModifiedBy" not in written
    assert written["other"] is None
    fresh = DispatcherConfig(version=1, notifications=Notifications(), last_modified=NOON, last_modified_by=None)
    save_document(base, "fresh.json", fresh, NOON)
    assert pyjson5.decode((base / "fresh.json").read_text()) == {
        "version": 1,
        "notifications": {},
        "lastModified": iso(NOON),
    }


def test_an_existing_null_is_kept_without_a_change(gateway: GatewayRoot) -> None:
    path = gateway.write("a.json", gateway.automation("a", description=None).read_text())
    config, _ = load_document(gateway.automations, "a.json", AutomationConfig)
    save_document(gateway.automations, "a.json", config.changed(enabled=False), NOON)
    assert pyjson5.decode(path.read_text())["description"] is None
    save_document(gateway.automations, "a.json", config.changed(description="mine"), NOON)
    assert pyjson5.decode(path.read_text())["description"] == "mine"


def test_a_key_with_the_python_name_of_a_field_is_unknown(gateway: GatewayRoot) -> None:
    gateway.automation("a", last_run="mine")
    config, _ = load_document(gateway.automations, "config/smart-sync-fork/a.json", AutomationConfig)
    save_document(gateway.automations, "copy.json", config, NOON)
    written = pyjson5.decode((gateway.automations / "copy.json").read_text())
    assert written["last_run"] == "mine"
    assert "lastRun" not in written


def test_replacing_a_malformed_file_keeps_a_copy(base: Path) -> None:
    state, _ = load(base)
    for number, bad in enumerate((b"{half", b"[1]", b"\xff"), start=1):
        write_atomic(base, NOTE, bad)
        save_document(base, NOTE, state, NOON)
        assert load(base)[0].max_slots == 3
        assert len(copies(base)) == number
        assert bad in {copy.read_bytes() for copy in copies(base)}
        assert {stat.S_IMODE(copy.stat().st_mode) for copy in copies(base)} == {0o600}


def test_a_document_of_another_schema_keeps_its_unknown_keys(base: Path) -> None:
    write_atomic(base, NOTE, b"{\n  // mine\n  version: 0,\n  extra: 1,\n}")
    save_document(base, NOTE, ConcurrencyState(version=1, max_slots=3, active_slots=(), last_updated=NOON), NOON)
    assert text_of(base).startswith("{\n  // mine\n  version: 1,\n  extra: 1,\n  maxSlots: 3,\n")


def test_a_text_that_cannot_be_edited_safely_is_written_whole_beside_a_copy(base: Path) -> None:
    write_atomic(base, NOTE, UNEDITABLE.encode())
    version = read_version(base, NOTE)
    assert version is not None
    stamp, copy = rewrite(base, NOTE, version, [Put(("more",), True)], NOON)
    assert copy is not None
    assert [copy] == copies(base)
    assert copy.name == "note.json.2025-01-26T12-00-00.000Z.bak"
    assert copy.read_text() == UNEDITABLE
    assert (
        text_of(base)
        == '{"version": 1, "maxSlots": 3, "activeSlots": [], "lastUpdated": "2025-01-26T10:00:00Z", "more": true}\n'
    )
    assert load(base)[1] == stamp


def test_a_copy_is_kept_where_that_is_asked_for_and_never_overwritten(base: Path) -> None:
    for slots in (4, 5):
        version = read_version(base, NOTE)
        assert version is not None
        _, copy = rewrite(base, NOTE, version, [Put(("maxSlots",), slots)], NOON, keep=True)
        assert copy is not None
    assert [pyjson5.decode(copy.read_text())["maxSlots"] for copy in copies(base)] == [4, 3]
    assert keep_backup(base, NOTE, b"x", LATER).name == "note.json.2025-01-26T12-01-00.000Z.bak"


def test_a_rewrite_that_is_refused_leaves_no_copy(base: Path) -> None:
    version = read_version(base, NOTE)
    assert version is not None
    write_atomic(base, NOTE, b"{}")
    with pytest.raises(Changed):
        rewrite(base, NOTE, version, [Put(("maxSlots",), 4)], NOON, keep=True)
    assert text_of(base) == "{}"
    assert copies(base) == []


def test_the_second_of_two_savers_is_refused(base: Path) -> None:
    state, stamp = load(base)
    save_document(base, NOTE, state.changed(max_slots=4), NOON, expected=stamp)
    for expected in (stamp, ABSENT):
        with pytest.raises(Changed):
            save_document(base, NOTE, state.changed(max_slots=5), NOON, expected=expected)
    assert load(base)[0].max_slots == 4
    (base / NOTE).unlink()
    with pytest.raises(Changed):
        save_document(base, NOTE, state, NOON, expected=stamp)


def test_an_invalid_document_is_not_written(base: Path) -> None:
    before = text_of(base)
    state, _ = load(base)
    for bad in ({"max_slots": 11}, {"max_slots": "3"}, {"last_updated": "yesterday"}, {"version": 2}):
        with pytest.raises(Invalid, match="was not written"):
            save_document(base, NOTE, state.changed(**bad), NOON)
    assert text_of(base) == before


def test_a_link_is_neither_read_nor_replaced(base: Path, tmp_path: Path) -> None:
    state, _ = load(base)
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    (base / "link.json").symlink_to(outside)
    with pytest.raises(Refused, match="symbolic link"):
        save_document(base, "link.json", state, NOON)
    assert outside.read_text() == "{}"


def test_a_change_is_applied_to_the_newest_version(base: Path) -> None:
    seen = []

    def change(state: ConcurrencyState) -> ConcurrencyState:
        seen.append(state.max_slots)
        if len(seen) < 3:
            write_atomic(base, NOTE, as_json(STATE | {"maxSlots": 4 + len(seen), "note": "theirs"}).encode())
        return state.changed(last_updated=LATER)

    reading = change_document(base, NOTE, ConcurrencyState, change, NOON)
    assert seen == [3, 5, 6]
    assert load(base) == (reading.value, reading.stamp)
    assert reading.value is not None
    assert (reading.value.max_slots, reading.value.last_updated) == (6, LATER)
    assert reading.value.unknown == {"note": "theirs"}


def test_a_change_fails_after_many_attempts(base: Path) -> None:
    attempts = []

    def attempt() -> None:
        attempts.append(1)
        raise Changed("always")

    with pytest.raises(Changed):
        retried(attempt)
    assert len(attempts) == ATTEMPTS


def test_a_change_without_an_effect_writes_nothing(base: Path) -> None:
    before = load(base)
    reading = change_document(base, NOTE, ConcurrencyState, lambda state: None, NOON)
    assert (reading.value, reading.stamp) == before == load(base)


def test_a_change_needs_a_document_or_something_to_begin_with(base: Path) -> None:
    with pytest.raises(NoSuch):
        change_document(base, "none.json", ConcurrencyState, lambda state: state, NOON)
    first = ConcurrencyState(version=1, max_slots=2, active_slots=(), last_updated=NOON)
    reading = change_document(base, "none.json", ConcurrencyState, lambda state: state, NOON, absent=first)
    assert load_document(base, "none.json", ConcurrencyState) == (first, reading.stamp)
    write_atomic(base, NOTE, b'{"version": 1}')
    with pytest.raises(Invalid, match=r"note\.json: maxSlots is missing"):
        change_document(base, NOTE, ConcurrencyState, lambda state: state, NOON)
    assert text_of(base) == '{"version": 1}'


def test_a_document_that_cannot_be_parsed_is_not_rewritten(base: Path) -> None:
    write_atomic(base, NOTE, b"{half")
    version = read_version(base, NOTE)
    assert version is not None
    with pytest.raises(Malformed):
        rewrite(base, NOTE, version, [Put(("a",), 1)], NOON)
    assert read_version(base, "none.json") is None


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record what is parsed and what is validated from now on, in order."""
    calls: list[str] = []
    decode, validate = pyjson5.decode, reading.from_plain

    def counted_decode(*arguments: Any, **options: Any) -> object:
        calls.append("parse")
        return decode(*arguments, **options)

    def counted_validate(*arguments: Any, **options: Any) -> object:
        calls.append("validate")
        return validate(*arguments, **options)

    monkeypatch.setattr(pyjson5, "decode", counted_decode)
    monkeypatch.setattr(document, "from_plain", counted_validate)
    return calls


ONCE_TO_READ_AND_ONCE_TO_VERIFY = ["parse", "validate", "validate", "parse"]


def test_a_change_parses_and_validates_once_to_read_and_once_to_verify(base: Path, parsed: list[str]) -> None:
    change_document(base, NOTE, ConcurrencyState, lambda state: state.changed(max_slots=5), NOON)
    assert parsed == ONCE_TO_READ_AND_ONCE_TO_VERIFY
    assert json.loads(text_of(base))["maxSlots"] == 5


def test_a_save_parses_and_validates_once_to_read_and_once_to_verify(base: Path, parsed: list[str]) -> None:
    state, _ = load(base)
    parsed.clear()
    save_document(base, NOTE, state.changed(max_slots=5), NOON)
    assert parsed == ONCE_TO_READ_AND_ONCE_TO_VERIFY


def test_a_change_that_is_written_whole_is_not_parsed_again(base: Path, parsed: list[str]) -> None:
    (base / NOTE).write_text(UNEDITABLE)
    expected = made(ConcurrencyState, STATE | {"more": True})
    parsed.clear()
    change_document(base, NOTE, ConcurrencyState, lambda state: expected, NOON)
    assert parsed == ONCE_TO_READ_AND_ONCE_TO_VERIFY
    assert copies(base)
