"""Releasing a lock from the dashboard: one dialog, whose facts stay live and whose target never moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from textual.app import App

from clawtui.model.errors import ClawtuiError, NoSuch
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.consent import consequences, required_consent
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.operations.locks.release import Released, release, target_of
from clawtui.operations.locks.report import LockReport, report_lock
from clawtui.operations.user.actor import this_actor
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.tui.controllers.locks.live_question import LiveQuestion
from clawtui.tui.controllers.locks.release_watch import ReleaseWatch
from clawtui.tui.dialogs.question import Question, QuestionDialog
from clawtui.tui.dialogs.release_question import ACCEPT, ANEW, UNDO, Look, in_progress, looking, overlapped, question_of


class ReleaseLockController(LiveQuestion[Look]):
    """One lock at a time, from the first look at it to what became of it."""

    def __init__(
        self,
        app: App[None],
        paths: StatePaths,
        clock: Callable[[], datetime],
        undo: Callable[[], None],
        quiet_after: timedelta = QUIET_AFTER,
        *,
        read_only: bool = False,
    ) -> None:
        super().__init__(app)
        self._paths = paths
        self._clock = clock
        self._undo = undo
        self._quiet_after = quiet_after
        self._read_only = read_only
        self._fleet = Fleet(str(paths.root))
        self._path = ""
        self._pinned: str | None = None
        """The fingerprint of the version that the operator was shown first."""
        self._last = Look()
        self._note: str | None = None
        self._watch = ReleaseWatch(app, paths)

    def consider(self, fleet: Fleet) -> None:
        """Another state of everything: looks at the lock again while it is asked about."""
        self._fleet = fleet
        self.consider_again()

    def ask(self, path: str) -> None:
        """Shows what there is to know about the lock at ``path``, and asks whether to release it."""
        if self.dialog is None:
            self._path, self._pinned, self._last, self._note = path, None, Look(), None
            self.open("Release a lock", looking())

    def stop(self) -> None:
        """The dashboard ends: nothing is waited for."""
        super().stop()
        self._watch.stop()

    def look(self) -> Look:
        """Judges the lock as it is now."""
        return look_at_lock(self._path, self._fleet, self._clock(), self._quiet_after)

    def show(self, look: Look) -> Question | None:
        """The first version that is seen is the one that is asked about; any other is shown as another."""
        if look.path != self._path:
            return None
        self._last = look
        if self._pinned is None and look.report is not None:
            self._pinned = look.report.fingerprint
        return question_of(look, self._pinned, self._note, read_only=self._read_only)

    def answer(self, key: str) -> None:
        """Releases exactly what was shown, or goes on to the lock that came in its place."""
        report, dialog = self._last.report, self.dialog
        if dialog is None:
            return
        if key == ANEW:
            self._pinned = self._note = None
            self.look_again()
        elif key == UNDO:
            dialog.dismiss()
            # By the app: what is opened by a dialog that is going would never be told that it was closed.
            self.later(self._undo)
        elif key == ACCEPT and report is not None and report.fingerprint == self._pinned and not self._read_only:
            dialog.ask(in_progress(report))
            self.decide("the release of a lock", partial(self._release, report))

    def _release(self, report: LockReport, dialog: QuestionDialog) -> None:
        """The operation, on exactly the version that was shown; off the event loop."""
        consent = required_consent(report.judged.verdict)
        try:
            target = target_of(report)
            released = release(self._paths, target, consent, this_actor(), self._clock, self._quiet_after)
        except Overlap as error:
            self.later(partial(self._overlapped, str(error), dialog))
        except ClawtuiError as error:
            self.later(partial(self._refused, str(error), dialog))
        else:
            self.later(partial(self._released, released, dialog))

    def _released(self, released: Released, dialog: QuestionDialog) -> None:
        self._watch.begin(released, partial(self.ask_in, dialog))

    def _refused(self, why: str, dialog: QuestionDialog) -> None:
        """Nothing was done: the lock is looked at again, with the reason above its facts."""
        if dialog is self.dialog:
            self._note = why
            self.look_again()
        else:
            self.app.notify(why, severity="error", markup=False, timeout=10)

    def _overlapped(self, what: str, dialog: QuestionDialog) -> None:
        self.ask_in(dialog, overlapped(what))
        self.app.notify(what, title="Two runs may overlap", severity="error", markup=False, timeout=60)


def look_at_lock(path: str, fleet: Fleet, now: datetime, quiet_after: timedelta) -> Look:
    """What is known about the lock at ``path`` at this instant."""
    try:
        # By its whole path: a relative one would be looked for from where clawtui was started, too.
        report = report_lock(str(StatePaths(Path(fleet.root)).automations / path), fleet, now, quiet_after)
    except NoSuch:
        return Look(path, now=now, why_not="It is gone by now: its holder or the gateway took it away")
    except ClawtuiError as error:
        return Look(path, now=now, why_not=str(error))
    follows = consequences(report.judged, report.reading, fleet)
    return Look(path, report, _slot_of(fleet, report), follows, now, command_line_for(Path(fleet.root)))


def _slot_of(fleet: Fleet, report: LockReport) -> str:
    lock = report.reading.value
    held = [slot.slot_number for slot in fleet.slots if lock is not None and slot.session_id == lock.session_id]
    return " and ".join(map(str, held)) if held else "none"
