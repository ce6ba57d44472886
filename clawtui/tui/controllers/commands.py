"""The commands that keys and palette start by name on every screen: dialogs, other screens, and controllers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from textual.app import App, SystemCommand

from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.design_commands import DesignCommands
from clawtui.tui.controllers.gateway.commands import RELEASED_IN_LOCKS, GatewayCommands
from clawtui.tui.controllers.next_run import NextRunCommands
from clawtui.tui.controllers.remote_commands import RemoteCommands
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.screens.shown_automation import notify_no_selection, title_of

if TYPE_CHECKING:
    from clawtui.live.source import Source
    from clawtui.tui.controllers.user.clipboard import ClipboardController
    from clawtui.tui.controllers.user.unbound_keys import UnboundKeys
    from clawtui.tui.widgets.line import Line


class CommandContext(NamedTuple):
    """Objects and values that the commands need."""

    app: App[None]
    dashboard: Dashboard
    paths: StatePaths
    clock: Callable[[], datetime]
    zone: tzinfo | None
    read_only: bool
    quiet_after: timedelta = QUIET_AFTER
    """How long a holder may be silent."""
    source: Source | None = None
    """The source of a root on another host."""

    def local_now(self) -> datetime:
        """Return the current time in the zone of the dashboard."""
        return self.clock().astimezone(self.zone)


class Commands:
    """The commands by name, which keys run with `app.command('NAME')`; the modules of each load at its first use."""

    def __init__(
        self,
        context: CommandContext,
        clipboard: ClipboardController,
        unbound_keys: UnboundKeys,
        others: Mapping[str, Callable[[], None]],
    ) -> None:
        """Add `others`, the commands that need the live model or the lock controllers."""
        self._context = context
        self._app = context.app
        self._dashboard = context.dashboard
        self._clipboard = clipboard
        self.gateway = GatewayCommands(context, clipboard)
        """The commands that mean another thing for a stock gateway."""
        view = context.dashboard.view
        self.remote = RemoteCommands(context.app, lambda: view.fleet, lambda: view.chosen)
        """The refusal of what cannot be done here for a root on another host."""
        design = DesignCommands(context)
        self._commands: Mapping[str, Callable[..., None]] = {
            "help": self._help,
            "problems": self._problems,
            "findings": self._findings,
            "messages": self._messages,
            "why": self._why,
            "runs": self._runs,
            "artifacts": self._artifacts,
            "activity": self._activity,
            "dispatcher": design.dispatcher,
            "edit-dispatcher": design.edit_dispatcher,
            "lock": self._lock,
            "pane": self._pane,
            "workspaces": self._workspaces,
            "copy": self._copy,
            "page": self._page,
            "edit": self._edit,
            "new": design.new,
            "duplicate": design.duplicate,
            "all-logs": design.all_logs,
            "palette": self._palette,
            "mend": self._findings,
            "explain": unbound_keys.explain,
            **others,
            **NextRunCommands(context, others["undo"]).commands,
        }

    def run(self, name: str, *arguments: str) -> None:
        """Run the command `name`. Raises KeyError if there is none."""
        if self.remote.run(name) or self.gateway.run(name):
            return
        self._commands[name](*arguments)

    def palette_commands(self) -> Iterator[SystemCommand]:
        """Return the commands of the palette that have no key."""
        from clawtui.tui.controllers.goto_commands import keyless_commands

        return keyless_commands(self._context)

    def _help(self) -> None:
        from clawtui.tui.dialogs.help_dialog import HelpDialog
        from clawtui.tui.screens.key_hints import help_sections

        sections = help_sections(self._app.screen, self._dashboard.panes.current)
        self._app.push_screen(HelpDialog(sections))

    def _problems(self) -> None:
        from clawtui.tui.dialogs.dialog_text import problem_lines

        self._show_lines("Problems", lambda width: problem_lines(self._dashboard.view.fleet, width))

    def _findings(self) -> None:
        from clawtui.tui.controllers.finding_acts import FindingActs
        from clawtui.tui.dialogs.finding_lines import finding_lines, nothing_to_examine
        from clawtui.tui.dialogs.findings_dialog import FindingsDialog

        view = self._dashboard.view

        def is_waiting() -> bool:
            return view.fleet.watch == "waiting"

        def lines(width: int) -> Sequence[Line]:
            nothing = nothing_to_examine(is_missing=view.fleet.loaded)
            return nothing if is_waiting() else finding_lines(view.findings, width)

        acts = FindingActs(self._context, self._clipboard.copy, lambda: self.run("mend"))
        self._app.push_screen(FindingsDialog(lines, lambda: () if is_waiting() else view.findings or (), acts.act))

    def _why(self) -> None:
        from clawtui.presentation.why_lines import why_lines
        from clawtui.tui.controllers.runs.explanation import explain
        from clawtui.tui.dialogs.dialog_text import why_text

        view, context = self._dashboard.view, self._context
        chosen, job = view.chosen, view.chosen_job

        def lines(width: int) -> Sequence[Line]:
            now = context.local_now()
            return why_text(why_lines(*explain(view, chosen, job, now), now), width)

        title = title_of(view, job or chosen)
        if job is not None:
            self._show_lines(title, lines)
        else:
            self._require_selection(lambda: self._show_lines(title, lines))

    def _messages(self) -> None:
        from clawtui.tui.widgets.messages import history_lines, messages_of

        if messages := messages_of(self._app):
            self._show_lines("Messages", lambda width: history_lines(messages, width, self._context.zone))

    def _show_lines(self, title: str | Callable[[], str], make_lines: Callable[[int], Sequence[Line]]) -> None:
        from clawtui.tui.dialogs.lines_dialog import LinesDialog

        self._app.push_screen(LinesDialog(title, make_lines))

    def _runs(self) -> None:
        from clawtui.tui.controllers.runs.automation_runs import AutomationRuns
        from clawtui.tui.controllers.runs.shown_runs import ShownRuns

        self._require_selection(lambda: ShownRuns(self._context, AutomationRuns(self._context)).open())

    def _artifacts(self) -> None:
        from clawtui.tui.controllers.runs.shown_artifacts import ShownArtifacts

        self._require_selection(lambda: ShownArtifacts(self._context).open())

    def _activity(self) -> None:
        from clawtui.tui.controllers.runs.shown_activity import ShownActivity

        ShownActivity(self._context).open()

    def _workspaces(self) -> None:
        from clawtui.tui.controllers.workspaces.shown_workspaces import ShownWorkspaces

        ShownWorkspaces(self._context).open()

    def _require_selection(self, open_screen: Callable[[], None]) -> None:
        view = self._dashboard.view
        if view.chosen is None:
            notify_no_selection(self._app, view)
        else:
            view.subject.lead.table.cursor.hold()
            open_screen()

    def _lock(self) -> None:
        from clawtui.model.runs.why import blocking_lock
        from clawtui.tui.controllers.finding_acts import show_row

        view, panes = self._dashboard.view, self._dashboard.panes
        found = blocking_lock(view.fleet, view.chosen) if view.chosen is not None else None
        if found is not None and show_row(view.locks, found.path):
            panes.go_to(view.locks)
        elif view.chosen is None:
            notify_no_selection(self._app, view)
        else:
            self._app.notify(f"Its repository is not locked. {RELEASED_IN_LOCKS}", markup=False)

    def _pane(self, number: str) -> None:
        from clawtui.tui.screens.pane_screen import PaneScreen

        if isinstance(self._app.screen, PaneScreen):
            self._app.screen.dismiss()
        self._dashboard.panes.action_pane(int(number) - 1)

    def _copy(self) -> None:
        from clawtui.tui.screens.pane_screen import PaneScreen
        from clawtui.tui.screens.selection import items_on

        here, context = self._app.screen, self._context
        items = here.clipboard_items if isinstance(here, PaneScreen) else items_on(context.dashboard, context.paths)
        self._clipboard.offer(*items)

    def _page(self) -> None:
        from clawtui.tui.controllers.user.external_program import PagerController
        from clawtui.tui.screens.pane_screen import PaneScreen
        from clawtui.tui.screens.selection import file_on

        here = self._app.screen
        path = here.selected_file if isinstance(here, PaneScreen) else file_on(self._dashboard)
        log = self._dashboard.view.log_pane
        line = log.source.line_number if not isinstance(here, PaneScreen) and path == log.source.shown.path else None
        connection, context = self._dashboard.view.fleet.connection, self._context
        host = "" if connection is None else connection.host or connection.address
        PagerController(self._app, context.paths, read_only=context.read_only, host=host).show(path, line)

    def _edit(self) -> None:
        from clawtui.tui.controllers.user.editor import EditorController

        context, view = self._context, self._dashboard.view
        editor = EditorController(self._app, context.paths, context.clock, read_only=context.read_only)
        self._require_selection(lambda: editor.edit(view.chosen))

    def _palette(self) -> None:
        from textual.widgets import Input

        self._app.action_command_palette()

        def stop_blinking() -> None:
            for typed in self._app.screen.query(Input):
                typed.cursor_blink = False

        self._app.call_after_refresh(stop_blinking)
