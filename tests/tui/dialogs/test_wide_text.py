"""Wide characters in dialogs and artifacts: a row has room for half as many, and none is lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from clawtui.model.documents.base import Problem
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.tui.dialogs.dialog_text import problem_lines
from clawtui.tui.dialogs.finding_lines import finding_lines
from clawtui.tui.dialogs.lock_text import labelled, wrapped
from clawtui.tui.panes.artifacts.markdown import markdown_lines
from clawtui.tui.widgets.line import Line, width_of

WIDTH = 60
WIDE = "漢" * 60

SHOWN: dict[str, Callable[[], Sequence[Line]]] = {
    "a sentence of the release dialog": lambda: wrapped(WIDE, WIDTH),
    "a labelled value of the release dialog": lambda: labelled([("repository", WIDE)], WIDTH),
    "a sentence with wide and narrow words": lambda: wrapped(f"held by {WIDE[:30]} on {WIDE[30:]}", WIDTH),
    "a file that cannot be read": lambda: problem_lines(Fleet("/", problems={"a": Problem("a", WIDE)}), WIDTH),
    "a finding": lambda: finding_lines((Finding("code", "error", "a", WIDE, None),), WIDTH),
    "an artifact": lambda: markdown_lines(WIDE, WIDTH),
    "an item of an artifact": lambda: markdown_lines(f"- {WIDE}", WIDTH),
}


@pytest.mark.parametrize("name", SHOWN)
def test_sixty_wide_characters_are_all_shown_and_fit(name: str) -> None:
    lines = SHOWN[name]()
    text = "".join(span.text for line in lines for span in line)
    assert text.count("漢") == 60
    assert all(width_of(line) <= WIDTH for line in lines if any("漢" in span.text for span in line))
