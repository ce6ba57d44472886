"""A widget that paints lines when they are seen and sends only the cells that changed."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from clawtui.tui.widgets.error_boundary import ErrorBoundary, failure_lines
from clawtui.tui.widgets.line import BLANK, ROLES, Line, Role, Span, changed_columns, fit, width_of

LINE_CLASSES: Final = frozenset({f"line--{role}" for role in ROLES} | {"line--cursor", "line--cursor-blurred"})
"""The component classes of lines. The app has them, and not each view: Textual works out every one of every widget
whenever styles may have changed, which was a fifth of the time until the first paint.
"""


@dataclass(frozen=True, slots=True)
class _Shown:
    """One row of the screen as it was last painted."""

    line: Line
    highlighted: bool


class _View(NamedTuple):
    """What part of the lines is in sight. To ask Textual for it takes as long as to make a row, so it is asked once."""

    size: Size
    left: int
    top: int
    line_width: int


class LineView(ErrorBoundary, ScrollView, can_focus=True, inherit_bindings=False):
    """Shows ``line_count()`` lines, of which it asks ``make_line()`` only for those in sight.

    After the data behind the lines has changed, ``sync()`` compares the rows in sight with what was painted
    and repaints the cells that differ. Its cost is that of the rows in sight, however many there are.
    """

    repainted: ClassVar[int] = 0
    """Rows that all views together have found to differ so far."""

    DEFAULT_CSS = """
    LineView { scrollbar-size: 0 0; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._painted: dict[int, _Shown] = {}
        self._role_styles: dict[tuple[Role, str], Style] = {}
        self._view = _View(Size(0, 0), 0, 0, 0)
        self._failure: Exception | None = None
        self._report = ""

    @abstractmethod
    def line_count(self) -> int:
        """How many lines there are."""

    @abstractmethod
    def make_line(self, index: int, width: int) -> Line:
        """The line at ``index``, which is within ``line_count()``, for a view of ``width`` cells."""

    def is_highlighted(self, index: int) -> bool:
        """Whether the line is painted as the one that the cursor is on."""
        return False

    @property
    def sticky_rows(self) -> int:
        """Rows at the top that do not scroll: lines 0 to here stay where they are."""
        return 0

    @property
    def line_width(self) -> int:
        """How wide the lines are; wider than the view where they can be scrolled sideways."""
        return self.size.width

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether there is more above or below; Textual's own answer waits for a layout that more lines do not need."""
        return self.max_scroll_y > 0 or self.scroll_y > 0

    @property
    def allow_horizontal_scroll(self) -> bool:
        """Whether the lines are wider than the view."""
        return self.line_width > self.size.width or self.scroll_x > 0

    def fail(self, error: Exception) -> None:
        """Shows the failure in place of the lines, and has it reported."""
        self._failure = error
        self._painted.clear()
        self.refresh()
        super().fail(error)

    def recover(self) -> None:
        """Shows the lines again."""
        if self._failure is not None:
            self._failure, self._report = None, ""
            self._painted.clear()
            self.refresh()

    def tell_report(self, place: str) -> None:
        """Shows where the report of the failure is."""
        self._report = place
        self.sync()

    def sync(self) -> None:
        """Brings the screen up to date with the data, repainting only the cells that differ."""
        if self._failure is None:
            self._fit_virtual_size()
        self._look()
        for y, before in list(self._painted.items()):
            now = self._current(y)
            if now == before:
                continue
            LineView.repainted += 1
            self._painted[y] = now
            if now.highlighted != before.highlighted:
                self.refresh(Region(0, y, self._view.size.width, 1))
            else:
                self._refresh_columns(y, changed_columns(before.line, now.line))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paints the rows of ``crop``."""
        self._look()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Paints one row of the view."""
        shown = self._current(y)
        # Only what was never on screen is noted here. A row is rendered whole but sent in part, so a row that was
        # rendered from newer data than the last sync knew still has old cells on screen: that sync has to find them.
        self._painted.setdefault(y, shown)
        segments = [Segment(span.text, self._span_style(span, shown.highlighted)) for span in shown.line if span.text]
        left, right = self._view.left, self._view.left + self._view.size.width
        return Strip(segments).crop_extend(left, right, self._style("plain", shown.highlighted))

    def notify_style_update(self) -> None:
        """Forgets the styles of the theme that was."""
        self._role_styles.clear()
        super().notify_style_update()

    def watch_has_focus(self, has_focus: bool) -> None:
        """The cursor has its colour where the keys go."""
        super().watch_has_focus(has_focus)
        for y, shown in self._painted.items():
            if shown.highlighted:
                self.refresh(Region(0, y, self._view.size.width, 1))

    def on_resize(self) -> None:
        """Lines depend on the width."""
        self._painted.clear()
        self._fit_virtual_size()
        self.refresh()

    def watch_scroll_x(self, old_value: float, new_value: float) -> None:
        """Sideways, every row shows something else."""
        self._painted.clear()
        super().watch_scroll_x(old_value, new_value)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Up or down, every row shows something else."""
        self._painted.clear()
        super().watch_scroll_y(old_value, new_value)

    def refresh_row(self, index: int) -> None:
        """Repaints the whole row of one line, where that is in sight: for a change of colour alone."""
        y = index if index < self.sticky_rows else index - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def _refresh_columns(self, y: int, stretches: list[tuple[int, int]]) -> None:
        view = self._view
        for start, end in stretches:
            stretch = Region(start - view.left, y, end - start, 1).intersection(view.size.region)
            if stretch:
                self.refresh(stretch)

    def _look(self) -> None:
        offset = self.scroll_offset
        self._view = _View(self.size, offset.x, offset.y, self.line_width)

    def _current(self, y: int) -> _Shown:
        if self._failure is None:
            try:
                return self._made(y)
            except Exception as error:  # noqa: BLE001  whatever is wrong with one line, the other views are to be seen
                self.fail(error)
        return self._made_of_failure(y)

    def _made_of_failure(self, y: int) -> _Shown:
        lines = failure_lines(self._failure, self._report) if self._failure is not None else ()
        return _Shown(fit(lines[y], self._view.size.width) if y < len(lines) else BLANK, False)

    def _made(self, y: int) -> _Shown:
        view = self._view
        index = y if y < self.sticky_rows else y + view.top
        if index >= self.line_count() or not view.size:
            return _Shown(BLANK, False)
        made = self.make_line(index, view.line_width)
        if width_of(made) > view.line_width:
            made = fit(made, view.line_width)
        return _Shown(made, self.is_highlighted(index))

    def _fit_virtual_size(self) -> None:
        wanted = Size(self.line_width, self.line_count())
        if self.virtual_size != wanted:
            # Past the reactive: that would lay out the whole screen for one more line of a log.
            self.set_reactive(LineView.virtual_size, wanted)
            if self.scroll_offset.y > self.max_scroll_y:
                self.scroll_to(y=self.max_scroll_y, animate=False)

    def _span_style(self, span: Span, highlighted: bool) -> Style:
        style = self._style(span.role, highlighted)
        return style + Style(link=span.link) if span.link else style

    def _style(self, role: Role, highlighted: bool) -> Style:
        ground = "" if not highlighted else "line--cursor" if self.has_focus else "line--cursor-blurred"
        style = self._role_styles.get((role, ground))
        if style is None:
            style = self.rich_style
            if ground:
                style += self.app.get_component_styles(ground).partial_rich_style
            # Last, as a match has a ground of its own, which it needs to be read on the cursor too.
            style += self.app.get_component_styles(f"line--{role}").partial_rich_style
            self._role_styles[role, ground] = style
        return style
