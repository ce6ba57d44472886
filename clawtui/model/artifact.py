"""What a run leaves behind for people, ``artifacts/<id>/`` (design: Artifact Storage)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file that an automation made."""

    automation_id: str
    name: str
    """The file's name: ``<timestamp>-conflict-report.md`` and the like."""
    size: int
    """Bytes."""
    modified: datetime
