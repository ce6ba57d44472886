"""The footer at every width: the way to all other keys is always there."""

from __future__ import annotations

import pytest

from clawtui.tui.panes.footer import Footer

KEYS = (("/", "filter"), ("+ -", "enable, disable"), ("1…4", "panes"), ("?", "help"), ("q", "quit"), ("d", "details"))


def shown(width: int) -> str:
    footer = Footer()
    footer._keys = KEYS
    return "".join(span.text for span in footer.content.make_line(0, width))


@pytest.mark.parametrize("width", range(10, 100, 7))
def test_help_is_there_however_narrow_it_is(width: int) -> None:
    said = shown(width)
    assert "? help" in said
    assert len(said) == width


def test_where_there_is_room_every_key_is_there_in_its_order() -> None:
    said = shown(100)
    assert [said.index(does) for _, does in KEYS] == sorted(said.index(does) for _, does in KEYS)


def test_of_what_does_not_fit_the_least_important_is_left_out() -> None:
    said = shown(44)
    assert "enable, disable" in said
    assert "details" not in said
