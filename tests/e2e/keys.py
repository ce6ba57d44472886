"""The bytes that a terminal sends for a key."""

from __future__ import annotations

import string

_NAMED = {
    "enter": "\r",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "esc": "\x1b",
    "escape": "\x1b",
    "space": " ",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "insert": "\x1b[2~",
    "delete": "\x1b[3~",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
}
_CONTROL = {f"ctrl+{letter}": chr(ord(letter) & 0x1F) for letter in string.ascii_lowercase + "[\\]^_"}


def key_bytes(key: str) -> bytes:
    """Return the bytes of ``key``: a name, ``ctrl+`` or ``alt+`` and a letter, or the character itself.

    Raises ValueError for an unknown name.
    """
    if len(key) == 1:
        return key.encode()
    if (named := _NAMED.get(key) or _CONTROL.get(key)) is not None:
        return named.encode()
    if key.startswith("alt+"):
        return b"\x1b" + key_bytes(key.removeprefix("alt+"))
    raise ValueError(f"no such key: {key!r}")
