"""Escape sequences for mouse reports, the clipboard and desktop notifications.

A terminal answers none of them, so the program cannot know whether they had an effect.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

from clawtui.model.text.cleaning import displayable

_CLICKS_DRAGS_AND_WHEEL: Final = (1000, 1002, 1006)
"""The mouse modes, without 1003, which reports every motion of the mouse: megabytes over SSH."""


def mouse_reports(*, on: bool) -> str:
    """Return the sequence that switches reports of clicks, drags and the wheel on or off."""
    return "".join(f"\x1b[?{mode}{'h' if on else 'l'}" for mode in _CLICKS_DRAGS_AND_WHEEL)


def clipboard(text: str) -> str:
    """Return the sequence that puts `text` into the clipboard (OSC 52)."""
    return f"\x1b]52;c;{base64.b64encode(text.encode(errors='surrogateescape')).decode()}\x07"


def note_9(text: str) -> str:
    """Return the sequence of a desktop notification for iTerm2, kitty, WezTerm and Windows Terminal (OSC 9)."""
    return f"\x1b]9;{displayable(text)}\x07"


def note_777(title: str, text: str) -> str:
    """Return the sequence of a desktop notification for urxvt, foot, Ghostty and VTE (OSC 777)."""
    return f"\x1b]777;notify;{_field(title)};{_field(text)}\x07"


def through(sequence: str, environment: Mapping[str, str]) -> str:
    """Return `sequence` wrapped so that tmux or screen, where `environment` names one, passes it to the terminal."""
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence


def _field(text: str) -> str:
    return displayable(text).replace(";", ",")
