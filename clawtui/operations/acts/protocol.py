"""The protocol of the acts on one root. It is implemented for this host, and by an agent for another host."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from clawtui.files.fs.atomic import Expected
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Automation, Fleet, Reading
from clawtui.model.liveness.consent import consequences
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.operations.locks.release import Released, ReleaseOutcome
from clawtui.operations.locks.report import LockReport
from clawtui.operations.locks.restore import Restorable, Restored

Unsure = Callable[[str], object]
"""Receives a sentence if it becomes unknown whether an act was done, before the act's result is known."""


class LockLook(Struct, frozen=True):
    """A lock at one instant, with the facts that depend on its root."""

    report: LockReport | None = None
    slots: tuple[int, ...] = ()
    """The numbers of the slots that its session has."""
    follows: tuple[str, ...] = ()
    """The consequences of a release, each a sentence."""
    why_not: str | None = None
    """The reason why there is no report: the lock is gone, or cannot be looked at."""


JudgeElsewhere = Callable[[Reading[RepositoryLock], LockJudgement, datetime], LockJudgement]
"""Returns the verdict on a lock, with that of the host that it names if another root is there; it may take long."""


def judged_elsewhere(look: LockLook, fleet: Fleet, now: datetime, judge: JudgeElsewhere | None) -> LockLook:
    """Return the look with the verdict of another host, if there is one."""
    report = look.report
    if judge is None or report is None:
        return look
    judged = judge(report.reading, report.judged, now)
    if judged is report.judged:
        return look
    return replace(look, report=replace(report, judged=judged), follows=consequences(judged, report.reading, fleet))


class RootActs(Protocol):
    """The acts on one root. Each may take long, so it is called on no event loop; each may be called on any thread.

    Those that change something raise a ClawtuiError where nothing was done, Overlap where two runs may overlap now, and
    OutcomeUnknown (of ``remote``) where it is not known at the end whether it was done.
    """

    def look_at_lock(self, path: str, fleet: Fleet, now: datetime) -> LockLook:
        """Return the lock at ``path``, judged with the processes of its host."""

    def release_lock(self, report: LockReport, unsure: Unsure) -> Released:
        """Release the version of the lock that was reported, with the consent that its verdict demands."""

    def watch_after(
        self, released: Released, monotonic: Callable[[], float], sleep: Callable[[float], object]
    ) -> ReleaseOutcome:
        """Watch whether the repository is locked again after a release."""

    def restorable_locks(self, now: datetime) -> tuple[Restorable, ...]:
        """Return the released locks that can be restored, newest first. Raises ClawtuiError."""

    def hindrance(self, meant: Restorable) -> str | None:
        """Return why a released lock cannot be restored now; None if it can."""

    def restore_lock(self, meant: Restorable, unsure: Unsure) -> Restored:
        """Restore a released lock."""

    def set_enabled(
        self, automation: Automation, enabled: bool, expected: Expected, unsure: Unsure
    ) -> tuple[str, Expected]:
        """Enable or disable an automation in the version of its file that is ``expected``.

        Return a message, and the version on disk now.
        """
