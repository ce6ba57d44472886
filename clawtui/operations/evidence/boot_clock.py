"""The start of this host, and the times that its wall clock may have shown since then."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.model.liveness.evidence import Span

AGREED = timedelta(seconds=60)
"""The largest difference between the computed start and the times of files from it that is not a clock step."""

_MADE_AT_BOOT = (Path("/dev"), Path("/run"))
_PROC_STAT = Path("/proc/stat")
_FIRST_TIME_NAMESPACE = 0xEFFFFFFA
"""The inode number that Linux gives to the time namespace of the host itself."""


def boot_time() -> datetime | None:
    """Return when this host started, by the current wall clock; None where that is unknown.

    After a step of the wall clock the same start has another time.
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
    """Return the times that an earlier wall clock may have shown since this host started; see ``clocks_before``.

    None where that is unknown, and in a separate time namespace, where the start is not that of the host.
    """
    try:
        is_first = Path("/proc/self/ns/time").stat().st_ino == _FIRST_TIME_NAMESPACE
    except OSError:  # a kernel without time namespaces
        is_first = True
    return clocks_before(booted, now, boot_stamps()) if is_first else None


def clocks_before(booted: datetime, now: datetime, stamps: Iterable[datetime]) -> tuple[Span, ...] | None:
    """Return the spans of wall-clock time that the clock may have shown before it was set forward since the start.

    ``stamps`` are change times of files since the start. Where the oldest agrees with ``booted``, the start by the
    current clock, the clock was not set: the result is empty. Each older stamp comes from another clock, at an unknown
    instant since the start, so that clock differed from the stamp by at most the time that the host is up. None where
    no stamp is from the start. A step back is not looked for, because it makes nothing look older than it is.
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
    """Yield the change time of each entry of ``/dev`` and ``/run``, where these are file systems of their own.

    The change time cannot be set by a program, and a copied file has none from before this start.
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
