"""The base of the documents: both engines read the same, and a document knows what its file had."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, field
from pydantic import ValidationError

from clawtui.model.checked.judge import judged, judged_field, judged_json
from clawtui.model.checked.markers import Expected, InsteadOfNull, Known
from clawtui.model.checked.reading import from_json, from_json_line, from_plain, made, refused
from clawtui.model.checked.struct import Checked, Refusal
from clawtui.model.checked.usual import read_usual
from tests.model.checked.seen import seen


def even_schema() -> Any:
    from pydantic_core import core_schema

    return core_schema.int_schema(strict=True, multiple_of=2)


class Part(Checked, rename="camel", gc=False):
    short_name: Annotated[str, Meta(min_length=1, max_length=5)]
    at: Known[Annotated[datetime, Meta(tz=True)]]


class Whole(Checked, rename="camel"):
    keeps_unknown: ClassVar[bool] = True

    main_part: Part
    more_parts: Annotated[tuple[Part, ...], Meta(max_length=2)] = ()
    even: Annotated[int, Meta(multiple_of=2), Expected("an even number", even_schema)] = 0
    rest: Annotated[Mapping[str, object], InsteadOfNull(dict)] = field(default_factory=dict)
    other_part: Part | None = None

    @classmethod
    def refusal_of(cls, raw: object) -> Refusal | None:
        return Refusal("needs", {"what": "fewer keys"}) if isinstance(raw, dict) and len(raw) > 20 else None

    def refusal(self) -> Refusal | None:
        return Refusal("needs", {"what": "another rest"}) if "bad" in self.rest else None

    def usual(self) -> bool:
        return "bad" not in self.rest


class Strict(Checked, rename="kebab"):
    two_words: bool = False


PART = {"shortName": "x", "at": "2025-01-26T10:30:00Z"}
NOON = datetime(2025, 1, 26, 10, 30, tzinfo=UTC)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from([PART, PART["at"], [PART], [PART] * 3, "2025-01-26 10:30Z", 2, 3.0]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["shortName", "short_name", "at", "q", "bad"]), inner, max_size=4)
    ),
)
keys = st.sampled_from(
    ["mainPart", "main_part", "moreParts", "even", "rest", "otherPart", "(origin)", "_origin", "new"]
)


@given(st.dictionaries(keys, values, max_size=6).map(lambda raw: {"mainPart": PART, **raw}) | values)
def test_what_msgspec_reads_pydantic_reads_too_and_the_same(raw: object) -> None:
    usual = read_usual(Whole, raw)
    if usual is not None:
        strict = judged(Whole, raw)
        assert seen(usual) == seen(strict)
        assert usual == strict
        assert strict == usual


def test_usual_content_is_read_by_msgspec() -> None:
    raw = {"mainPart": PART, "moreParts": [PART], "even": 4, "rest": {"a": 1}, "otherPart": None}
    usual = read_usual(Whole, raw)
    assert usual is not None
    assert usual.present == {"main_part", "more_parts", "even", "rest", "other_part"}
    assert usual.main_part.present == {"short_name", "at"}
    assert usual.main_part.at == NOON
    bare = read_usual(Whole, {"mainPart": PART})
    assert bare is not None
    assert bare.present == {"main_part"}
    assert bare.unknown == {}


def test_unknown_keys_are_kept_or_refused() -> None:
    raw = {"mainPart": PART, "new": 1, "main_part": 2}
    for document in (read_usual(Whole, raw), judged(Whole, raw)):
        assert document is not None
        assert document.unknown == {"new": 1, "main_part": 2}
    assert from_plain(Whole, {"mainPart": PART, "(origin)": None}).unknown == {"(origin)": None}
    with pytest.raises(ValidationError, match="extra_forbidden"):
        from_plain(Strict, {"two_words": True})
    assert from_plain(Strict, {"two-words": True}).two_words
    assert Strict(two_words=True) == from_plain(Strict, {"two-words": True})


def test_a_fault_has_its_place_by_the_names_on_disk() -> None:
    with pytest.raises(refused()) as caught:
        from_plain(Whole, {"mainPart": {"shortName": "", "at": None}, "moreParts": [PART] * 3, "even": 3})
    assert [(fault["type"], fault["loc"]) for fault in caught.value.errors()] == [
        ("string_too_short", ("mainPart", "shortName")),
        ("datetime_type", ("mainPart", "at")),
        ("too_long", ("moreParts",)),
        ("expected", ("even",)),
    ]
    with pytest.raises(ValidationError, match="model_type"):
        from_plain(Whole, [])
    with pytest.raises(ValidationError, match="needs another rest"):
        Whole(main_part=from_plain(Part, PART), rest={"bad": 1})
    with pytest.raises(ValidationError, match="needs fewer keys"):
        judged(Whole, {str(number): number for number in range(21)})
    with pytest.raises(ValidationError, match="string_too_long"):
        judged_field(Part, "short_name", "longer")


def test_a_document_made_in_python_is_checked_too() -> None:
    part = Part(short_name="x", at=NOON)
    assert part == from_plain(Part, PART)
    whole = Whole(main_part=part, even=0, more=1)  # type: ignore[call-arg]  # an unknown key
    assert whole.main_part is part
    assert whole.present == {"main_part", "even"}
    assert whole.unknown == {"more": 1}
    assert whole == Whole(mainPart=part, more=1)  # type: ignore[call-arg]  # by its name on disk
    assert whole != Whole(main_part=part)
    assert judged(Whole, whole) is whole
    assert made(Whole, {"main_part": {"short_name": "x", "at": NOON}}) == Whole(main_part=part)
    assert made(Whole, {"main_part": part, "more_parts": [{"short_name": "x", "at": NOON}]}).more_parts == (part,)
    with pytest.raises(ValidationError, match="expected"):
        Whole(main_part=part, even=3)


def test_a_changed_copy_knows_what_was_set_and_keeps_unknown_keys() -> None:
    whole = from_plain(Whole, {"mainPart": PART, "new": 1})
    changed = whole.changed(even=3)
    assert changed.even == 3
    assert changed.present == {"main_part", "even"}
    assert changed.unknown == {"new": 1}
    assert whole.even == 0
    assert whole.present == {"main_part"}
    assert from_plain(Part, PART).changed(at=None).present == {"short_name", "at"}


def test_a_document_is_pickled_and_copied_with_all_that_is_known_of_it() -> None:
    for raw in ({"mainPart": PART}, {"mainPart": PART, "even": 0, "new": [1]}):
        whole = from_plain(Whole, raw)
        for other in (pickle.loads(pickle.dumps(whole)), copy.deepcopy(whole), copy.copy(whole)):
            assert seen(other) == seen(whole)
            assert other == whole


def test_equality_ignores_what_was_set_and_not_what_is_unknown() -> None:
    plain, set_too = from_plain(Whole, {"mainPart": PART}), from_plain(Whole, {"mainPart": PART, "even": 0})
    assert plain == set_too
    assert set_too == plain
    assert plain != from_plain(Whole, {"mainPart": PART, "new": 1})
    assert hash(from_plain(Part, PART)) == hash(Part(short_name="x", at=NOON))


def test_null_takes_the_place_of_an_empty_object_only_where_that_is_allowed() -> None:
    assert from_plain(Whole, {"mainPart": PART, "rest": None}).rest == {}
    assert read_usual(Whole, {"mainPart": PART, "rest": None}) is None
    assert read_usual(Part, PART | {"at": None}) is None


DEEP = '{"mainPart": {"shortName": "x", "at": "2025-01-26T10:30:00Z"}, "new": %s}'


@pytest.mark.parametrize(
    "new", ["NaN", "1e999", "1" * 40, '"\\ud800"', '"\\ud83d\\ude00"', "[" * 150 + "]" * 150, "-0"]
)
def test_json_has_the_same_values_in_both_engines(new: str) -> None:
    strict: object
    try:
        strict = seen(judged_json(Whole, DEEP % new))
    except ValidationError:
        strict = None
    try:
        assert seen(from_json(Whole, DEEP % new)) == strict
    except ValidationError:
        assert strict is None


@pytest.mark.parametrize("text", ["", "[]", "{", b"\xff", '{"mainPart": {}, "new": ' + "[" * 300, "\ud800"])
def test_json_that_is_no_such_document_is_refused_by_pydantic(text: str | bytes) -> None:
    assert from_json_line(Whole, text) is None
    with pytest.raises((ValidationError, UnicodeEncodeError, TypeError)):
        from_json(Whole, text)
