"""Releasing a lock from the dashboard, in a dialog about one version of the lock whose facts are kept current."""

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
from clawtui.tui.controllers.locks.pinned_release import PinnedRelease
from clawtui.tui.controllers.locks.release_watch import ReleaseWatch
from clawtui.tui.dialogs.question import Question, QuestionDialog
from clawtui.tui.dialogs.release_question import Look, first_question, in_progress, question_of


class ReleaseLockController(LiveQuestion[Look]):
    """Dialog about one lock at a time, until the result of its release is known."""

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
        self._quiet_after = quiet_after
        self._read_only = read_only
        self._pinned = PinnedRelease(self, undo, self._start, read_only=read_only)
        self._fleet = Fleet(str(paths.root))
        self._path = ""
        self._watch = ReleaseWatch(app, paths)

    def consider(self, fleet: Fleet) -> None:
        """Look at the lock again while the question is open."""
        self._fleet = fleet
        self.consider_again()

    def ask(self, path: str) -> None:
        """Show the facts about the lock at `path`, and ask whether to release it."""
        if self.dialog is None:
            self._path = path
            self._pinned.reset()
            self.open("Release a lock", first_question())

    def stop(self) -> None:
        """Stop looking and watching, because the dashboard ends."""
        super().stop()
        self._watch.stop()

    def look(self) -> Look:
        """Judge the current lock."""
        return look_at_lock(self._path, self._fleet, self._clock(), self._quiet_after)

    def show(self, look: Look) -> Question | None:
        """Ask about the version that was seen first; a later one is shown as another lock."""
        if look.path != self._path:
            return None
        self._pinned.see(look.report)
        return question_of(look, self._pinned.fingerprint, self.note, read_only=self._read_only)

    def answer(self, key: str) -> None:
        """Release the version that was shown, continue with the lock that replaced it, or undo."""
        self._pinned.answer(key)

    def _start(self, report: LockReport) -> None:
        if self.dialog is not None:
            self.dialog.ask(in_progress(report))
            self.decide("the release of a lock", partial(self._release, report))

    def _release(self, report: LockReport, dialog: QuestionDialog) -> None:
        """Release the version that was shown, and no other; not on the event loop."""
        consent = required_consent(report.judged.verdict)
        try:
            target = target_of(report)
            released = release(self._paths, target, consent, this_actor(), self._clock, self._quiet_after)
        except Overlap as error:
            self._pinned.overlapped(str(error), dialog)
        except ClawtuiError as error:
            self.later(partial(self.refused, str(error), dialog))
        else:
            self.later(partial(self._released, released, dialog))

    def _released(self, released: Released, dialog: QuestionDialog) -> None:
        self._watch.begin(released, partial(self.ask_in, dialog))


def look_at_lock(path: str, fleet: Fleet, now: datetime, quiet_after: timedelta) -> Look:
    """Return the current facts about the lock at `path`."""
    try:
        # The absolute path, because a relative one would also be searched below the current directory.
        report = report_lock(str(StatePaths(Path(fleet.root)).automations / path), fleet, now, quiet_after)
    except NoSuch:
        return Look(path, now=now, why_not="It is gone by now: its holder or the gateway removed it")
    except ClawtuiError as error:
        return Look(path, now=now, why_not=str(error))
    follows = consequences(report.judged, report.reading, fleet)
    return Look(path, report, _slot_of(fleet, report), follows, now, command_line_for(Path(fleet.root)))


def _slot_of(fleet: Fleet, report: LockReport) -> str:
    lock = report.reading.value
    held = [slot.slot_number for slot in fleet.slots if lock is not None and slot.session_id == lock.session_id]
    return " and ".join(map(str, held)) if held else "none"
