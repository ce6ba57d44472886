"""Releasing a lock from the dashboard, in a dialog about one version of the lock whose facts are kept current."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from textual.app import App

from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet
from clawtui.model.text.command_line import CommandLine
from clawtui.operations.acts.protocol import RootActs
from clawtui.operations.locks.report import LockReport
from clawtui.storage.locks.lock_file import Overlap
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
        acts: RootActs,
        clock: Callable[[], datetime],
        undo: Callable[[], None],
        *,
        read_only: bool = False,
    ) -> None:
        super().__init__(app)
        self._acts = acts
        self._clock = clock
        self._read_only = read_only
        self._pinned = PinnedRelease(self, undo, self._start, read_only=read_only)
        self._fleet = Fleet("")
        self._path = ""
        self._watch = ReleaseWatch(app, acts, self.messages.say)

    def observe(self, fleet: Fleet) -> None:
        """Look at the lock again while the question is open."""
        self._fleet = fleet
        self.look_soon()

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
        path, fleet, now = self._path, self._fleet, self._clock()
        found = self._acts.look_at_lock(path, fleet, now)
        slot = " and ".join(map(str, found.slots)) if found.slots else "none"
        return Look(path, found.report, slot, found.follows, now, command_line_of(fleet), found.why_not)

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
        try:
            released = self._acts.release_lock(report, lambda why: self.unsure(why, dialog))
        except Overlap as error:
            self._pinned.overlapped(str(error), dialog)
        except ClawtuiError as error:
            self.later(partial(self.refused, str(error), dialog))
        else:
            self.later(partial(self._watch.begin, released, partial(self.ask_in, dialog)))


def command_line_of(fleet: Fleet) -> CommandLine:
    """Return the beginning of commands for the root of `fleet`, also if the root is on another host."""
    if fleet.connection is not None:
        return CommandLine(fleet.connection.address)
    return command_line_for(Path(fleet.root))
