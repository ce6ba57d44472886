"""An expression that takes too long is given up; any other finds what ``re`` finds."""

from __future__ import annotations

import math
import re
import sys
import time

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from clawtui.model.search.expression import Expression, TooSlow, _compiled
from clawtui.model.search.line_filter import found
from clawtui.model.search.parsed_pattern import cheap_length

EVIL = "(a|aa)+$"
LINE = "a" * 60 + "!"

PIECES = (
    *("a", "b", "é", "e\u0301", "²", r"\w", r"\W", r"\d", r"\s", r"\S", r"\b", r"\B", ".", "^", "$", "[ab]", "[^a]"),
    *(r"[\w.]", r"[^\W\d]", "[[:alpha:]]", "{e<=1}", "(", ")", "(?:", "(?=", "(?!", "(?<=", "(?P<n>", "(?P=n)", r"\1"),
    *("|", "*", "+", "?", "*?", "+?", "++", "{2}", "{,2}", "{1,3}?", "(?i:", "(?s:", "(?a:", "(?>", r"\Z", r"\A"),
    *(r"\.", r"\x41", "a-b", "A", "\u017f", "K"),
)
TEXTS = st.text(st.sampled_from("abABeé\u0301²_ .\x1c\n[]:{<=1}kK\u212as\u0130"), min_size=1, max_size=8)


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), st.lists(TEXTS, min_size=3, max_size=6))
def test_regex_finds_what_re_finds(source: str, texts: list[str]) -> None:
    try:
        pattern = re.compile(source)
    except (re.error, OverflowError, RecursionError):
        reject()
    spelled = _compiled(pattern)
    for text in texts:
        assert (spelled.search(text) is None) == (pattern.search(text) is None), text


@pytest.mark.parametrize("source", ["Step", "a.b", "Conflict (detected|resolved)", r"\d{4}-\d\d-\d\d", "[a-z]+", "x?y"])
def test_an_ordinary_expression_is_re_s_own_on_an_ordinary_line(source: str) -> None:
    assert cheap_length(re.compile(source)) > 1000


@pytest.mark.parametrize("source", ["(a+)+$", EVIL, "(a*)*b", "(a?){40}a{40}", "(.*,){20}x", "([a-z]+)*="])
def test_an_expression_that_may_take_for_ever_is_none_of_re_s(source: str) -> None:
    assert cheap_length(re.compile(source)) < 40


@pytest.mark.parametrize("source", ["(a+)+$", EVIL, r"(x+x+)+y|(a|a)+\W$|(a|aa)+$"])
def test_an_endless_search_ends(source: str) -> None:
    test = found(re.compile(source))
    began = time.monotonic()
    try:
        test.holds(LINE.encode() + b"\xff")
    except TooSlow as error:
        assert source in str(error)
        assert "takes too long on this log" in str(error)
        assert "\n" not in str(error)
    assert time.monotonic() - began < 20


def test_what_takes_too_long_says_so() -> None:
    with pytest.raises(TooSlow):
        Expression(re.compile(EVIL)).is_in(LINE)
    with pytest.raises(TooSlow):
        Expression(re.compile(EVIL)).places(LINE)


def test_a_long_line_may_take_long_and_a_short_one_is_still_looked_into() -> None:
    expression = Expression(re.compile(EVIL))
    for _ in range(2):
        with pytest.raises(TooSlow):
            expression.is_in(LINE)
        assert expression.is_in("aaa")
    assert expression.places("xaaxaa") == [(4, 6)]


def test_with_an_allowance_it_is_not_tried_again_and_again() -> None:
    expression = Expression(re.compile(EVIL), allowance=1)
    with pytest.raises(TooSlow):
        expression.is_in(LINE)
    asked = 0
    began = time.monotonic()
    while asked < 1000:
        with pytest.raises(TooSlow):
            expression.is_in(LINE)
        asked += 1
    assert time.monotonic() - began < 20


def test_a_limit_that_is_none_is_none() -> None:
    assert Expression(re.compile("a+"), allowance=math.inf).is_in("ba")
    assert sys.maxsize > cheap_length(re.compile("a")) > 64 * 1024
