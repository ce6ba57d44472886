"""Copies of text in addition to the terminal's clipboard: a file, and tmux's buffer."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from clawtui.model.errors import ClawtuiError
from clawtui.storage.user.files import write_own

FILE_NAME: Final = "copied.txt"
_TIMEOUT: Final = 2.0
"""Seconds that tmux may take."""


def keep_copy(text: str, place: Path | None = None) -> Path:
    """Write the text to a file that only its owner can read, and return its path. Raises ClawtuiError."""
    try:
        return write_own(FILE_NAME, text.encode(errors="surrogateescape"), place)
    except ClawtuiError as error:
        raise ClawtuiError(f"the copy could not be kept in a file: {error}") from error


def give_to_tmux(text: str, environment: Mapping[str, str]) -> bool:
    """Put ``text`` into tmux's buffer, even where tmux blocks escape sequences of programs; return whether it was done.

    ``-w`` also passes it to the clipboard of the terminal. An old tmux that lacks the option is called without it.
    """
    if not environment.get("TMUX"):
        return False
    return any(_ran(["tmux", "load-buffer", *flags, "-"], text, environment) for flags in (["-w"], []))


def _ran(command: list[str], text: str, environment: Mapping[str, str]) -> bool:
    try:
        done = subprocess.run(
            command,
            input=text.encode(errors="surrogateescape"),
            env=dict(environment),
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
