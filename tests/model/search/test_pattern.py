"""Patterns: case, what RE2 must not do here, and the same answer line by line and block by block, on either engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.search import engine
from clawtui.model.search.engine import InvalidPattern, literal_searcher, pattern_searcher
from clawtui.model.search.line_filter import MAX_LINE_BYTES, cut_line, pattern_filter
from clawtui.model.search.pattern import Pattern
from clawtui.model.search.syntax import has_upper_case

needs_re2 = pytest.mark.skipif(engine._re2() is None, reason="google-re2 is not installed")


def clear() -> None:
    for cached in (engine._re2, pattern_searcher, literal_searcher):
        cached.cache_clear()


@pytest.fixture
def without_re2(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(__import__("sys").modules, "re2", None)
    clear()
    yield
    monkeypatch.undo()
    clear()


def found(pattern: str, data: bytes, case_sensitive: bool = False) -> list[bytes]:
    """Return the lines of `data` that match."""
    lines = pattern_filter(Pattern.parse(pattern, case_sensitive)).lines(data, 0, len(data))
    return [data[start:end] for start, end in lines]


@pytest.mark.parametrize(
    "source", ["abc", r"\S+\W\D\B", r"\pL\p{Lu}", "(?P<Name>x)", "(?U)a", r"\Qa\E", "[a-z]", "é", ""]
)
def test_a_pattern_without_upper_case_letters_ignores_case(source: str) -> None:
    assert not has_upper_case(source)


@pytest.mark.parametrize("source", ["Abc", "[A-Z]", r"\x41", r"\x{41}", r"\QaB\E", "(?P<n>X)", "É", r"\SX", "[^a-zB]"])
def test_an_upper_case_letter_is_one_wherever_it_is_literal(source: str) -> None:
    assert has_upper_case(source)


def test_case() -> None:
    data = "Straße\nERROR\nerror\nÉté\n".encode()
    assert found("error", data) == [b"ERROR", b"error"]
    assert found("Error", data) == []
    assert found("(?i)ErroR", data) == [b"ERROR", b"error"]
    assert found("error", data, case_sensitive=True) == [b"error"]
    assert found("(?i)Error", data, case_sensitive=True) == [b"ERROR", b"error"]
    assert found("(?-i)error", data) == [b"error"]
    assert found("é", data) == ["Été".encode()]


@needs_re2
@pytest.mark.parametrize("pattern", ["(", "[[:foo:]]", "(?=a)", r"(a)\1", "a++", "(?P<n>a)(?P=n)", r"\C", "\ud800"])
def test_a_pattern_that_re2_does_not_support_is_an_error_without_output(
    pattern: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidPattern) as error:
        Pattern.parse(pattern)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith(f"“{pattern}” ")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("pattern", "lines"),
    [
        ("a[^x]b", []),
        (r"a\sb", []),
        (r"(?s)a.b", []),
        ("a\nb", []),
        (r"a\nb", []),
        ("^b$", [b"b"]),
        ("^$", [b""]),
        (r"\Ab", [b"b", b"b c"]),
        (r"a\z", [b"a"]),
        (r"(?-m)^b$", [b"b"]),
        ("x*", [b"a", b"b", b"", b"b c"]),
        (r"\s", [b"b c"]),
    ],
)
@needs_re2
def test_a_match_is_within_one_line(pattern: str, lines: list[bytes]) -> None:
    assert found(pattern, b"a\nb\n\nb c\n") == lines


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (r"^\w+$", "größe_7"),
        (r"^\d+$", "٣7"),
        (r"^a\sb$", "a\u00a0b"),
        (r"^\W$", "→"),
        (r"^[\w-]+$", "ä-ö"),
        (r"^\D$", "é"),
        (r"^\S$", "世"),
    ],
)
def test_classes_are_those_of_unicode(pattern: str, line: str) -> None:
    assert found(pattern, f"{line}\n".encode()) == [line.encode()]
    assert not Pattern.parse(r"\W").matches("é".encode())


@pytest.mark.parametrize("pattern", ["a.b", "a[^x]b", "^a.*b$", r"a\Wb", "(?s)a.b", "é.*a.b|a.b", "a\ufffdb"])
def test_bytes_that_are_not_utf8_are_characters_like_any_other(pattern: str) -> None:
    line = b"a\xffb"
    data = b"plain\n" + line + b"\n\xc3\xa9 plain\n"
    assert Pattern.parse(pattern).matches(line)
    assert line in found(pattern, data)


def test_a_pattern_above_the_limit_of_the_engine_is_an_error() -> None:
    with pytest.raises(InvalidPattern):
        Pattern.parse("(((a{100}){100}){100}){100}")
    assert literal_searcher((b"x" * 3_000_000,), ignore_case=True) is None


@needs_re2
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "(a?){40}a{40}", "(.*,){20}x", "([a-z]+)*="])
def test_no_pattern_takes_more_than_its_share_of_time(pattern: str) -> None:
    line = b"a" * 60_000 + b"!"
    Pattern.parse(pattern).matches(line)  # with `re` it would not end


def test_only_the_beginning_of_an_overlong_line_is_searched() -> None:
    long = b"early " + b"x" * MAX_LINE_BYTES + b" late"
    data = b"early\n" + long + b"\nlate\n"
    assert found("early", data) == [b"early", long]
    assert found("late", data) == [b"late"]
    assert found("x$", data) == [long]
    for pattern in ("early", "late", "x$", "…"):
        line_filter = pattern_filter(Pattern.parse(pattern))
        assert line_filter.admits(cut_line(long)) == (long in found(pattern, data))


SOURCES = st.lists(
    st.sampled_from(
        ["a", "b", "É", "é", "世", ".", r"\.", r"\d", r"\s", r"\w", r"\W", "[ab]", "[^a]", "^", "$", "(a|b)"]
    )
    | st.sampled_from(
        ["a*", "b?", "é+", ".*", "(?:ab)+", "|", "[^é]{2}", r"\x61", " ", "\\\\", "(?i)", "(?:é|b)", r"\Ab"]
    ),
    max_size=6,
).map("".join)
LINES = st.lists(
    st.lists(
        st.sampled_from([b"a", b"b", "é".encode(), "É".encode(), b"\xff", b"\xc3", "世".encode(), b" ", b"7", b"\\"])
    )
    .map(b"".join)
    .map(bytes),
    max_size=8,
)


def expected(pattern: Pattern, line: bytes) -> bool:
    """Return what Python's own engine finds in the line as it is shown."""
    compiled = re.compile(pattern.source, re.IGNORECASE if pattern.ignore_case else 0)
    return compiled.search(line.decode("utf-8", "replace")) is not None


def check(source: str, lines: list[bytes]) -> None:
    try:
        re.compile(source)
        pattern = Pattern.parse(source)
    except (InvalidPattern, re.error, DeprecationWarning, FutureWarning):
        return
    data = b"".join(line + b"\n" for line in lines)
    expected_lines = [line for line in lines if expected(pattern, line)]
    assert [line for line in lines if pattern.matches(line)] == expected_lines
    assert found(source, data) == expected_lines


@needs_re2
@given(source=SOURCES, lines=LINES)
def test_every_line_that_matches_is_found_in_a_block_and_alone(source: str, lines: list[bytes]) -> None:
    check(source, lines)


def test_without_re2_the_same_lines_are_found(without_re2: None) -> None:
    @given(source=SOURCES, lines=LINES)
    def same(source: str, lines: list[bytes]) -> None:
        check(source, lines)

    same()
    assert engine.engine_name().startswith("re (google-re2 is not installed")
    with pytest.raises(InvalidPattern, match=r"“\(” is no regular expression"):
        Pattern.parse("(")


@needs_re2
def test_the_engine_is_named_with_its_version() -> None:
    assert re.match(r"google-re2 \d", engine.engine_name())


def test_highlights_are_counted_in_characters() -> None:
    assert Pattern.parse("b+|x*").spans("世é bb b") == [(3, 5), (6, 7)]
