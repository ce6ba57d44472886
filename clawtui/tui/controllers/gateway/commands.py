"""The commands of keys and palette that act differently on the root of a stock gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from clawtui.tui.screens.selection import ClipboardItem
from clawtui.tui.screens.shown_automation import notify_no_selection

if TYPE_CHECKING:
    from clawtui.tui.controllers.commands import CommandContext
    from clawtui.tui.controllers.gateway.acts import GatewayActs
    from clawtui.tui.controllers.user.clipboard import ClipboardController

NO_ARTIFACTS = "A stock gateway keeps no artifacts of its runs."
NO_DISPATCHER = "A stock gateway has no dispatcher: H shows the runs of a job."
NO_WORKSPACES = "A stock gateway keeps no workspaces."
NO_SNOOZE = "A stock gateway decides when a job is due: - disables it, x runs it now."
RELEASED_IN_LOCKS = "X releases the lock that is chosen in Locks (4)."
NO_FILE = "A stock gateway keeps its jobs in a database: d shows what it has of this one, y copies it."


class GatewayCommands:
    """The commands by name; they apply while the root is that of a stock gateway."""

    def __init__(self, context: CommandContext, clipboard: ClipboardController) -> None:
        self._context = context
        self._app = context.app
        self._view = context.dashboard.view
        self._clipboard = clipboard
        self._commands: Mapping[str, Callable[[], None]] = {
            "runs": self._runs,
            "artifacts": lambda: self._say(NO_ARTIFACTS),
            "activity": lambda: self._say(NO_DISPATCHER),
            "dispatcher": lambda: self._say(NO_DISPATCHER),
            "workspaces": lambda: self._say(NO_WORKSPACES),
            "page": lambda: self._say(NO_FILE),
            "run-now": self._run_now,
            "lock": self._lock,
            "snooze": lambda: self._say(NO_SNOOZE),
            "edit": self._edit,
            "copy": self._copy,
            "mend": self._mend,
        }

    def run(self, name: str) -> bool:
        """Run the command `name`; return False if it is none of these, or if the root is of another kind."""
        command = self._commands.get(name)
        if command is None or self._view.gateway is None:
            return False
        command()
        return True

    @property
    def acts(self) -> GatewayActs:
        """The controller of the gateway's own commands."""
        from clawtui.tui.controllers.gateway.acts import GatewayActs

        context = self._context
        return GatewayActs(
            self._app,
            context.paths.root,
            self._clipboard.copy,
            read_only=context.read_only,
            connection=self._view.fleet.connection,
        )

    def act_on_job(self, job_id: str, act: str) -> None:
        """Ask whether to enable, disable or run a job."""
        if self._view.gateway is not None:
            self.acts.ask_job(self._view.gateway.report, job_id, act)

    def act_on_held(self, key: str) -> bool:
        """Show the verdict on the row at `key` of the locks pane.

        Return False if the root is of another kind, or if the row is a lock file that clawtui itself can release.
        """
        gateway = self._view.gateway
        return gateway is not None and self.acts.ask_row(gateway, key)

    def _say(self, text: str) -> None:
        self._app.notify(text, markup=False)

    def _runs(self) -> None:
        from clawtui.tui.controllers.gateway.job_runs import JobRuns
        from clawtui.tui.controllers.runs.shown_runs import ShownRuns

        if self._view.chosen_job is None:
            notify_no_selection(self._app, self._view)
        else:
            ShownRuns(self._context, JobRuns(self._context, self._view.chosen_job)).open()

    def _run_now(self) -> None:
        if (job := self._view.chosen_job) is not None:
            self._view.automations.table.cursor.hold()
            self.act_on_job(job.id, "run")

    def _lock(self) -> None:
        from clawtui.tui.controllers.finding_acts import show_row

        view, job, gateway = self._view, self._view.chosen_job, self._view.gateway
        if job is None or gateway is None:
            notify_no_selection(self._app, view)
            return
        run = gateway.report.state.running(job.id)
        if run is not None and show_row(view.locks, f"run {run.id}"):
            self._context.dashboard.panes.go_to(view.locks)
        else:
            self._say(f"It has no run in progress. {RELEASED_IN_LOCKS}")

    def _edit(self) -> None:
        job, gateway = self._view.chosen_job, self._view.gateway
        if job is not None and gateway is not None:
            self.acts.offer_edit(gateway.report, job.id)

    def _mend(self) -> None:
        if self._view.gateway is not None:
            self.acts.ask_mend(self._view.gateway.report)

    def _copy(self) -> None:
        from clawtui.tui.screens.pane_screen import PaneScreen

        here = self._app.screen
        if isinstance(here, PaneScreen):
            self._clipboard.offer(*here.clipboard_items)
        else:
            job = self._view.chosen_job
            self._clipboard.offer(job.name if job is not None else "", tuple(self._items()))

    def _items(self) -> Iterator[ClipboardItem]:
        from clawtui.model.text.cleaning import displayable

        view = self._view
        job, gateway = view.chosen_job, view.gateway
        if job is None or gateway is None:
            return
        run = gateway.gateway_run(job, view.runs.choice.run)
        known = [("id", job.id), ("name", job.name), ("error", job.state.last_error)]
        if run is not None:
            known += [("run", run.id), ("session", run.session_id), ("summary", run.summary)]
        yield from (ClipboardItem(name, displayable(value)) for name, value in known if value)
        command = gateway.report.command("automations", "run", job.id)
        if command is not None:
            yield ClipboardItem("the command that runs it now", command)
