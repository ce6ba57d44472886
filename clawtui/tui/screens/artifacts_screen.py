"""The artifacts of an automation, with all the room there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.model.documents.artifact import Artifact
from clawtui.tui.panes.artifacts.pane import ArtifactsPane
from clawtui.tui.screens.pane_screen import PaneScreen


class ArtifactsScreen(PaneScreen[ArtifactsPane]):
    """A list; Enter has ``read`` show what is in one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "read", tooltip="what is in the artifact", id="artifacts.read"),
        Binding("v", "app.page", "pager", tooltip="the artifact in your $PAGER", id="artifacts.pager"),
        Binding("a", "back", "back", show=False, tooltip="back to the dashboard", id="artifacts.back"),
    ]

    def __init__(
        self,
        pane: ArtifactsPane,
        fill: Callable[[], None],
        reload: Callable[[], None],
        read: Callable[[Artifact], None],
    ) -> None:
        super().__init__(pane, fill, reload)
        self._read = read

    @property
    def path_in_sight(self) -> str | None:
        """The artifact that the cursor is on."""
        return self.pane.chosen.path if self.pane.chosen is not None else None

    def action_open(self) -> None:
        """Asks for what is in it."""
        if self.pane.chosen is not None:
            self._read(self.pane.chosen)
        else:
            self.notify("There is no artifact to choose here.", severity="warning", markup=False)
