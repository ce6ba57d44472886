"""The one door through which text from disk comes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clawtui.model.text.cleaning import MAX_LINE, clean
from clawtui.model.text.width import CUT_MARK

HOSTILE_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Controls, format characters (bidi overrides and zero-width ones among them), surrogates, separators."""

INVISIBLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\ufe00\ufe0e\ufe0f\uffa0\U000e0100\U000e01ef"
"""What draws nothing though its category is harmless: joiners, fillers, variation selectors."""

every_character = st.characters(exclude_categories=[])
hostile = st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp"]) | st.sampled_from(INVISIBLE)


def is_hostile(character: str) -> bool:
    return unicodedata.category(character) in HOSTILE_CATEGORIES or character in INVISIBLE


def assert_harmless(text: str) -> None:
    assert not [character for character in text if is_hostile(character)]
    assert len(text.splitlines()) <= 1
    assert len(text) <= MAX_LINE
    text.encode("utf-8")


def test_every_single_hostile_character_is_made_harmless() -> None:
    for point in range(0x110000):
        if is_hostile(chr(point)):
            assert_harmless(clean(f"a{chr(point)}b"))
            assert_harmless(clean(f"⚠{chr(point)}⚠"))


@given(st.text(every_character | hostile))
@example("⚠\ufe0f\ufe0f\u200d\u200d⚠")
def test_any_text_becomes_one_clean_line(text: str) -> None:
    assert_harmless(clean(text))
    assert clean(clean(text)) == clean(text)


@given(st.text(hostile, min_size=1), st.integers(MAX_LINE - 10, 3 * MAX_LINE))
def test_a_text_that_is_too_long_after_cleaning_is_cut_with_a_mark(text: str, length: int) -> None:
    long = (text * (length // len(text) + 1))[:length]
    assert_harmless(clean(long))


def test_a_line_is_cut_exactly_where_it_is_too_long() -> None:
    assert clean("x" * MAX_LINE) == "x" * MAX_LINE
    assert clean("x" * (MAX_LINE + 1)) == "x" * (MAX_LINE - 1) + CUT_MARK
    assert clean("é" * MAX_LINE) == "é" * MAX_LINE
    assert clean("\x1b" * MAX_LINE) == "␛" * MAX_LINE
    assert clean("é" + "\u202e" * (MAX_LINE // 2))[-1] == CUT_MARK


harmless = st.characters(categories=["L", "M", "N", "P", "S"], exclude_characters=INVISIBLE).filter(
    lambda character: "VARIATION SELECTOR" not in unicodedata.name(character, "")
)


@given(st.text(harmless | st.just(" ")))
def test_harmless_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Zürich",
        "naïve cafe\u0301",
        "日本語のログ",
        "한국어",
        "🚀 done 🎉",
        "👍🏽",
        "🇩🇪",
        "עברית",
        "العربية",
        "→ ✔ ⚠ █▌",
        "[/] [INFO]",
    ],
)
def test_text_that_people_write_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("⚠\ufe0f careful", "⚠ careful"),
        ("❤\ufe0f\u200d🔥", "❤🔥"),
        ("👨\u200d👩\u200d👧", "👨👩👧"),
        ("1\ufe0f\u20e3", "1\u20e3"),
    ],
)
def test_joined_emoji_are_split_into_characters_of_known_width(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb", "a b"),
        ("a\nb\r\n", "a⏎b⏎⏎"),
        ("\x1b[31mred\x07", "␛[31mred␇"),
        ("\x9b31m", "<9B>31m"),
        ("nul\0", "nul␀"),
        ("del\x7f", "del␡"),
        ("unit\x1f", "unit␟"),
        ("admin\u202egpj.exe", "admin<202E>gpj.exe"),
        ("re\u200dpo", "re<200D>po"),
        ("x\ufe0f", "x<FE0F>"),
        ("пароль\u200b", "пароль<200B>"),
        ("\ud800\udfff", "��"),
        ("\U000e0041", "<E0041>"),
    ],
)
def test_hiding_and_moving_characters_are_escaped(text: str, shown: str) -> None:
    assert clean(text) == shown
