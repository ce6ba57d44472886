"""Escape sequences for mouse reports, the clipboard and desktop notifications.

Terminals do not answer them, so the program cannot know whether they had an effect.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Final

from clawtui.model.text.cleaning import displayable

_CLICKS_DRAGS_AND_WHEEL: Final = (1000, 1002, 1006)
"""The mouse modes in use. 1003 is not, because it reports every motion of the mouse: megabytes over SSH."""

_NUMBERED: Final = re.compile(r"\s*\d+\s*(;|$)")
_MOST_99: Final = 1500
"""The most bytes of one part of OSC 99; the protocol allows 2048 before base64."""


def mouse_reports(*, on: bool) -> str:
    """Return the sequence that switches reports of clicks, drags and the wheel on or off."""
    return "".join(f"\x1b[?{mode}{'h' if on else 'l'}" for mode in _CLICKS_DRAGS_AND_WHEEL)


def clipboard(text: str) -> str:
    """Return the sequence that puts `text` into the clipboard (OSC 52)."""
    return f"\x1b]52;c;{base64.b64encode(text.encode(errors='surrogateescape')).decode()}\x07"


def note_9(text: str) -> str:
    """Return the sequence of a desktop notification for iTerm2, kitty, WezTerm and Windows Terminal (OSC 9).

    A text that begins with a number and a semicolon would be another command, such as a progress bar.
    """
    shown = displayable(text)
    return f"\x1b]9;{f'({shown})' if _NUMBERED.match(shown) else shown}\x07"


def note_99(title: str, text: str) -> str:
    """Return the sequence of a desktop notification for kitty and foot (OSC 99), its texts in base64.

    Both parts have the same id, made from the texts, so that the terminal shows one notification.
    """
    import hashlib

    parts = [base64.b64encode(displayable(part).encode(errors="replace")[:_MOST_99]).decode() for part in (title, text)]
    id = hashlib.sha256("".join(parts).encode()).hexdigest()[:12]
    return f"\x1b]99;i={id}:e=1:d=0;{parts[0]}\x1b\\\x1b]99;i={id}:e=1:p=body;{parts[1]}\x1b\\"


PUSH_TITLE: Final = "\x1b[22;2t"
"""Makes the terminal save its window's title."""
POP_TITLE: Final = "\x1b[23;2t"
"""Restores the saved title; also a part of ``output.GIVE_BACK``."""


def window_title(title: str) -> str:
    """Return the sequence that sets the title of the terminal's window (OSC 2)."""
    return f"\x1b]2;{displayable(title)}\x07"


def is_multiplexed(environment: Mapping[str, str]) -> bool:
    """Return whether a multiplexer is between this program and the terminal, because many drop notifications."""
    return any(environment.get(name) for name in ("TMUX", "STY", "ZELLIJ"))


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
