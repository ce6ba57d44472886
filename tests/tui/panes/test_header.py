"""The header at every width: what needs a hand is never what gives way."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from clawtui.tui.panes.header import Header, HeaderViewModel

BAD_NIGHT = HeaderViewModel(
    root="/srv/clawdbot/state",
    host="gateway-1",
    watch="polling",
    used_slots=2,
    max_slots=3,
    locks_to_look_at=2,
    problems=3,
    findings=5,
    read_only=True,
)


def shown(slice: HeaderViewModel, width: int) -> str:
    header = Header()
    header.shown = slice
    return "".join(span.text for span in header.content.make_line(0, width))


def test_a_wide_header_has_all_counts() -> None:
    text = shown(BAD_NIGHT, 130)
    for part in (
        "clawtui",
        "/srv/clawdbot/state",
        "gateway-1",
        "READ-ONLY",
        "3 problems",
        "5 findings",
        "2 locks to look at",
    ):
        assert part in text
    assert text.endswith("slots 2/3 ■■□   polling ")


@pytest.mark.parametrize("width", range(65, 130, 5))
def test_what_is_wrong_with_a_connection_is_shown_once_in_place_of_how_changes_are_noticed(width: int) -> None:
    text = shown(replace(BAD_NIGHT, watch="stuck", connection="no connection"), width)
    assert text.rstrip().endswith(" no connection")
    assert "stuck" not in text


@pytest.mark.parametrize("width", range(60, 130, 5))
def test_urgent_counts_are_shown_at_any_width(width: int) -> None:
    text = shown(BAD_NIGHT, width)
    for part in ("READ-ONLY", "3 problems", "5 findings", "2 locks", "slots 2/3", "polling"):
        assert part in text
    assert len(text) == width


def test_the_root_is_shown_in_80_columns() -> None:
    night = HeaderViewModel("~/.clawdbot", "gateway-1", "watching", 3, 3, locks_to_look_at=3, problems=1)
    text = shown(night, 80)
    assert text.startswith(" clawtui  ~/.clawdbot ")
    assert "3 locks" in text


def test_a_calm_night_has_nothing_to_look_at() -> None:
    text = shown(HeaderViewModel(root="~/.clawdbot", host="gateway-1", watch="watching", max_slots=3), 100)
    assert "problem" not in text
    assert "lock" not in text
    assert "slots 0/3 □□□" in text


def test_only_urgent_counts_are_red() -> None:
    for shown, expected in [
        (HeaderViewModel(locks_to_look_at=1), set()),
        (HeaderViewModel(locks_to_look_at=1, locks_need_action=True), {"1 lock to look at"}),
        (HeaderViewModel(findings=2), set()),
        (HeaderViewModel(findings=2, findings_role="bad"), {"2 findings"}),
    ]:
        header = Header()
        header.shown = shown
        assert {span.text for span in header.content.make_line(0, 120) if span.role == "bad"} == expected


@pytest.mark.parametrize("width", range(70, 130))
def test_the_name_stays_at_the_left_and_how_it_watches_at_the_right_end(width: int) -> None:
    night = HeaderViewModel("/srv/state", "gateway-1", "watching", 1, 3, locks_to_look_at=2, problems=1, findings=3)
    text = shown(night, width)
    assert text.startswith(" clawtui ")
    assert text.endswith(" watching ")
