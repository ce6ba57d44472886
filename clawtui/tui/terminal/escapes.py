"""Sequences that the terminal acts on: its clipboard, its notifications; through a multiplexer too.

None of them is ever answered: whether anything came of it nobody can say.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping

from clawtui.model.text.cleaning import shown


def clipboard(text: str) -> str:
    """Puts ``text`` into the clipboard (OSC 52)."""
    return f"\x1b]52;c;{base64.b64encode(text.encode(errors='surrogateescape')).decode()}\x07"


def note_9(text: str) -> str:
    """A desktop notification (OSC 9: iTerm2, kitty, WezTerm, Windows Terminal)."""
    return f"\x1b]9;{shown(text)}\x07"


def note_777(title: str, text: str) -> str:
    """A desktop notification (OSC 777: urxvt, foot, Ghostty, VTE)."""
    return f"\x1b]777;notify;{_field(title)};{_field(text)}\x07"


def through(sequence: str, environment: Mapping[str, str]) -> str:
    """``sequence`` for the terminal around tmux or screen, where there is one: they pass on what is wrapped."""
    if environment.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environment.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence


def _field(text: str) -> str:
    return shown(text).replace(";", ",")
