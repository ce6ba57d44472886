"""The literals that every match of a regular expression contains."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.search.engine import InvalidPattern
from clawtui.model.search.line_filter import pattern_filter
from clawtui.model.search.literals import required_literals
from clawtui.model.search.pattern import Pattern


@pytest.mark.parametrize(
    ("pattern", "literals"),
    [
        ("Conflict", ("Conflict",)),
        (r"src/a\.ts", ("src/a.ts",)),
        ("Conflict (detected|resolved)", ("Conflict ",)),
        ("fork|too large", ("fork", "too large")),
        ("step [0-9]+ of", ("step ",)),
        ("ab?c", ("a",)),
        ("abc*de", ("ab",)),
        ("x+y", ("x",)),
        (r"\d+ files", (" files",)),
        ("[|](a)", None),
        ("(abc)?", None),
        ("", None),
        ("(?i)abc", None),
        ("a|", None),
        ("(?x) a b", None),
    ],
)
def test_required_literals_are_found_in_an_expression(pattern: str, literals: tuple[str, ...] | None) -> None:
    required = required_literals(pattern)
    assert (None if required is None else required.texts) == literals


@pytest.mark.parametrize("text", ["plain", "a.b", "a+b (c)", "é|è", "\\", "[x]", "tab\tand", "#- ~"])
def test_an_escaped_text_is_nothing_but_itself(text: str) -> None:
    required = required_literals(re.escape(text))
    assert required == ((text,), True)
    assert Pattern.literal(text).matches(f"before {text} behind".encode())


@pytest.mark.parametrize("pattern", ["a.", "^a", "a$", "(a)", "a+", r"a\b", "[a]", r"\d"])
def test_an_expression_with_operators_is_no_exact_literal(pattern: str) -> None:
    required = required_literals(pattern)
    assert required is None or not required.exact


ATOMS = st.sampled_from(["a", "b", "ab", ".", r"\.", r"\d", r"\s", "[ab]", "[^a]", "[]b]", "(a|b)", "(ab)", "(?:b|ba)"])
ATOMS |= st.sampled_from(["é", "^", "$", " ", "7", r"\\", r"[\]a]", "(b(a)?)"])
PATTERNS = st.lists(
    st.tuples(ATOMS, st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{0,1}", "+?"])).map("".join), max_size=5
).map("".join)


@given(pattern=st.lists(PATTERNS, min_size=1, max_size=3).map("|".join), text=st.text("ab.é7 \\]x", max_size=12))
def test_required_literals_exclude_no_match(pattern: str, text: str) -> None:
    try:
        compiled = re.compile(pattern)
    except re.error:
        return
    try:
        parsed = Pattern.parse(pattern, case_sensitive=True)
    except InvalidPattern:
        return
    line = text.encode()
    lines = [start for start, _ in pattern_filter(parsed).lines(line, 0, len(line) or 1)]
    assert bool(lines) == parsed.matches(line) == (compiled.search(text) is not None)
