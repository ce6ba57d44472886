"""Where clawtui keeps its own files, outside any gateway's state directory: the platform's directories for a user.

They are wanted and not required: without a home directory (``HOME`` unset, an account that the system does not know)
everything is shown, with the default settings and nothing remembered. Only an act that must be recorded needs one.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_config_path, user_state_path

from clawtui.storage.errors import Unwritable

_NAME = "clawtui"


class NoOwnPlace(Unwritable):
    """There is no directory for clawtui's own files, as there is no home directory."""


def own_state() -> Path:
    """Return the directory for the audit, reports of failures, drafts and the arrangement. It need not exist.

    Raises NoOwnPlace.
    """
    try:
        return user_state_path(_NAME, appauthor=False)
    except RuntimeError as error:
        raise _no_place("clawtui's records") from error


def find_own_state() -> Path | None:
    """Return ``own_state()``; None where there is no such directory."""
    try:
        return own_state()
    except NoOwnPlace:
        return None


def own_configuration() -> Path:
    """Return the directory for what the user sets. It need not exist. Raises NoOwnPlace."""
    try:
        return user_config_path(_NAME, appauthor=False)
    except RuntimeError as error:
        raise _no_place("settings") from error


def _no_place(what: str) -> NoOwnPlace:
    return NoOwnPlace(f"there is no home directory for {what}: set XDG_CONFIG_HOME and XDG_STATE_HOME")


def shortened(path: str) -> str:
    """Return ``path`` as people write it: ``~`` for the home directory, where there is one."""
    home = os.path.expanduser("~")  # noqa: PTH111  `Path.home` raises where there is none
    is_inside = path == home or path.startswith(f"{home}/")
    return f"~{path.removeprefix(home)}" if is_inside and len(home) > 1 else path
