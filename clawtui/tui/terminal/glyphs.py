"""The glyphs of the dashboard. Each is shown together with a word or a colour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clawtui.model.documents.settings import AsciiChoice
from clawtui.model.liveness.verdict import Verdict
from clawtui.model.run_state import Status


class _RunMarks(dict[str, str]):
    def __missing__(self, state: str) -> str:
        return "?"


RUN_MARK: Final[Mapping[str, str]] = _RunMarks(
    {
        "queued": "·",
        "running": "▸",
        "paused": "=",
        "success": "✓",
        "partial": "◐",
        "failed": "✗",
        "timed out": "✗",
        "cancelled": "–",
        "skipped": "–",
        "superseded": "–",
        "interrupted": "✗",
        "lost": "✗",
        "unknown": "?",
    }
)
"""The glyph of a run's state (`RunState`); ``?`` for a status that is not in the design."""
STATUS_MARK: Final[Mapping[Status, str]] = {
    "running": "▸",
    "paused": "=",
    "lost": "✗",
    "failed": "✗",
    "invalid": "!",
    "idle": " ",
    "disabled": "○",
}
VERDICT_MARK: Final[Mapping[Verdict, str]] = {
    "orphaned": "✗",
    "invalid": "!",
    "foreign": "?",
    "quiet": "~",
    "live": "▸",
}
BAR_DONE = "━"
BAR_FULL = "█"
BAR_LEFT = "─"
BAR_GOES_ON = "→"
SLOT_USED = "■"
SLOT_FREE = "□"
CURRENT = "▸"
CURSOR = "›"
MATCHED = "•"
FOCUS = "▌"
PROBLEM = "!"
SCROLL_TRACK = "│"
SCROLL_THUMB = "┃"
SCROLL_MARK = "■"
ABOVE = "▲"
BELOW = "▼"
RULE = "─"

_PLAIN_TERMINALS: Final = ("linux", "vt52", "vt100", "vt102", "vt220", "vt320", "ansi", "cons25", "sun")
"""Terminals whose fonts have few characters besides ASCII."""


def wants_ascii(choice: AsciiChoice, environment: Mapping[str, str]) -> bool:
    """Return whether to draw only ASCII: by the setting; for ``auto``, if the locale or the terminal lacks the glyphs.

    An unset locale counts as UTF-8; a locale that is set to C or to another encoding does not.
    """
    if choice != "auto":
        return choice == "always"
    if environment.get("TERM") in _PLAIN_TERMINALS:
        return True
    set_ = (environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next((value for value in set_ if value), None)
    return locale is not None and "utf" not in locale.lower()
