"""The operator's editor and pager, as the environment names them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from clawtui.model.errors import ClawtuiError
from clawtui.model.text.cleaning import clean


def editor_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that opens a file for editing. Raises ClawtuiError where the environment has no valid one."""
    return program(environment.get("VISUAL") or environment.get("EDITOR") or "vi", "$EDITOR")


def pager_command(environment: Mapping[str, str] = os.environ) -> list[str]:
    """Return the command that shows its input page by page.

    Raises ClawtuiError where the environment has no valid one.
    """
    return program(environment.get("PAGER") or "less", "$PAGER")


def pager_at(command: Sequence[str], line: int | None) -> list[str]:
    """Return a pager's command that begins at ``line``, from 1, if it is one that is known to take ``+N``."""
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
