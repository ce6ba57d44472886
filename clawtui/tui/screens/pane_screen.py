"""A place beside the dashboard: one pane that has all the room, with its keys below it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from clawtui.tui.panes.footer import Footer
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.clipboard_items import ClipboardItems
from clawtui.tui.screens.key_hints import hints
from clawtui.tui.terminal.screen_updates import PacedScreen

PaneT = TypeVar("PaneT", bound=Pane)


class PaneScreen(PacedScreen, Generic[PaneT], inherit_bindings=False):
    """Shows what ``refresh_lines`` gives its pane: at once, whenever something changed on disk, and each second."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "app.help", "help", tooltip="the keys of this place", id="place.help"),
        Binding("escape,q", "back", "back", tooltip="one step back: filter, dashboard", id="place.back"),
        Binding("R", "reload", "rescan", show=False, tooltip="look at everything anew", id="place.reload"),
        Binding(
            "colon,ctrl+p",
            "app.command_palette",
            "commands",
            show=False,
            tooltip="find a command by its name",
            id="place.palette",
        ),
        Binding("D", "app.findings", "findings", show=False, tooltip="what does not fit together", id="place.findings"),
        Binding("ctrl+c", "app.quit", "quit at once", show=False, tooltip="quit at once", id="place.end"),
    ]

    def __init__(self, pane: PaneT, fill: Callable[[], None], reload: Callable[[], None]) -> None:
        super().__init__()
        self.pane = pane
        self._fill = fill
        self._reload = reload
        self._footer = Footer()

    def compose(self) -> ComposeResult:
        """The pane and its keys."""
        yield self.pane
        yield self._footer

    def on_mount(self) -> None:
        """Filled before it is seen."""
        self.pane.current = True
        self.refresh_lines()
        self.set_focus(self.pane.body, scroll_visible=False)
        self.set_interval(1.0, self.refresh_lines)
        self.call_after_refresh(self._show_keys)

    @property
    def path_in_sight(self) -> str | None:
        """The file of what is chosen, relative to ``automations/``: for a pager. None where there is none."""
        return None

    @property
    def copyable_in_sight(self) -> tuple[str, Sequence[ClipboardItems]]:
        """What the chosen thing is called, and what can be copied of it."""
        return "", ()

    def refresh_lines(self) -> None:
        """What is shown may have changed."""
        self._fill()

    def action_reload(self) -> None:
        """Doubts what was read when the place was opened."""
        self._reload()

    def action_back(self) -> None:
        """The filter first, then the place."""
        if isinstance(self.pane, TablePane) and self.pane.filter.active:
            self.pane.filter.clear_all()
        else:
            self.dismiss(None)

    def _show_keys(self) -> None:
        self._footer.show(hints(active for active in self.active_bindings.values() if active.node is not self.app))
