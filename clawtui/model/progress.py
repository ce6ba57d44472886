"""A run's milestones, ``workspaces/<id>/progress.json`` (design: Progress State)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from clawtui.model.base import Document, NullIsEmpty, Number, Timestamp

MAX_TIMELINE = 1000
"""Milestones that a timeline keeps, the newest."""


class Milestone(Document):
    """A point that the run reached."""

    timestamp: Timestamp
    milestone: str
    percentage: Number
    details: Annotated[Mapping[str, object], NullIsEmpty] = Field(default_factory=dict)


class ProgressState(Document):
    """The run's milestones, oldest first."""

    automation_id: str
    session_id: str | None = None
    timeline: tuple[Milestone, ...]
    last_update: Timestamp | None = None
