"""A look at one lock that is to be released; off the event loop."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from clawtui.model.danger import what_follows
from clawtui.model.fleet import Fleet
from clawtui.operations.locks import LockReport, report_lock
from clawtui.storage.errors import NoSuch, StorageError
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.tui.dialogs.release_question import Look


def look_at_lock(path: str, fleet: Fleet, now: datetime, quiet_after: timedelta) -> Look:
    """What is known about the lock at ``path`` at this instant."""
    try:
        # By its whole path: a relative one would be looked for from where clawtui was started, too.
        report = report_lock(str(StatePaths(Path(fleet.root)).automations / path), fleet, now, quiet_after)
    except NoSuch:
        return Look(path, now=now, why_not="It is gone by now: its holder or the gateway took it away")
    except StorageError as error:
        return Look(path, now=now, why_not=str(error))
    follows = what_follows(report.judged, report.reading, fleet)
    return Look(path, report, _slot_of(fleet, report), follows, now, command_line_for(Path(fleet.root)))


def _slot_of(fleet: Fleet, report: LockReport) -> str:
    lock = report.reading.value
    held = [slot.slot_number for slot in fleet.slots if lock is not None and slot.session_id == lock.session_id]
    return " and ".join(map(str, held)) if held else "none"
