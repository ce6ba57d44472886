"""The clock of the gateway's host, compared with that of this host by the times that the gateway wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.text.units import short_span

CLOCKS_DIFFER = "clocks-differ"

LEAST = timedelta(minutes=1)
"""The least difference that is a finding."""
_RECENT = timedelta(minutes=10)
"""The greatest age of a file whose content is compared with its modification time."""
_MOST_BEHIND = timedelta(days=1)
"""A larger difference is not one of clocks: the files were copied."""
_AGREEING = timedelta(seconds=30)
"""The largest deviation between the differences of several files."""


class _Written(NamedTuple):
    """A time that the gateway wrote when it wrote a file, and the file's time of modification."""

    path: str
    recorded: datetime
    modified: datetime | None


def clock_findings(fleet: Fleet, context: FindingContext, now: datetime) -> Iterator[Finding]:
    """Yield a finding if the clock of the gateway's host is ahead of this host's, or behind it, with the difference.

    Ahead: a time that the gateway wrote is in the future. Behind: each file written in the last minutes contains a time
    that is earlier by the same span; files of a single directory, or that disagree, may have been edited or copied.
    """
    written = tuple(_written(fleet, context))
    latest = max(written, key=lambda each: each.recorded, default=None)
    if latest is not None and latest.recorded - now >= LEAST:
        yield _finding(fleet, latest.path, short_span(latest.recorded - now), "ahead of")
        return
    recent = [each for each in written if each.modified is not None and abs(now - each.modified) <= _RECENT]
    behind = [each.modified - each.recorded for each in recent if each.modified is not None]
    places = {each.path.rpartition("/")[0] for each in recent}
    if len(places) > 1 and LEAST <= min(behind) <= _MOST_BEHIND and max(behind) - min(behind) <= _AGREEING:
        yield _finding(fleet, recent[0].path, short_span(min(behind)), "behind")


def _finding(fleet: Fleet, path: str, span: str, where: str) -> Finding:
    effect = (
        "What just happened there has an age of 0 here, and runs look more alive than they are"
        if where == "ahead of"
        else "Runs and locks look older here than they are"
    )
    message = (
        f"The clock of the gateway's host is {span} {where} that of this host, by {path}. {effect}. Set both clocks, "
        "for example by NTP (timedatectl)."
    )
    return Finding(CLOCKS_DIFFER, "warning", fleet.root, message)


def _written(fleet: Fleet, context: FindingContext) -> Iterator[_Written]:
    """Yield the times of files that only the gateway writes; people edit configurations, on any host."""
    for workspace in fleet.workspaces.values():
        if workspace.state is not None and workspace.state.value is not None:
            yield from _of(workspace.state, workspace.state.value.last_update)
        if workspace.progress is not None and workspace.progress.value is not None:
            yield from _of(workspace.progress, workspace.progress.value.last_update)
        if workspace.info is not None and workspace.info.value is not None:
            yield from _of(workspace.info, workspace.info.value.last_updated)
    for lock in fleet.locks.values():
        if lock.value is not None and lock.value.knows("acquired_at"):
            yield from _of(lock, lock.value.acquired_at)
    if fleet.concurrency is not None and fleet.concurrency.value is not None:
        yield from _of(fleet.concurrency, fleet.concurrency.value.last_updated)
    if context.dispatches:
        yield _Written(fleet.dispatcher_log or "the dispatcher's log", context.dispatches[-1], None)


def _of(reading: Reading[object], recorded: datetime | None) -> Iterator[_Written]:
    if recorded is None:
        return
    try:
        modified = None if reading.stamp is None else datetime.fromtimestamp(reading.stamp.mtime_ns / 1e9, UTC)
    except (OverflowError, ValueError, OSError):
        modified = None
    yield _Written(reading.path, recorded, modified)
