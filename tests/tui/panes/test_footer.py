"""The footer at every width: the way to all other keys is always there."""

from __future__ import annotations

import pytest

from clawtui.tui.panes.footer import Footer, KeyHint


def hint(does: str, *names: str) -> KeyHint:
    return KeyHint(does, tuple((name, name) for name in names))


KEYS = (
    hint("filter", "/"),
    hint("enable, disable", "+", "-"),
    hint("panes", "1", "2", "3", "4"),
    hint("help", "?"),
    hint("quit", "q"),
    hint("details", "d"),
)


def shown(width: int) -> str:
    footer = Footer()
    footer._hints = KEYS
    return "".join(span.text for span in footer.content.make_line(0, width))


@pytest.mark.parametrize("width", range(10, 100, 7))
def test_help_is_there_however_narrow_it_is(width: int) -> None:
    text = shown(width)
    assert "? help" in text
    assert len(text) == width


def test_a_wide_footer_has_every_key_in_order() -> None:
    text = shown(100)
    assert [text.index(does) for does, *_ in KEYS] == sorted(text.index(does) for does, *_ in KEYS)


def test_the_least_important_keys_are_left_out_first() -> None:
    text = shown(44)
    assert "enable, disable" in text
    assert "details" not in text


def test_consecutive_numbers_are_one_name_and_each_key_can_be_clicked() -> None:
    footer = Footer()
    footer._hints = KEYS
    clicks = {span.text: span.click for span in footer.content.make_line(0, 100)}
    assert "1…4 panes" in shown(100)
    assert clicks["4"] == "app.simulate_key('4')"
    assert clicks["filter"] == "app.simulate_key('/')"
    assert not clicks["…"]
