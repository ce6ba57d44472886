"""The clock of the gateway's host, compared with that of this host by the times that the gateway wrote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.finding import Finding
from clawtui.model.findings.index import index_of
from clawtui.model.findings.written_times import Recorded
from clawtui.model.fleet import Fleet
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


def clock_findings(fleet: Fleet, context: FindingContext, now: datetime) -> Iterator[Finding]:
    """Yield a finding if the clock of the gateway's host is ahead of this host's, or behind it, with the difference.

    Ahead: a time that the gateway wrote is in the future. Behind: each file written in the last minutes contains a time
    that is earlier by the same span; files of a single directory, or that disagree, may have been edited or copied.
    """
    written = index_of(fleet, context).written
    latest = written.latest
    if context.dispatches and (latest is None or context.dispatches[-1] > latest.at):
        latest = Recorded(context.dispatches[-1], fleet.dispatcher_log or "the dispatcher's log")
    if latest is not None and latest.at - now >= LEAST:
        yield _finding(fleet, latest.path, short_span(latest.at - now), "ahead of")
        return
    recent = written.modified_between(now - _RECENT, now + _RECENT)
    behind = [each.at - each.recorded for each in recent]
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
