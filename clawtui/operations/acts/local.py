"""The acts on a root of this host: operations whose actor is this user, or the user of the host that sent the act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.files.fs.atomic import Expected
from clawtui.model.documents.audit import Actor
from clawtui.model.errors import ClawtuiError, NoSuch
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.liveness.consent import consent_for, consequences
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.acts.protocol import JudgeElsewhere, LockLook, Unsure, judged_elsewhere
from clawtui.operations.locks.release import Released, ReleaseOutcome, release, target_of, watch_after
from clawtui.operations.locks.report import LockReport, report_lock
from clawtui.operations.locks.restore import Restorable, Restored, require_free, restorable, restore
from clawtui.operations.user.actor import this_actor
from clawtui.storage.paths import StatePaths


class LocalActs:
    """The acts on a state directory of this host; implements `RootActs`. Their outcome is always known."""

    def __init__(
        self,
        paths: StatePaths,
        clock: Callable[[], datetime],
        quiet_after: timedelta = QUIET_AFTER,
        elsewhere: JudgeElsewhere | None = None,
    ) -> None:
        """Prepare; ``elsewhere`` adds the verdicts of the hosts of other roots to that on a lock."""
        self._paths = paths
        self._clock = clock
        self._quiet_after = quiet_after
        self._elsewhere = elsewhere

    def look_at_lock(self, path: str, fleet: Fleet, now: datetime) -> LockLook:
        """Judge the current lock."""
        return judged_elsewhere(look_at_lock(path, fleet, now, self._quiet_after), fleet, now, self._elsewhere)

    def release_lock(self, report: LockReport, unsure: Unsure) -> Released:
        """Release the lock. Raises Refused, Changed, Overlap, Unwritable."""
        judged = report.judged
        return release(
            self._paths,
            target_of(report),
            consent_for(judged),
            this_actor(),
            self._clock,
            self._quiet_after,
            foreign_facts=judged.foreign_facts,
        )

    def watch_after(
        self, released: Released, monotonic: Callable[[], float], sleep: Callable[[float], object]
    ) -> ReleaseOutcome:
        """Watch the repository."""
        return watch_after(self._paths, released, monotonic=monotonic, sleep=sleep)

    def restorable_locks(self, now: datetime) -> tuple[Restorable, ...]:
        """Return the locks that are set aside."""
        return restorable(self._paths, now)

    def hindrance(self, meant: Restorable) -> str | None:
        """Return the holder if it is locked again, else None."""
        return why_not_free(self._paths, meant)

    def restore_lock(self, meant: Restorable, unsure: Unsure) -> Restored:
        """Restore the lock. Raises NoSuch, Refused, Changed, Unwritable."""
        return restore(self._paths, meant.aside.token, this_actor(), self._clock)

    def set_enabled(
        self, automation: Automation, enabled: bool, expected: Expected, unsure: Unsure
    ) -> tuple[str, Expected]:
        """Write the flag. Raises ClawtuiError."""
        return enable(self._paths, automation, enabled, self._clock().astimezone(UTC), expected)


def look_at_lock(path: str, fleet: Fleet, now: datetime, quiet_after: timedelta) -> LockLook:
    """Return the current facts about the lock at ``path``."""
    try:
        # The absolute path, because a relative one would also be searched below the current directory.
        report = report_lock(str(StatePaths(Path(fleet.root)).automations / path), fleet, now, quiet_after)
    except NoSuch:
        return LockLook(why_not="It is gone by now: its holder or the gateway removed it")
    except ClawtuiError as error:
        return LockLook(why_not=str(error))
    return LockLook(report, _slots_of(fleet, report), consequences(report.judged, report.reading, fleet))


def why_not_free(paths: StatePaths, meant: Restorable) -> str | None:
    """Return why a lock that is set aside cannot be restored now; None if it can."""
    try:
        require_free(paths, meant)
    except ClawtuiError as error:
        return str(error)
    return None


def enable(
    paths: StatePaths,
    automation: Automation,
    enabled: bool,
    now: datetime,
    expected: Expected,
    actor: Actor | None = None,
) -> tuple[str, Expected]:
    """Enable or disable an automation of which there is only one file. Raises ClawtuiError."""
    from clawtui.operations.state.automations import require_only_file, set_enabled

    require_only_file(paths, automation)
    return set_enabled(paths, automation, enabled, now, expected, actor)


def _slots_of(fleet: Fleet, report: LockReport) -> tuple[int, ...]:
    lock = report.reading.value
    return tuple(slot.slot_number for slot in fleet.slots if lock is not None and slot.session_id == lock.session_id)
