"""Running an automation at the next dispatch, putting its next run off, and taking either back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from clawtui.tui.controllers.background import in_background

if TYPE_CHECKING:
    from clawtui.model.fleet import Automation
    from clawtui.operations.state.next_run import NextRun
    from clawtui.tui.controllers.commands import CommandContext

_SPANS: Final = (("1h", timedelta(hours=1)), ("4h", timedelta(hours=4)), ("1d", timedelta(days=1)))
_MORE_SPANS: Final = (("2d", timedelta(days=2)), ("7d", timedelta(days=7)))


class NextRunCommands:
    """Commands that set ``nextRun`` of the selected automation; ``undo`` takes back the last change, then the others.

    In the locks pane, and with nothing to take back, ``undo`` runs `undo_release`.
    """

    def __init__(self, context: CommandContext, undo_release: Callable[[], None]) -> None:
        self._context = context
        self._app = context.app
        self._undo_release = undo_release
        self._done: list[NextRun] = []

    @property
    def commands(self) -> Mapping[str, Callable[[], None]]:
        """The commands by name."""
        return {"run-now": self.run_now, "snooze": self.snooze, "undo": self.undo}

    def run_now(self) -> None:
        """Make the selected automation due now."""
        from clawtui.operations.state.next_run import run_now

        context = self._context
        if (automation := self._selected()) is not None:
            self._start(lambda: run_now(context.paths, automation, context.clock(), context.quiet_after))

    def snooze(self) -> None:
        """Ask until when the selected automation is not to run."""
        from clawtui.presentation.times import relative
        from clawtui.tui.dialogs.pick import PickDialog

        if (automation := self._selected()) is None:
            return
        now = self._context.clock()
        offers = [(f"for {name}", now + span) for name, span in (*_SPANS, *_MORE_SPANS)]
        rows = [(name, f"no run before {self._local(at)}, {relative(at, now)}") for name, at in offers]
        rows.append(("by its schedule", "without a time that was set"))

        def picked(row: int | None) -> None:
            if row is not None:
                self._set(automation, offers[row][1] if row < len(offers) else None)

        self._app.push_screen(PickDialog(f"{automation.id}: no run until", rows), picked)

    def undo(self) -> None:
        """Set ``nextRun`` to what it was before the last change, unless it was changed since; or undo a release."""
        from clawtui.operations.state.next_run import undo_next_run

        dashboard = self._context.dashboard
        if not self._done or dashboard.panes.current is dashboard.view.locks:
            self._undo_release()
        elif not self._is_refused():
            done = self._done.pop()
            context = self._context
            self._start(lambda: undo_next_run(context.paths, done, context.clock()), is_undo=True)

    def _set(self, automation: Automation, at: datetime | None) -> None:
        from clawtui.operations.state.next_run import set_next_run

        context = self._context
        when = f"{automation.id}: no run before {self._local(at)}" if at is not None else ""
        said = when or f"{automation.id}: its next run is by its schedule"
        self._start(lambda: set_next_run(context.paths, automation, at, context.clock(), said, "automation-snooze"))

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(self._context.zone):%Y-%m-%d %H:%M}"

    def _selected(self) -> Automation | None:
        """Return the selected automation; say why there is none, or that nothing may be changed."""
        view = self._context.dashboard.view
        if self._is_refused():
            return None
        if view.chosen is None:
            self._say(view.subject.why_none(view.fleet), "warning")
        else:
            view.subject.lead.table.cursor.hold()
        return view.chosen

    def _is_refused(self) -> bool:
        if self._context.read_only:
            self._say("Read-only: nothing is changed.", "warning")
        return self._context.read_only

    def _start(self, act: Callable[[], NextRun], *, is_undo: bool = False) -> None:
        in_background(self._app, "setting the time of the next run", partial(self._act, act, is_undo))

    def _act(self, act: Callable[[], NextRun], is_undo: bool) -> None:
        """Act, and say what was done; not on the event loop."""
        from clawtui.model.errors import ClawtuiError

        try:
            done = act()
        except ClawtuiError as error:
            self._app.call_later(self._say, str(error), "error")
        else:
            self._app.call_later(self._finished, done, is_undo)

    def _finished(self, done: NextRun, is_undo: bool) -> None:
        if not is_undo:
            self._done.append(done)
        said = done.message.splitlines()[0]
        self._say(said if is_undo else f"{said}\nU takes that back.", "information")

    def _say(self, text: str, severity: Literal["information", "warning", "error"]) -> None:
        self._app.notify(text, severity=severity, markup=False, timeout=10)
