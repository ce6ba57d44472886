"""The operator's own program for notices, which is run without a shell."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from clawtui.model.text.cleaning import clean

PATIENCE: Final = 30.0
"""Seconds after which the program is killed."""


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
