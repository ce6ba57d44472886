"""The lines that say why the dashboard is empty."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from clawtui.model.connection import Connection
from clawtui.model.fleet import Fleet
from clawtui.tui.panes.banner import notice_lines

AT = datetime(2025, 1, 26, tzinfo=UTC)


def text_of(fleet: Fleet) -> str:
    return "\n".join("".join(span.text for span in line) for line in notice_lines(fleet))


@pytest.mark.parametrize("is_empty", [False, True])
def test_a_missing_root_on_another_host_is_named_with_that_host(is_empty: bool) -> None:
    there = Connection("work", "connected", host="gw1")
    text = text_of(Fleet("work", watch="waiting", loaded=True, is_empty=is_empty, connection=there))
    assert text.splitlines()[0] == (
        "The root work is empty on gw1." if is_empty else "There is no root work on gw1 yet."
    )
    assert "--root ssh://HOST/DIR" in text and "--root DIR" not in text and "clawtui demo" not in text


def test_a_missing_root_of_no_known_kind_is_not_said_to_be_of_one() -> None:
    text = text_of(Fleet("/srv/gateway", watch="waiting", loaded=True))
    assert text.startswith("There is no state directory at /srv/gateway yet.\nA gateway (OpenClaw or Clawdbot) ")
    assert "clawtui --root DIR" in text and "clawtui demo" in text


def test_without_a_named_root_each_directory_that_is_waited_for_is_named() -> None:
    places = ("~/.openclaw", "~/.clawdbot")
    (first, *_) = notice_lines(Fleet("/home/me/.openclaw", watch="waiting", loaded=True), (), places)
    assert "".join(span.text for span in first) == "There is no state directory at ~/.openclaw or ~/.clawdbot yet."
    empty = Fleet("/home/me/.openclaw", watch="waiting", loaded=True, is_empty=True)
    assert "".join(span.text for span in notice_lines(empty, (), places)[0]) == "/home/me/.openclaw is empty."
