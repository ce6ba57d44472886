"""The width of text in cells, and text that is cut or wrapped to a width."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from clawtui.model.text.width import CUT_MARK, cell_width, cut, cut_start, prefix_end, row_bounds, wrap

texts = st.text("ab -漢字é✗😀e\u0301", max_size=80)


@given(texts)
def test_the_width_is_that_of_the_dashboard(text: str) -> None:
    assert cell_width(text) == cell_len(text)


@given(texts, st.integers(0, 40))
def test_the_fitting_part_is_as_long_as_possible(text: str, width: int) -> None:
    end = prefix_end(text, width)
    assert cell_len(text[:end]) <= width
    assert end == len(text) or cell_len(text[: end + 1]) > width


@given(texts, st.integers(1, 40))
def test_cut_text_fits_and_has_a_mark(text: str, width: int) -> None:
    if cell_len(text) <= width:
        assert cut(text, width) == cut_start(text, width) == text
        return
    head, tail = cut(text, width), cut_start(text, width)
    assert max(cell_len(head), cell_len(tail)) <= width
    assert head.endswith(CUT_MARK)
    assert text.startswith(head.removesuffix(CUT_MARK))
    assert tail.startswith(CUT_MARK)
    assert text.endswith(tail.removeprefix(CUT_MARK))
    assert cell_len(tail) >= width - 1, "no more than half a wide character is given away"


@given(texts, st.integers(2, 40), st.integers(0, 6))
def test_rows_fit_and_together_have_everything_but_blanks(text: str, width: int, indent: int) -> None:
    bounds = list(row_bounds(text, width, indent))
    for at, (start, end) in enumerate(bounds):
        assert cell_len(text[start:end]) <= max(2, width if at == 0 else width - indent)
    assert "".join(text[start:end] for start, end in bounds).replace(" ", "") == text.replace(" ", "")
    gaps = zip(bounds, [*bounds[1:], (len(text), 0)], strict=True)
    assert all(not text[end:following].strip(" ") for (_, end), (following, _) in gaps)


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("", 10, [""]),
        ("Synced 15 commits, resolved 3", 12, ["Synced 15", "commits,", "resolved 3"]),
        ("ab cd", 5, ["ab cd"]),
        ("ab cd ef", 5, ["ab cd", "ef"]),
        ("https://github.com/x", 10, ["https://gi", "thub.com/x"]),
        ("auto-sync-main-123 failed", 18, ["auto-sync-main-123", "failed"]),
        ("漢" * 5, 4, ["漢漢", "漢漢", "漢"]),
        ("漢" * 3, 3, ["漢", "漢", "漢"]),
        ("key: 漢漢漢", 9, ["key: 漢漢", "漢"]),
        ("e\u0301" * 4, 2, ["e\u0301e\u0301", "e\u0301e\u0301"]),
        ("one\ntwo\tthree", 8, ["one two", "three"]),
        ("ends   ", 5, ["ends"]),
        ("    deep and deeper", 9, ["    deep", "and", "deeper"]),
    ],
)
def test_rows_end_at_blanks_or_beside_wide_characters(text: str, width: int, rows: list[str]) -> None:
    assert wrap(text, width) == rows


def test_later_rows_are_indented_and_the_last_of_too_many_is_cut() -> None:
    assert wrap("one two three four", 8, indent=2) == ["one two", "  three", "  four"]
    assert wrap("one two three four", 8, indent=2, max_rows=2) == ["one two", "  three…"]
    assert wrap("one two", 8, max_rows=1) == ["one two"]


def test_ascii_text_is_measured_cut_and_wrapped_without_rich() -> None:
    script = (
        "import sys; from clawtui.model.text.width import cell_width, cut, wrap;"
        "print(cell_width('abc'), cut('abcdef', 4), wrap('ab cd', 3), 'rich' in sys.modules);"
        "cell_width('é'); print('rich' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, timeout=60)
    assert ended.stdout == "3 abc… ['ab', 'cd'] False\nTrue\n"
