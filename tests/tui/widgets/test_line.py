"""Lines: fitted exactly, and compared so that what is sent makes the old row the new one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from clawtui.tui.widgets.line import (
    ROLES,
    Line,
    Span,
    changed_columns,
    changes_by_second,
    fit,
    fit_end,
    join,
    line,
    spread,
    width_of,
)

texts = st.text(alphabet="ab …é漢字🙂", max_size=12)
lines = st.lists(st.builds(Span, texts, st.sampled_from(ROLES)), max_size=5).map(tuple)


def cells(shown: Line) -> list[tuple[str, str]]:
    """Return what a terminal shows, cell by cell; a wide character has two."""
    return [(character, span.role) for span in shown for character in span.text for _ in range(cell_len(character))]


@given(lines, st.integers(1, 40), st.sampled_from(["left", "right"]))
def test_a_fitted_line_is_exactly_as_wide_as_asked(shown: Line, width: int, align: str) -> None:
    assert width_of(fit(shown, width, "left" if align == "left" else "right")) == width


@given(lines, st.integers(1, 40))
def test_a_line_that_does_not_fit_is_cut_with_a_mark(shown: Line, width: int) -> None:
    text = "".join(span.text for span in fit(shown, width))
    if width_of(shown) > width:
        assert "…" in text
    else:
        assert text.startswith("".join(span.text for span in shown))


@given(lines, lines)
def test_sending_the_changed_columns_makes_the_old_line_the_new_one(old: Line, new: Line) -> None:
    width = max(width_of(old), width_of(new))
    before, after = (cells(fit(shown, width)) if width else [] for shown in (old, new))
    for start, end in changed_columns(old, new):
        before[start:end] = after[start:end]
    assert [cell for cell, _ in before] == [cell for cell, _ in after]


def test_a_changed_digit_is_one_cell() -> None:
    old, new = (line(Span("▸ ", "active"), Span("Sync ripgrep"), Span(f"{n:>4}%")) for n in (64, 65))
    assert changed_columns(old, new) == [(17, 18)]


def test_changes_far_apart_are_sent_apart() -> None:
    old, new = line("a" + "." * 40 + "b"), line("x" + "." * 40 + "y")
    assert changed_columns(old, new) == [(0, 1), (41, 42)]


def test_another_role_is_a_change_too() -> None:
    assert changed_columns(line(Span("late", "plain")), line(Span("late", "warn"))) == [(0, 4)]


@pytest.mark.parametrize("hostile", ["\x1b[2J", "a\nb", "\x9b31m", "\u202egpj.exe", "zero\u200bwidth", "\ud800"])
def test_no_span_holds_a_control_character(hostile: str) -> None:
    assert Span(hostile).text.isprintable()


def test_cells_stand_side_by_side_and_the_right_end_keeps_its_place() -> None:
    assert "".join(span.text for span in join([line("a"), line("b")], 2)) == "a  b"
    assert "".join(span.text for span in spread(line("left"), line("right"), 12)) == "left   right"
    assert "".join(span.text for span in spread(line("much too long"), line("right"), 12)) == "much t…right"


def test_fit_end_cuts_the_front() -> None:
    spans = line("github.com/", "acme/site")
    assert "".join(span.text for span in fit_end(spans, 12)) == "…m/acme/site"
    assert "".join(span.text for span in fit_end(spans, 20)) == "github.com/acme/site"
    assert width_of(fit_end(spans, 30)) == 30


def test_a_piece_that_shows_seconds_differs_again_in_a_second() -> None:
    took = Span("1m01s")
    assert changes_by_second((Span("5m24s"), took), (Span("5m25s"), took))
    assert changes_by_second((Span("in 1m"),), (Span("in 59s"),))
    assert not changes_by_second((Span("in 3m"), took), (Span("in 2m"), took)), "what it took stays as it is"
    assert not changes_by_second((took,), (took,))
