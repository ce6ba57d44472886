"""The commands that keys and palette start by name in the list of several roots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from functools import partial

from textual.app import SystemCommand

from clawtui.roots.sources import RootSources
from clawtui.tui.base_app import BaseApp
from clawtui.tui.panes.roots.pane import show_only, sort_rows
from clawtui.tui.screens.roots.roots_view import RootsView
from clawtui.tui.screens.roots.screen import explain_key
from clawtui.tui.terminal.screen_updates import redraw


class ListCommands:
    """The commands by name; the modules of each load at its first use."""

    def __init__(
        self,
        app: BaseApp,
        view: RootsView,
        sources: RootSources,
        zone: tzinfo | None,
        undo: Callable[[], None],
    ) -> None:
        self._app = app
        self._view = view
        self._sources = sources
        self._zone = zone
        self._commands: Mapping[str, Callable[..., None]] = {
            "help": self._help,
            "messages": self._messages,
            "rescan": sources.rescan,
            "redraw": partial(redraw, app),
            "palette": app.action_command_palette,
            "undo": undo,
            "explain": partial(explain_key, app),
        }

    def run(self, name: str, *arguments: str) -> None:
        """Run the command ``name``. Raises KeyError if there is none."""
        self._commands[name](*arguments)

    def palette_commands(self) -> Iterator[SystemCommand]:
        """Yield the commands of the palette that have no key: groups, logins, and the roots."""
        pane = self._view.pane
        yield SystemCommand("Group by root", "each root's automations together", partial(sort_rows, pane, "root"))
        yield SystemCommand("Group by nothing", "the most urgent first", partial(sort_rows, pane, "urgency"))
        elsewhere = [root.name for root in self._sources.roots if root.host is not None]
        if remote := {name: source for name in elsewhere if (source := self._sources.remote(name)) is not None}:
            from clawtui.tui.controllers.user.external_program import login_commands

            yield from login_commands(self._app, remote)
        for name in self._view.roots:
            yield SystemCommand(f"Only {name}", "filter by this root", partial(show_only, pane, name))

    def _help(self) -> None:
        from clawtui.tui.dialogs.help_dialog import HelpDialog
        from clawtui.tui.screens.key_hints import help_sections

        self._app.push_screen(HelpDialog(help_sections(self._app.screen, self._view.pane)))

    def _messages(self) -> None:
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.widgets.messages import history_lines

        messages = self._app.messages
        self._app.push_screen(LinesDialog("Messages", lambda width: history_lines(messages, width, self._zone)))
