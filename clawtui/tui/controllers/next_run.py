"""Making an automation due at the next dispatch, postponing its next run, and undoing either."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from clawtui.tui.controllers.background import in_background
from clawtui.tui.widgets.messages import READ_ONLY

if TYPE_CHECKING:
    from clawtui.model.fleet import Automation
    from clawtui.operations.state.next_run import NextRun
    from clawtui.tui.controllers.commands import CommandContext

_SPANS: Final = (("1h", timedelta(hours=1)), ("4h", timedelta(hours=4)), ("1d", timedelta(days=1)))
_MORE_SPANS: Final = (("2d", timedelta(days=2)), ("7d", timedelta(days=7)))


def _with_time(context: CommandContext, act: Callable[[datetime, timedelta], NextRun]) -> NextRun:
    """Act with the time of the act, not that of the question."""
    return act(context.clock(), context.quiet_after)


class NextRunCommands:
    """Commands that set ``nextRun`` of the selected automation, or of those that are marked, after one question.

    ``undo`` undoes the last change, which may be of several automations, then the earlier ones.

    In the locks pane, and if there is nothing to undo, ``undo`` runs `undo_release`.
    """

    def __init__(self, context: CommandContext, undo_release: Callable[[], None]) -> None:
        self._context = context
        self._app = context.app
        self._undo_release = undo_release
        self._done: list[tuple[NextRun, ...]] = []

    @property
    def commands(self) -> Mapping[str, Callable[[], None]]:
        """The commands by name."""
        return {"run-now": self.run_now, "snooze": self.snooze, "undo": self.undo}

    def run_now(self) -> None:
        """Make the selected automation due now; with marks those that are marked, after a question."""
        from clawtui.operations.state.next_run import run_now

        context, chosen = self._context, self._chosen()
        acts = [partial(_with_time, context, partial(run_now, context.paths, each)) for each in chosen]
        if len(chosen) > 1:
            self._ask_to_run(chosen, acts)
        elif chosen:
            self._start(acts)

    def snooze(self) -> None:
        """Ask until when to postpone the next run of the selected automation, or of those that are marked."""
        from clawtui.presentation.times import relative
        from clawtui.tui.dialogs.pick import PickDialog

        if not (chosen := self._chosen()):
            return
        now = self._context.clock()
        offers = [(f"for {name}", now + span) for name, span in (*_SPANS, *_MORE_SPANS)]
        rows = [(name, f"no run before {self._local(at)}, {relative(at, now)}") for name, at in offers]
        rows.append(("by its schedule", "without a time that was set"))

        def picked(row: int | None) -> None:
            if row is not None:
                self._set(chosen, offers[row][1] if row < len(offers) else None)

        title = chosen[0].id if len(chosen) == 1 else f"{len(chosen)} automations"
        self._app.push_screen(PickDialog(f"{title}: no run until", rows), picked)

    def undo(self) -> None:
        """Set ``nextRun`` to what it was before the last change, unless it was changed since; or undo a release."""
        from clawtui.operations.state.next_run import undo_next_run

        dashboard = self._context.dashboard
        if not self._done or dashboard.panes.current is dashboard.view.locks:
            self._undo_release()
        elif not self._is_refused():
            context, done = self._context, self._done.pop()
            acts = [partial(undo_next_run, context.paths, each, context.clock()) for each in reversed(done)]
            self._start(acts, is_undo=True)

    def _ask_to_run(self, chosen: Sequence[Automation], acts: Sequence[Callable[[], NextRun]]) -> None:
        from clawtui.tui.dialogs.question import Question, QuestionDialog
        from clawtui.tui.widgets.choices import Choice
        from clawtui.tui.widgets.line import Span

        lines = tuple((Span(f"  {each.id}", "strong"), Span(f"  {each.name}", "dim")) for each in chosen)

        def answer(key: str) -> None:
            dialog.dismiss()
            self._start(acts)

        question = Question(lambda width: lines, accept=Choice("yes", "Run them"))
        dialog = QuestionDialog(f"Run these {len(chosen)} automations at the next dispatch?", question, answer)
        self._app.push_screen(dialog)

    def _set(self, chosen: Sequence[Automation], at: datetime | None) -> None:
        from clawtui.operations.state.next_run import set_next_run

        context = self._context
        when = f"no run before {self._local(at)}" if at is not None else "its next run is by its schedule"

        def act(each: Automation) -> NextRun:
            now, message = context.clock(), f"{each.id}: {when}"
            return set_next_run(context.paths, each, at, now, message, "automation-snooze")

        self._start([partial(act, each) for each in chosen])

    def _local(self, at: datetime) -> str:
        return f"{at.astimezone(self._context.zone):%Y-%m-%d %H:%M}"

    def _chosen(self) -> tuple[Automation, ...]:
        """Return the marked automations, else the selected one; show a message if there is none to change."""
        dashboard = self._context.dashboard
        view = dashboard.view
        if self._is_refused():
            return ()
        if dashboard.panes.current is view.automations and (marked := view.automations.row_marks.automations):
            return marked
        if view.chosen is None:
            self._say(view.subject.why_none(view.fleet), "warning")
            return ()
        view.subject.lead.table.cursor.hold()
        return (view.chosen,)

    def _is_refused(self) -> bool:
        if self._context.read_only:
            self._say(READ_ONLY, "warning")
        return self._context.read_only

    def _start(self, acts: Sequence[Callable[[], NextRun]], *, is_undo: bool = False) -> None:
        if not is_undo and len(acts) > 1:
            self._context.dashboard.view.automations.row_marks.clear()
        in_background(self._app, "setting the time of the next run", partial(self._act, acts, is_undo))

    def _act(self, acts: Sequence[Callable[[], NextRun]], is_undo: bool) -> None:
        """Act on each, and report the results; not on the event loop."""
        from clawtui.model.errors import ClawtuiError

        done, failed = [], []
        for act in acts:
            try:
                done.append(act())
            except ClawtuiError as error:
                failed.append(str(error))
        self._app.call_later(self._finished, tuple(done), failed, is_undo)

    def _finished(self, done: tuple[NextRun, ...], failed: Sequence[str], is_undo: bool) -> None:
        if done and not is_undo:
            self._done.append(done)
        messages = [each.message.splitlines()[0] for each in done]
        if len(done) + len(failed) > 1:
            messages = [f"The next run of {len(done)} of {len(done) + len(failed)} automations is set."]
        undo = ["U takes that back."] if done and not is_undo else []
        self._say("\n".join([*messages, *failed, *undo]), "error" if failed else "information")

    def _say(self, text: str, severity: Literal["information", "warning", "error"]) -> None:
        self._app.notify(text, severity=severity, markup=False, timeout=10)
