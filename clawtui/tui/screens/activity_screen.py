"""The dispatcher: who ran when, with all the room there is."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.tui.panes.activity.pane import ActivityPane
from clawtui.tui.screens.pane_screen import PaneScreen


class ActivityScreen(PaneScreen[ActivityPane]):
    """Follows the disk while one looks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("W", "back", "back", show=False, tooltip="back to the dashboard", id="activity.back"),
    ]

    def on_activity_pane_span_changed(self) -> None:
        """Other hours are looked at."""
        self.action_reload()
