"""The marks that stand beside a word or a colour, never instead of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from clawtui.model.base import RunStatus
from clawtui.model.outlook import Status

RUN_MARK: Final[Mapping[RunStatus, str]] = {"success": "✓", "partial": "◐", "failed": "✗", "cancelled": "–"}
STATUS_MARK: Final[Mapping[Status, str]] = {
    "running": "▸",
    "failed": "✗",
    "invalid": "!",
    "idle": " ",
    "disabled": "○",
}
BAR_DONE = "━"
BAR_LEFT = "─"
SLOT_USED = "■"
SLOT_FREE = "□"
CURRENT = "▸"
CURSOR = "›"
FOCUS = "▌"
PROBLEM = "!"
RULE = "─"
