"""When this host started, and which times its wall clock may have shown since."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.model.liveness.evidence import Span

AGREED = timedelta(seconds=60)
"""By how much the computed start may differ from the times that files got at that start."""

_MADE_AT_BOOT = (Path("/dev"), Path("/run"))
_PROC_STAT = Path("/proc/stat")
_FIRST_TIME_NAMESPACE = 0xEFFFFFFA
"""The inode that Linux gives to the time namespace of the host itself."""


def boot_time() -> datetime | None:
    """Return the start of this host by the wall clock of now; None where that cannot be told.

    It moves with the wall clock: after a step of the clock it is another instant.
    """
    try:
        for line in _PROC_STAT.read_text().splitlines():
            if line.startswith("btime "):
                return datetime.fromtimestamp(int(line.split()[1]), UTC)
    except (OSError, ValueError, OverflowError):
        pass
    import psutil

    try:
        return datetime.fromtimestamp(psutil.boot_time(), UTC)
    except (psutil.Error, OSError, RuntimeError, ValueError):
        return None


def earlier_clocks(booted: datetime, now: datetime) -> tuple[Span, ...] | None:
    """Return the wall-clock times that an earlier clock may have shown since this host started; see ``clocks_before``.

    None where that cannot be told, also in a time namespace, where the start is not the host's.
    """
    try:
        is_first = Path("/proc/self/ns/time").stat().st_ino == _FIRST_TIME_NAMESPACE
    except OSError:  # a kernel without time namespaces
        is_first = True
    return clocks_before(booted, now, boot_stamps()) if is_first else None


def clocks_before(booted: datetime, now: datetime, stamps: Iterable[datetime]) -> tuple[Span, ...] | None:
    """Return the spans of wall-clock time in which a clock may have been that was set forward since the start.

    ``stamps`` are the times that files got since the start. Where the oldest agrees with ``booted``, the start by the
    clock of now, no step is to be seen: no spans. Each older one was stamped by another clock, at an unknown instant
    since the start; so that clock was at most as far from it as the host is up. None where no stamp is from the start.
    A step back makes nothing look older than it is, and is not looked for.
    """
    ordered = sorted(stamps)
    if not ordered or ordered[0] > booted + AGREED:
        return None
    reach = now - booted + AGREED
    spans: list[Span] = []
    for stamp in (stamp for stamp in ordered if stamp < booted - AGREED):
        span = Span(stamp - reach, stamp + reach)
        if spans and span.first <= spans[-1].last:
            span = Span(spans.pop().first, span.last)
        spans.append(span)
    return tuple(spans)


def boot_stamps() -> Iterator[datetime]:
    """Yield when each entry of ``/dev`` and ``/run`` was last changed, where these are file systems of their own.

    It is the change time, which nobody can set; a copied file has none from before this start.
    """
    try:
        root = Path("/").stat().st_dev
    except OSError:
        return
    for directory in _MADE_AT_BOOT:
        try:
            if directory.stat().st_dev == root:
                continue
            with os.scandir(directory) as entries:
                for entry in entries:
                    yield datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_ctime, UTC)
        except (OSError, ValueError, OverflowError):
            continue
