"""The content of a file after a merge with conflicts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clawtui.demo.seed.fleet_spec import SPECS
from clawtui.demo.seed.sources import INITIAL, hunks, reconcile, source

_LINE = st.text(alphabet="abc {}:;\t", max_size=8).map(lambda text: text + "\n")
_LINES = st.lists(_LINE, max_size=4).map("".join)


def _conflict(ours: str, theirs: str) -> str:
    return f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> upstream/main\n"


@given(st.lists(st.tuples(_LINES, _LINES, _LINES), max_size=4))
def test_no_marker_is_left_and_every_line_is_of_one_side(parts: list[tuple[str, str, str]]) -> None:
    conflicted = "".join(between + _conflict(ours, theirs) for between, ours, theirs in parts)
    settled = reconcile(conflicted)
    assert hunks(conflicted) == len(parts)
    assert hunks(settled) == 0
    assert not any(line.startswith(("<<<<<<<", ">>>>>>>")) for line in settled.splitlines())
    assert set(settled.splitlines()) <= {line for feature in parts for text in feature for line in text.splitlines()}


def test_both_sides_are_taken_in_turn() -> None:
    assert reconcile("a\n" + _conflict("b1\nc1\n", "b2\nc2\n") + "d\n") == "a\nb1\nc2\nd\n"


def test_every_source_of_the_cast_shows_its_knobs() -> None:
    for path in {path for spec in SPECS for path in spec.files}:
        text = source(path, INITIAL)
        other = source(path, INITIAL._replace(workers=77, batch=1999))
        assert "$" not in text
        assert "77" in other
        assert "1999" in other
        assert 2 <= sum(a != b for a, b in zip(text.splitlines(), other.splitlines(), strict=True)) <= 3
