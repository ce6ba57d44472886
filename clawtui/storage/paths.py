"""Where things are (design: Directory Structure; contract: The root)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

AUTOMATIONS = "automations"
CONFIG = "config"
WORKSPACES = "workspaces"
LOGS = "logs"
LOCKS = "locks"
ARTIFACTS = "artifacts"
SECTIONS = (CONFIG, WORKSPACES, LOGS, LOCKS, ARTIFACTS)
"""The directories directly below ``automations/``."""

DISPATCHER_FILE = f"{CONFIG}/dispatcher.json"
CONCURRENCY_FILE = f"{CONFIG}/concurrency-state.json"

STATE_DIR_VARIABLE = "CLAWDBOT_STATE_DIR"


@dataclass(frozen=True, slots=True)
class StatePaths:
    """A state directory as the operator named it. Nothing here needs to exist."""

    root: Path

    @property
    def automations(self) -> Path:
        """The directory that everything is relative to; looked up anew each time, as it may appear or be retargeted."""
        nested = self.root / AUTOMATIONS
        if nested.is_dir():
            return nested
        if self.root.name == AUTOMATIONS or any((self.root / section).is_dir() for section in SECTIONS):
            return self.root
        return nested


def find_state_dir(given: str | None, environment: Mapping[str, str] = os.environ) -> StatePaths:
    """In order: ``given``, ``$CLAWDBOT_STATE_DIR``, ``~/.clawdbot``."""
    named = given or environment.get(STATE_DIR_VARIABLE) or "~/.clawdbot"
    return StatePaths(Path(named).expanduser().absolute())
