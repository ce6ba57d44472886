"""The verdicts of other hosts on the locks of one root, for a command: the hosts in the settings are asked once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.settings import Settings
from clawtui.model.listed_root import reason_of_trouble
from clawtui.operations.locks.report import LockReport, by_urgency
from clawtui.roots.foreign_locks import ForeignLocks
from clawtui.roots.listing import list_roots
from clawtui.roots.sources import RootSources, source_maker

PATIENCE: Final = 10.0
"""Seconds that all hosts together have for their answers."""


class Asked(NamedTuple):
    """The locks with the verdicts of the hosts that they name, and why some hosts could not be asked."""

    reports: tuple[LockReport, ...]
    problems: tuple[str, ...] = ()


def ask_hosts(
    reports: Sequence[LockReport],
    settings: Settings,
    clock: Callable[[], datetime],
    quiet_after: timedelta,
    patience: float = PATIENCE,
) -> Asked:
    """Return the locks of a root on this host, each ``foreign`` one with the verdict of the host that it names.

    The hosts are those of the roots in ``settings``, as in the dashboard. ssh asks for nothing. Without a ``foreign``
    lock no host is asked. ``clock`` is the time of this host, ``patience`` the most seconds that it takes.
    """
    named = [name for name, root in settings.roots.items() if root.host is not None]
    if not named or all(report.judged.verdict != "foreign" for report in reports):
        return Asked(tuple(reports))
    roots = list_roots(named, settings)
    sources = RootSources(roots, source_maker(settings, clock, len(roots)))
    asking = _Asking(reports, sources, ForeignLocks(sources, quiet_after), clock)
    sources.listen(asking.look)
    sources.start()
    try:
        threading.Thread(target=asking.run, name="asked-hosts", daemon=True).start()
        asking.is_over.wait(patience)
        return asking.results()
    finally:
        sources.listen(None)
        asking.end()
        sources.stop()


class _Asking:
    """The questions to the hosts, on a thread that may wait for an answer for longer than the caller does."""

    def __init__(
        self, reports: Sequence[LockReport], sources: RootSources, foreign: ForeignLocks, clock: Callable[[], datetime]
    ) -> None:
        self._sources = sources
        self._foreign = foreign
        self._clock = clock
        self._reports = list(reports)
        self._why: dict[str, str | None] = {root.name: "no answer" for root in sources.roots}
        """Why a host has not answered; None for one that can be asked."""
        self._changed = threading.Event()
        self.is_over = threading.Event()
        """Set once every lock is judged, or every host has answered or cannot be reached."""

    def look(self) -> None:
        """Look at the sources again, on another thread."""
        self._changed.set()

    def end(self) -> None:
        """End the thread; an answer that is still waited for ends with its source."""
        self.is_over.set()
        self._changed.set()

    def run(self) -> None:
        """Ask each host as soon as it can be asked."""
        while not self.is_over.is_set():
            self._changed.wait()
            self._changed.clear()
            answering = self._take()
            for at, report in enumerate(self._reports if answering else ()):
                if report.judged.verdict == "foreign" and not report.judged.foreign_facts:
                    now = self._clock().astimezone()
                    judged = self._foreign.judge("", report.reading, report.judged, now, fresh=0.0)
                    self._reports[at] = replace(report, judged=judged)
            is_judged = all(each.judged.verdict != "foreign" or each.judged.foreign_facts for each in self._reports)
            if is_judged or "no answer" not in self._why.values():
                self.is_over.set()

    def _take(self) -> bool:
        """Note which hosts can be asked by now; return whether there is another one."""
        is_new = False
        for name, fleet in self._sources.take().fleets.items():
            connection = fleet.connection
            if connection is None or self._why[name] is None:
                continue
            if connection.state == "connected":
                self._why[name], is_new = None, True
            elif reason := reason_of_trouble(fleet) or connection.reason:
                self._why[name] = reason
        return is_new

    def results(self) -> Asked:
        """Return the locks as they are judged so far, and a line for each host that could not be asked."""
        reports = tuple(self._reports)
        if all(each.judged.verdict != "foreign" or each.judged.foreign_facts for each in reports):
            return Asked(by_urgency(reports))
        lines = (
            f"{name} could not be asked about locks of other hosts: {why}" for name, why in self._why.items() if why
        )
        return Asked(by_urgency(reports), tuple(lines))
