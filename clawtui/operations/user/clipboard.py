"""The other way of a copy: a file, and tmux's own buffer."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from clawtui.model.errors import ClawtuiError
from clawtui.storage.user.files import write_own

FILE_NAME: Final = "copied.txt"
_PATIENCE: Final = 2.0
"""Seconds that tmux may take."""


def keep_copy(text: str, place: Path | None = None) -> Path:
    """Writes what was copied last where only its owner can read it; where that is. Raises ClawtuiError."""
    try:
        return write_own(FILE_NAME, text.encode(errors="surrogateescape"), place)
    except ClawtuiError as error:
        raise ClawtuiError(f"the copy could not be kept in a file: {error}") from error


def give_to_tmux(text: str, environment: Mapping[str, str]) -> bool:
    """Puts ``text`` into tmux's buffer, whatever it lets pass of what a program sends; whether that was done.

    ``-w`` has it go on to the clipboard of the terminal; an old tmux that does not know it is asked without.
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
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
