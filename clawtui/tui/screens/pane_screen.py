"""The base class of the other screens: one pane below the dashboard's header, with its keys below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from clawtui.tui.panes.footer import Footer
from clawtui.tui.panes.header import Header
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.key_hints import footer_hints
from clawtui.tui.screens.selection import ClipboardItem
from clawtui.tui.terminal.screen_updates import REDRAW_KEY, PacedScreen
from clawtui.tui.widgets.messages import MessageLine, dismiss_message

PaneT = TypeVar("PaneT", bound=Pane)


class PaneScreen(PacedScreen, Generic[PaneT], inherit_bindings=False):
    """Screen with one pane, which `fill` updates: at first, after every change on disk, and once a second.

    `reload` reads the data again that the fleet does not hold.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "app.command('help')", "help", tooltip="the keys of this screen", id="place.help"),
        Binding("escape,q", "back", "back", tooltip="one step back: filter, dashboard", id="place.back"),
        *(
            Binding(str(number), f"app.command('pane', '{number}')", "panes", show=False, tooltip=f"to the {name}")
            for number, name in enumerate(("automations", "timeline", "log", "locks"), 1)
        ),
        Binding("R", "reload", "rescan", show=False, tooltip="read everything again", id="place.reload"),
        Binding(
            "colon,ctrl+p",
            "app.command('palette')",
            "commands",
            show=False,
            tooltip="find a command by its name",
            id="place.palette",
        ),
        Binding(
            "D",
            "app.command('findings')",
            "findings",
            show=False,
            tooltip="what does not fit together",
            id="place.findings",
        ),
        Binding(
            "I",
            "app.command('messages')",
            "messages",
            show=False,
            tooltip="the messages that were shown",
            id="place.messages",
        ),
        Binding("ctrl+c", "app.quit", "quit at once", show=False, tooltip="quit at once", id="place.end"),
        REDRAW_KEY,
    ]

    def __init__(self, pane: PaneT, fill: Callable[[], None], reload: Callable[[], None]) -> None:
        super().__init__()
        self.pane = pane
        self._fill = fill
        self._reload = reload
        self._header = Header()
        self._followed: Header | None = None
        """The dashboard's header. Watching it would keep this screen after its removal, until that header changes."""
        self._footer = Footer()
        self.read_only = False
        """Whether the operations that change something are refused."""

    def compose(self) -> ComposeResult:
        """Yield the header, the pane and its keys."""
        yield self._header
        yield self.pane
        yield self._footer
        yield MessageLine()

    def on_mount(self) -> None:
        """Fill the pane before it is shown."""
        self.pane.current = True
        below = [screen for screen in self.app.screen_stack if screen is not self]
        self._followed = next((header for screen in below for header in screen.query(Header)), None)
        self.refresh_lines()
        self.set_focus(self.pane.body, scroll_visible=False)
        self.set_interval(1.0, self.refresh_lines)

    @property
    def selected_file(self) -> str | None:
        """The file of the selected item, relative to `automations/`; None if there is none."""
        return None

    @property
    def clipboard_items(self) -> tuple[str, Sequence[ClipboardItem]]:
        """The name of the selected item, and the texts that can be copied."""
        return "", ()

    def refresh_lines(self) -> None:
        """Show the newest state, with the content of the dashboard's header."""
        if self._followed is not None:
            self._header.label = self._followed.label
            self._header.show(self._followed.shown)
        self._fill()

    def action_reload(self) -> None:
        """Read the data again that the fleet does not hold."""
        self._reload()

    def action_back(self) -> None:
        """Dismiss a message, clear the filter, or close the screen."""
        if dismiss_message(self.app):
            return
        if isinstance(self.pane, TablePane) and self.pane.filter.active:
            self.pane.filter.clear_all()
        else:
            self.dismiss(None)

    def on_descendant_focus(self) -> None:
        """Show the keys of the filter while it is typed."""
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        self._footer.show(footer_hints(self, read_only=self.read_only))
