"""Aligned text that fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clawtui.cli.framework.layout import Column, Labelled, Line, Paragraph, Piece, Table
from clawtui.cli.framework.output import Printer

SEEN = Printer().text

words = st.text("ab -漢é", max_size=60)


def text_of(line: Line) -> str:
    return "".join(piece.text if isinstance(piece, Piece) else piece for piece in line)


def cells(text: str) -> int:
    """Return the cells that a terminal uses, found without the code under test."""
    from rich.cells import cell_len

    return cell_len(text)


@given(st.lists(st.tuples(words, words, words), min_size=1), st.integers(30, 120))
def test_a_table_fits_the_room_that_there_is(rows: list[tuple[str, str, str]], room: int) -> None:
    columns = [Column("id"), Column("took", "right"), Column("summary", least=8)]
    lines = list(Table(columns, rows).lines(SEEN, room))
    assert len(lines) == len(rows) + 1
    assert all(cells(text_of(line)) <= room for line in lines)


def test_flexible_columns_shrink_before_fixed_ones() -> None:
    rows = [["auto-sync-main-123", "a long summary of what happened"]]
    lines = [text_of(line).rstrip() for line in Table([Column("id"), Column("summary", least=8)], rows).lines(SEEN, 34)]
    assert lines == ["ID                  SUMMARY", "auto-sync-main-123  a long summar…"]


def test_an_optional_column_is_left_out_without_room() -> None:
    columns = [Column("id"), Column("name", least=12, spare=True), Column("status")]
    rows = [["auto-sync-main-123", "Sync Main Fork with Upstream", "running"]]
    assert [text_of(line).split() for line in Table(columns, rows).lines(SEEN, 30)] == [
        ["ID", "STATUS"],
        ["auto-sync-main-123", "running"],
    ]
    assert "Sync Main Fo…" in text_of(list(Table(columns, rows).lines(SEEN, 42))[1])


def test_numbers_stand_at_the_right() -> None:
    lines = [
        text_of(line) for line in Table([Column("n", "right"), Column("x")], [["1", "a"], ["100", "b"]]).lines(SEEN, 80)
    ]
    assert lines == ["  N  X", "  1  a", "100  b"]


def test_labelled_values_hang_beside_their_labels_and_absent_ones_are_left_out() -> None:
    pairs: list[tuple[str, str | None]] = [("id", "a-b"), ("none", None), ("empty", ""), ("summary", "one two three")]
    assert [text_of(line) for line in Labelled(pairs).lines(SEEN, 16)] == [
        "id       a-b",
        "summary  one two",
        "         three",
    ]


def test_a_secret_that_is_cut_or_broken_over_lines_is_masked_whole() -> None:
    secret = "token=ghp_" + "a" * 36
    blocks = (Table([Column("x")], [[secret]]), Labelled([("x", secret)]), Paragraph(secret))
    for block in blocks:
        for width in range(4, 50):
            assert "aaa" not in "".join(text_of(line) for line in block.lines(SEEN, width))
    assert "aaa" in "".join(text_of(line) for line in Paragraph(secret).lines(Printer(show_secrets=True).text, 20))


def test_a_paragraph_hangs_below_its_beginning_unless_too_little_room_is_left() -> None:
    lead = Piece("12:00 ")
    assert [text_of(line) for line in Paragraph("one two three", lead=lead).lines(SEEN, 13)] == [
        *("12:00 one two", "      three")
    ]
    assert [text_of(line) for line in Paragraph("one two three", lead=lead, least=10).lines(SEEN, 13)] == [
        *("12:00 one two", "  three")
    ]


def test_a_long_label_is_on_separate_lines() -> None:
    for size in (44, 200):
        pairs = [
            (f"config/smart-sync-fork/{'x' * size}.json", "is not JSON5: a value is missing in line 3"),
            ("a", "b"),
        ]
        lines = [text_of(line).rstrip() for line in Labelled(pairs).lines(SEEN, 80)]
        assert all(cells(line) <= 80 for line in lines)
        assert "is not JSON5: a value is missing in line 3" in " ".join(lines)
        assert len(lines) <= 5


@given(st.lists(st.tuples(words, words), min_size=1), st.integers(12, 100))
def test_labelled_values_fit_beside_any_labels(pairs: list[tuple[str, str]], room: int) -> None:
    assert all(cells(text_of(line).rstrip()) <= room for line in Labelled(pairs).lines(SEEN, room))
