"""What the dashboard starts with: what the user has set, and how it was left the last time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clawtui.model.documents.settings import DEFAULTS, LabelColour, Settings
from clawtui.model.documents.ui_state import UiState


@dataclass(frozen=True, slots=True)
class Startup:
    """Where nothing is said, everything is as it usually is, and nothing is remembered."""

    settings: Settings = DEFAULTS
    complaints: tuple[str, ...] = ()
    """What is wrong with the settings or with what was remembered: said once the dashboard is there."""
    root_name: str | None = None
    """What the settings call the root that is shown."""
    may_leave: bool = False
    """Whether another root, or the demo, can take the place of this one."""
    label: str = ""
    label_colour: LabelColour = "red"
    arrangement: UiState = field(default_factory=UiState)
    remember: Callable[[UiState], None] | None = None
    """Keeps an arrangement for the next time; raises Failed."""
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
