"""The header at every width: what needs a hand is never what gives way."""

from __future__ import annotations

import pytest

from clawtui.tui.panes.header import Header, HeaderSlice

BAD_NIGHT = HeaderSlice(
    root="/srv/clawdbot/state",
    host="gateway-1",
    watch="polling",
    used_slots=2,
    max_slots=3,
    locks_to_look_at=2,
    problems=3,
    read_only=True,
)


def shown(slice: HeaderSlice, width: int) -> str:
    header = Header()
    header._slice = slice
    return "".join(span.text for span in header.make_line(0, width))


def test_where_there_is_room_it_tells_all() -> None:
    said = shown(BAD_NIGHT, 120)
    for part in ("clawtui", "/srv/clawdbot/state", "gateway-1", "READ-ONLY", "3 problems", "2 locks to look at"):
        assert part in said
    assert said.endswith("slots 2/3 ■■□   polling ")


@pytest.mark.parametrize("width", range(60, 130, 5))
def test_at_any_width_what_needs_a_hand_is_there(width: int) -> None:
    said = shown(BAD_NIGHT, width)
    for part in ("READ-ONLY", "3 problems", "2 locks", "slots 2/3", "polling"):
        assert part in said
    assert len(said) == width


def test_a_calm_night_has_nothing_to_look_at() -> None:
    said = shown(HeaderSlice(root="~/.clawdbot", host="gateway-1", watch="watching", max_slots=3), 100)
    assert "problem" not in said
    assert "lock" not in said
    assert "slots 0/3 □□□" in said
