"""The state of the dashboard that is kept for the next start: theme, sizes of panes, order of tables."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, field

from clawtui.model.checked.field_types import Flag
from clawtui.model.documents.base import Document
from clawtui.model.documents.settings import ThemeChoice

Part = Annotated[int, Meta(ge=1, le=10_000)]


class Order(Document):
    """How a table is sorted."""

    by: str
    """The name of an order; one that the table does not have is ignored."""
    reverse: Flag = False


class UiState(Document):
    """All of that state; missing values are the defaults."""

    version: Literal[1] = 1
    theme: ThemeChoice | None = None
    """The theme that the user chose in the dashboard."""
    theme_instead_of: ThemeChoice | None = None
    """The theme in the settings at that time; once the settings change, they apply again."""
    rows: tuple[Part, ...] = ()
    columns: tuple[Part, ...] = ()
    """The relative sizes of the panes, from the top and from the left."""
    orders: Mapping[str, Order] = field(default_factory=dict)
    """By name of the pane."""

    def theme_over(self, setting: ThemeChoice) -> ThemeChoice:
        """Return the theme to use if the settings have ``setting``."""
        return self.theme if self.theme is not None and self.theme_instead_of == setting else setting
