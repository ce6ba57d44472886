"""How somebody has arranged the dashboard: what is there again next time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from clawtui.model.documents.base import Document, Flag
from clawtui.model.documents.settings import ThemeChoice

Part = Annotated[int, Field(ge=1, le=10_000)]


class Order(Document):
    """How a table is sorted."""

    by: str
    """The name of an order; one that the table does not have counts for nothing."""
    reverse: Flag = False


class UiState(Document):
    """Everything that is remembered; what is missing is as it usually is."""

    version: Literal[1] = 1
    theme: ThemeChoice | None = None
    """What was switched to."""
    theme_instead_of: ThemeChoice | None = None
    """What the settings said then: once they say something else, they are heard again."""
    rows: tuple[Part, ...] = ()
    columns: tuple[Part, ...] = ()
    """The parts of the panes, from the top and from the left."""
    orders: Mapping[str, Order] = Field(default_factory=dict)
    """By the name of the pane."""

    def theme_over(self, setting: ThemeChoice) -> ThemeChoice:
        """The theme that holds where the settings say ``setting``."""
        return self.theme if self.theme is not None and self.theme_instead_of == setting else setting
