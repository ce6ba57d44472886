"""The commands of keys and palette that need a root with the design's files: new automations, dispatcher, all logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clawtui.tui.screens.shown_automation import notify_no_selection

if TYPE_CHECKING:
    from clawtui.remote.client.source import RemoteSource
    from clawtui.tui.controllers.commands import CommandContext
    from clawtui.tui.controllers.user.editor import EditorController


class DesignCommands:
    """The commands that need a root with the design's files; for a stock gateway they show why they cannot act."""

    def __init__(self, context: CommandContext) -> None:
        self._context = context
        self._app = context.app

    def new(self) -> None:
        """Create an automation from a template."""
        if (editor := self._editor()) is not None:
            editor.create()

    def duplicate(self) -> None:
        """Create a copy of the selected automation."""
        view = self._context.dashboard.view
        if (editor := self._editor()) is None:
            return
        if view.chosen is None:
            notify_no_selection(self._app, view)
        else:
            editor.duplicate(view.chosen)

    def dispatcher(self) -> None:
        """Show each field of the dispatcher's configuration and of its slots."""
        from clawtui.tui.dialogs.field_text import dispatcher_lines
        from clawtui.tui.dialogs.lines_dialog import DispatcherDialog

        clock, view = self._context.clock, self._context.dashboard.view
        self._app.push_screen(
            DispatcherDialog(lambda width: dispatcher_lines(view.fleet, clock(), width), self.edit_dispatcher)
        )

    def edit_dispatcher(self) -> None:
        """Open the dispatcher's configuration in the editor."""
        if (editor := self._editor()) is not None:
            editor.edit_dispatcher()

    def all_logs(self) -> None:
        """Show all logs of the last day as one."""
        from clawtui.tui.controllers.runs.all_logs import ShownAllLogs

        context = self._context
        if context.dashboard.view.gateway is not None:
            self._app.notify("A stock gateway's root has no logs of runs.", markup=False)
            return
        source = self._remote_source()
        if source is None or source.logs.are_merged:
            ShownAllLogs(context, source).open()
        elif (connection := context.dashboard.view.fleet.connection) is not None:
            from clawtui.model.text.command_line import CommandLine
            from clawtui.remote.client.logs.reader import TOO_OLD

            command = CommandLine(connection.address).hint("logs", "--all", "--since", "1h")
            self._app.notify(
                f"The clawtui on {connection.host} {TOO_OLD}. {command} prints them from there.",
                severity="warning",
                markup=False,
            )

    def _remote_source(self) -> RemoteSource | None:
        if self._context.source is None:
            return None
        from clawtui.remote.client.source import RemoteSource

        return self._context.source if isinstance(self._context.source, RemoteSource) else None

    def _editor(self) -> EditorController | None:
        from clawtui.tui.controllers.user.editor import EditorController

        context = self._context
        if context.dashboard.view.gateway is not None:
            self._app.notify("`openclaw automations` does it: only the gateway itself changes its jobs.", markup=False)
            return None
        fleet = context.dashboard.view.fleet
        if fleet.watch == "waiting" and not fleet.is_empty:  # before the operator has written something
            missing = f"There is no state directory at {fleet.root} yet: nothing can be saved there."
            self._app.notify(missing, severity="warning", markup=False)
            return None
        return EditorController(self._app, context.paths, context.clock, read_only=context.read_only)
