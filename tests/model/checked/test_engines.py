"""msgspec reads of each kind of documents what is usual, and only what pydantic reads too, with the same values."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, get_args, get_origin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from clawtui.files.json5.document import parse_text
from clawtui.model.checked.judge import judged, judged_json
from clawtui.model.checked.reading import from_json, from_json_line, made
from clawtui.model.checked.struct import Checked, alternatives, schema_fields
from clawtui.model.checked.usual import read_usual
from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry
from clawtui.model.documents.ui_state import Order, UiState
from tests.model.checked.seen import seen
from tests.model.samples import AT, RUN, SMALLEST
from tests.test_design_examples import EXAMPLES, kind_of

ACTOR: Final = {"user": "root (by alice)", "ssh": "10.0.0.7", "terminal": "/dev/pts/3", "pid": 4712, "hostname": "gw"}
USUAL: Final[Mapping[type[Document], Mapping[str, object]]] = {
    **SMALLEST,
    Actor: ACTOR,
    AuditRecord: {"timestamp": AT, "id": "1a", "event": "lock-release", "actor": ACTOR, "facts": ["it is dead"]},
    UiState: {
        "version": 1,
        "theme": "dark",
        "rows": [3, 7],
        "orders": {"Automations": {"by": "name", "reverse": True}},
    },
    Order: {"by": "name"},
}

_TIMES: Final[list[object]] = [
    AT,
    "2025-01-26T10:30:00.123456Z",
    "2025-01-26T10:30:00.9999999Z",
    "2025-01-26 10:30:00+05:30",
    "2025-01-26T10:30Z",
    "0001-01-01T00:00:00Z",
    "0002-01-01T00:00:00+14:00",
    "9998-12-31T23:59:59-14:00",
    "9999-12-31T00:00:00Z",
    "2025-01-26T10:30:00",
    "2025-02-29T10:30:00Z",
    "2025-01-26T23:59:60Z",
    "２025-01-26T10:30:00Z",
    datetime(2025, 1, 26, 10, 30, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, tzinfo=UTC),
    datetime(2025, 1, 26),
    date(2025, 1, 26),
    timedelta(1),
    0,
]
_times = st.sampled_from(_TIMES)
_NUMBERS: Final = [1, 3.0, 10, 11, 10.5, 0, 0.5, -1, 25, True, 2**53 + 1, 10**308, 10**309, -0.0, math.nan, math.inf]
_numbers = st.integers() | st.floats() | st.sampled_from(_NUMBERS)
_ADDRESSES = (
    "https://github.com/user/repo.git HTTPS://é.example/ ſsh://host/ user@host:path a:b:c //x ::1 /srv/git ssh://a\tb"
)
_TEXTS: Final = [
    "",
    "a-b",
    "A",
    "a\n",
    "ſ",
    "x" * 101,
    "😀" * 60,
    "\ud800",
    "me@example.com",
    "me@exa_mple.com",
    "/srv/a b",
    "ssh://a b",
]
_texts = st.text(max_size=4) | st.sampled_from(_TEXTS) | st.sampled_from(_ADDRESSES.split())
_words = st.sampled_from(["success", "info", "INFO", "cron", "active", "repository", "git", "live", "dark", "none"])
_odd = st.none() | st.booleans() | _numbers | _texts | _times | _words | st.binary(max_size=2)
_any = st.recursive(
    _odd,
    lambda inner: (
        st.lists(inner, max_size=2) | st.tuples(inner) | st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)


def _usual_value(annotation: Any) -> st.SearchStrategy[Any]:
    """Generate what is valid, or nearly so, where a field has this type."""
    parts: list[st.SearchStrategy[Any]] = []
    for part in alternatives(annotation):
        if isinstance(part, type) and issubclass(part, Checked):
            parts.append(raw_documents(part))
        elif get_origin(part) is tuple:
            parts.append(st.lists(_usual_value(get_args(part)[0]), max_size=3))
        elif get_origin(part) is Literal:
            parts.append(st.sampled_from(get_args(part)))
        elif get_origin(part) is not None:
            parts.append(st.dictionaries(st.text(max_size=3), _usual_value(get_args(part)[1]), max_size=2))
        else:
            parts.append({datetime: _times, str: _texts, bool: st.booleans(), object: _any}.get(part, _numbers))
    return st.one_of(parts)


def raw_documents(kind: type[Checked]) -> st.SearchStrategy[dict[str, object]]:
    """Generate objects that are documents of a kind, or nearly so."""
    fields = schema_fields(kind).values()
    values = {field.key: _usual_value(field.type) | _any for field in fields}
    smallest = USUAL.get(kind) if issubclass(kind, Document) else None
    required = {field.key: _usual_value(field.type) for field in fields if field.required}
    whole = st.just(dict(smallest)) if smallest is not None else st.fixed_dictionaries(required)
    names = st.sampled_from([*(field.name for field in fields), "(origin)", "_origin", "new", "\ud800"])
    changes = st.fixed_dictionaries({}, optional=values)
    few = st.lists(st.sampled_from(sorted(values)), max_size=3)
    return st.builds(
        lambda base, changed, kept, unknown: base | {key: changed[key] for key in kept if key in changed} | unknown,
        whole,
        changes,
        few,
        st.dictionaries(names, _any, max_size=1),
    )


def plain_document(kind: type[Checked]) -> dict[str, object]:
    """Return an object with every key of a kind, each with a value that is usual or nearly so."""
    return {field.key: _plain_value(field.type) for field in schema_fields(kind).values()}


def _plain_value(annotation: Any) -> object:
    part = next(iter(alternatives(annotation)))
    if get_origin(part) is Literal:
        return get_args(part)[0]
    if get_origin(part) is tuple:
        return [_plain_value(get_args(part)[0])]
    if get_origin(part) is not None:
        return {"k": _plain_value(get_args(part)[1])}
    if issubclass(part, Checked):
        return plain_document(part)
    return {datetime: AT, str: "a", bool: True, object: None}.get(part, 1)


def _more(kind: type[Checked]) -> dict[str, object]:
    given: dict[str, object] = {"lastModifiedBy": "a@b.example", "runHistory": [RUN]}
    return {field.key: given[field.key] for field in schema_fields(kind).values() if field.key in given}


def spoiled(value: object) -> Iterator[object]:
    """Yield a value with an odd one in each place, or another key in each object."""
    yield from (None, True, [], {}, b"", *_TIMES, *_NUMBERS, *_TEXTS, *_ADDRESSES.split())
    if isinstance(value, dict):
        yield {**value, "new": 1}
        yield {**value, "(origin)": None}
        for key in value:
            yield {other: part for other, part in value.items() if other != key}
            yield from ({**value, key: odd} for odd in spoiled(value[key]))
    elif isinstance(value, list):
        yield from ([odd] for part in value for odd in spoiled(part))


@pytest.mark.parametrize("kind", USUAL)
def test_what_msgspec_reads_with_one_odd_value_pydantic_reads_the_same(kind: type[Document]) -> None:
    whole = plain_document(kind) | dict(USUAL[kind]) | _more(kind)
    assert read_usual(kind, whole) is not None
    for raw in spoiled(whole):
        usual = read_usual(kind, raw)
        if usual is not None:
            assert seen(usual) == seen(judged(kind, raw)), raw


@pytest.mark.parametrize("kind", USUAL)
def test_what_msgspec_reads_pydantic_reads_too_and_the_same(kind: type[Document]) -> None:
    @given(raw_documents(kind) | _any)
    def compare(raw: object) -> None:
        usual = read_usual(kind, raw)
        if usual is None:
            return
        strict = judged(kind, raw)
        assert seen(usual) == seen(strict)
        assert usual == strict
        assert strict == usual

    compare()


@pytest.mark.parametrize("kind", USUAL)
def test_a_document_made_in_python_is_what_pydantic_makes_of_it(kind: type[Document]) -> None:
    @given(raw_documents(kind))
    def compare(raw: dict[str, object]) -> None:
        names = {field.key: field.name for field in schema_fields(kind).values()}
        fields = {names.get(key, key): value for key, value in raw.items()}
        try:
            strict = judged(kind, fields, by_name=True)
        except ValidationError as error:
            with pytest.raises(ValidationError) as caught:
                made(kind, fields)
            assert repr(caught.value.errors()) == repr(error.errors())
        else:
            assert seen(made(kind, fields)) == seen(strict)

    compare()


_lines = st.dictionaries(st.text(max_size=3) | st.sampled_from(["a", "timestamp", "level"]), _any, max_size=2)


@pytest.mark.parametrize("kind", USUAL)
def test_json_is_read_the_same(kind: type[Document]) -> None:
    @given(raw_documents(kind), st.booleans())
    def compare(raw: dict[str, object], escaped: bool) -> None:
        try:
            text = json.dumps(raw, ensure_ascii=escaped)
        except (TypeError, ValueError):  # a time, or a number with too many digits
            return
        try:
            strict = judged_json(kind, text)
        except (ValidationError, UnicodeEncodeError, TypeError) as error:
            with pytest.raises(type(error)):
                from_json(kind, text)
            assert from_json_line(kind, text) is None
        else:
            assert seen(from_json(kind, text)) == seen(from_json_line(kind, text)) == seen(strict)

    compare()


@pytest.mark.parametrize("kind", USUAL)
def test_the_smallest_document_is_usual_and_one_with_all_keys(kind: type[Document]) -> None:
    assert read_usual(kind, dict(USUAL[kind])) is not None
    assert read_usual(kind, dict(USUAL[kind]) | {"futureKey": {"a": [1, None]}}) is not None


@pytest.mark.parametrize("path", EXAMPLES)
def test_the_examples_of_the_design_are_usual(path: str) -> None:
    text = EXAMPLES[path].content
    is_log = path.endswith(".jsonl")
    kind = (DispatcherLogEntry if "dispatcher" in path else RunLogEntry) if is_log else kind_of(path)
    for part in text.splitlines() if is_log else [text]:
        raw = parse_text(part)
        usual = read_usual(kind, raw)
        assert usual is not None
        assert seen(usual) == seen(judged(kind, raw))


def test_a_hundred_runs_in_the_history_are_usual() -> None:
    raw = dict(SMALLEST[AutomationConfig]) | {"runHistory": [RUN] * 100}
    assert read_usual(AutomationConfig, raw) is not None
    assert read_usual(AutomationConfig, raw | {"runHistory": [RUN] * 101}) is None


@given(st.recursive(_numbers | _texts | st.none(), lambda inner: st.lists(inner, max_size=2), max_leaves=3))
@example(math.nan)
@example(10**309)
def test_a_number_keeps_its_type(value: object) -> None:
    raw = dict(RUN) | {"duration": value}
    usual = read_usual(AutomationConfig, dict(SMALLEST[AutomationConfig]) | {"lastRun": raw})
    if usual is not None and usual.last_run is not None:
        assert repr(usual.last_run.duration) == repr(value)
