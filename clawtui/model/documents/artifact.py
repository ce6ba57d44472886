"""Files that a run makes for people, ``artifacts/<id>/`` (design: Artifact Storage)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from clawtui.model.runs.run import SLACK, Run

Kind = Literal["report", "summary", "patch", "file"]

_MADE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[-T_ ]?(\d\d)[-:]?(\d\d)[-:]?(\d\d)(?:[.-]\d{3})?Z?[-_.]", re.ASCII)
_EPOCH = re.compile(r"(\d{10}|\d{13})[-_.]", re.ASCII)
"""Seconds or milliseconds since 1970."""
_KINDS: Mapping[str, Kind] = {
    ".md": "report",
    ".markdown": "report",
    ".json": "summary",
    ".diff": "patch",
    ".patch": "patch",
}


class Artifact(Struct, frozen=True):
    """One file that an automation made."""

    automation_id: str
    name: str
    """The file's name: ``<timestamp>-conflict-report.md`` and the like."""
    size: int
    """Bytes."""
    modified: datetime

    @property
    def path(self) -> str:
        """The path relative to ``automations/``."""
        return f"artifacts/{self.automation_id}/{self.name}"

    @property
    def kind(self) -> Kind:
        """The kind, by the suffix of its name."""
        return next((kind for end, kind in _KINDS.items() if self.name.casefold().endswith(end)), "file")

    @property
    def made(self) -> datetime:
        """When it was made: the time in its name, else the time of its last change."""
        try:
            if (since_epoch := _EPOCH.match(self.name)) is not None:
                return datetime.fromtimestamp(int(since_epoch[1][:10]), UTC)
            named = _MADE.match(self.name)
            if named is None:
                return self.modified
            year, month, day, hour, minute, second = map(int, named.groups())
            return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError:
            return self.modified


def made_by(artifact: Artifact, runs: Sequence[Run]) -> Run | None:
    """Return the run that was going when the artifact was made, or had just ended; ``runs`` are newest first."""
    for run in runs:
        if run.started - SLACK <= artifact.made:
            last = run.ended + SLACK if run.ended is not None else run.next_start
            return run if last is None or artifact.made <= last else None
    return None


def count_by_run(artifacts: Iterable[Artifact], runs: Sequence[Run]) -> Mapping[tuple[datetime, str], int]:
    """Return the number of artifacts of each run, by its identity."""
    counts: dict[tuple[datetime, str], int] = {}
    for artifact in artifacts:
        run = made_by(artifact, runs)
        if run is not None:
            counts[run.identity] = counts.get(run.identity, 0) + 1
    return counts
