"""The operator's own programs: editor and pager from the environment, and the command of the settings for notices."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from clawtui.model.errors import ClawtuiError
from clawtui.model.text.cleaning import clean

PATIENCE: Final = 30.0
"""Seconds after which the command for notices is killed."""


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that opens a file for editing. Raises ClawtuiError where the environment has no valid one."""
    return program(environment.get("VISUAL") or environment.get("EDITOR") or "vi", "$EDITOR")


def pager_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that shows its input page by page.

    Raises ClawtuiError where the environment has no valid one.
    """
    return program(environment.get("PAGER") or "less", "$PAGER")


def pager_at(command: Sequence[str], line: int | None) -> list[str]:
    """Return a pager's command that begins at ``line``, from 1, if the pager is known to support ``+N``."""
    knows = Path(command[0]).name in ("less", "more", "most")
    return [command[0], f"+{line}", *command[1:]] if knows and line is not None else list(command)


def program(text: str, name: str) -> list[str]:
    """Return the words of a command, split as a shell does. Raises ClawtuiError where a shell could not split it."""
    import shlex

    try:
        words = shlex.split(text)
    except ValueError as error:
        raise ClawtuiError(f"{name} is “{clean(text)}”, which is no command: {error}") from error
    if not words:
        raise ClawtuiError(f"{name} names no command")
    return words


def run_notice_command(command: Sequence[str], event: Mapping[str, str], patience: float = PATIENCE) -> str | None:
    """Run ``command`` with the fields of ``event`` in its environment, and wait for its end; not for an event loop.

    It gets no input, and its output is dropped, because the dashboard has the terminal. Returns why it failed, or None.
    """
    name = clean(command[0])
    try:
        ended = subprocess.run(
            list(command),
            env={**os.environ, **event},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"The command of notices, {name}, did not end within {patience:g} s and was killed."
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return f"The command of notices, {name}, cannot be run: {reason.lower()}."
    return None if ended.returncode == 0 else f"The command of notices, {name}, ended with status {ended.returncode}."
