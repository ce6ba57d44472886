"""Painting the rows of a `LineView`: the cells that differ from those on the screen, and the style of each role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from msgspec import Struct
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset, Region, Size
from textual.strip import Strip
from textual.widget import Widget

from clawtui.tui.widgets.error_boundary import failure_lines
from clawtui.tui.widgets.line import BLANK, ROLES, Line, Role, Span, changed_columns, changes_by_second, fit, width_of
from clawtui.tui.widgets.line_content import LineContent

LINE_CLASSES: Final = frozenset({f"line--{role}" for role in ROLES} | {"line--cursor", "line--cursor-blurred"})
"""The component classes of lines. The app has them, not each view: Textual computes every component class of every
widget whenever styles may have changed, which took a fifth of the time until the first paint.
"""


class _Viewport(NamedTuple):
    """The visible part of the lines. It is read once for all rows, because Textual takes long to compute it."""

    size: Size
    left: int
    top: int


class PaintedRow(Struct, frozen=True):
    """Row of the screen as it was last painted."""

    line: Line
    highlighted: bool


class LinePainter:
    """Painter of the rows of a view; it keeps the painted rows to find the cells that changed.

    `on_error` is called with an exception of the content; until `recover`, the rows then show `failure`.
    """

    def __init__(self, content: LineContent, on_error: Callable[[Exception], None]) -> None:
        self._content = content
        self._on_error = on_error
        self._painted: dict[int, PaintedRow] = {}
        self._viewport = _Viewport(Size(0, 0), 0, 0)
        self._width = 0
        self._fitting: dict[int, tuple[Line, int]] = {}
        """The last line of each row that was found to fit, and the width that it fits: measuring takes long."""
        self.changes_by_second = 0
        """The number of rows so far that `changes` has found to differ in a text that shows seconds."""
        self.failure: Exception | None = None
        self.report = ""
        """The path of the report of the failure, once there is one."""

    def look(self, size: Size, scrolled: Offset) -> None:
        """Set the visible part; if it has changed, discard the painted rows, which are no longer on the screen."""
        viewport = _Viewport(size, scrolled.x, scrolled.y)
        if viewport != self._viewport:
            self._painted.clear()
            self._fitting.clear()
            self._viewport = viewport
        self._width = self._content.lines_width(viewport.size.width)

    def scrolled(self, sticky: int) -> tuple[int, int]:
        """Return the first visible line below the `sticky` ones, and how many are visible."""
        return self._viewport.top, max(1, self._viewport.size.height - sticky)

    def forget(self) -> None:
        """Discard the painted rows, because the whole view is about to be painted."""
        self._painted.clear()

    def fail(self, error: Exception) -> None:
        """Show `error` instead of the content."""
        self.failure = error
        self._painted.clear()

    def recover(self) -> bool:
        """Show the content again; return whether there was a failure."""
        failed = self.failure is not None
        if failed:
            self.failure, self.report = None, ""
            self._painted.clear()
        return failed

    def row(self, y: int) -> PaintedRow:
        """Return row `y` of the view for painting."""
        row = self._current(y)
        # Only a row that was never on the screen is recorded here. A row is rendered whole but sent in part, so a row
        # rendered from newer data than the last call of `changes` still has old cells on the screen, which the next
        # call of `changes` must find.
        self._painted.setdefault(y, row)
        return row

    def changes(self) -> Iterator[list[Region]]:
        """Yield the regions to paint for each visible row that differs from the painted one."""
        width = self._viewport.size.width
        for y, before in list(self._painted.items()):
            now = self._current(y)
            if now == before:
                continue
            self._painted[y] = now
            self.changes_by_second += changes_by_second(before.line, now.line)
            if now.highlighted != before.highlighted:
                yield [Region(0, y, width, 1)]
            else:
                yield list(self._in_sight(y, changed_columns(before.line, now.line)))

    def highlighted_rows(self) -> list[Region]:
        """Return the rows on the screen that are painted as having the cursor."""
        width = self._viewport.size.width
        return [Region(0, y, width, 1) for y, row in self._painted.items() if row.highlighted]

    def strip(self, row: PaintedRow, styles: RoleStyles) -> Strip:
        """Return the visible cells of `row`."""
        highlighted = row.highlighted
        segments = [Segment(span.text, styles.of_span(span, highlighted)) for span in row.line if span.text]
        left = self._viewport.left
        return Strip(segments).crop_extend(left, left + self._viewport.size.width, styles.style("plain", highlighted))

    def _in_sight(self, y: int, stretches: list[tuple[int, int]]) -> Iterator[Region]:
        view = self._viewport
        for start, end in stretches:
            region = Region(start - view.left, y, end - start, 1).intersection(view.size.region)
            if region:
                yield region

    def _current(self, y: int) -> PaintedRow:
        if self.failure is None:
            try:
                return self._make(y)
            except Exception as error:  # noqa: BLE001  an error in one line must leave the other views usable
                self._on_error(error)
        lines = failure_lines(self.failure, self.report) if self.failure is not None else ()
        return PaintedRow(fit(lines[y], self._viewport.size.width) if y < len(lines) else BLANK, False)

    def _make(self, y: int) -> PaintedRow:
        content, width = self._content, self._width
        index = y if y < content.sticky_rows else y + self._viewport.top
        if index >= content.line_count() or not self._viewport.size:
            return PaintedRow(BLANK, False)
        line = content.make_line(index, width)
        known = self._fitting.get(y)
        if known is None or known[0] is not line or known[1] != width:
            if width_of(line) > width:
                line = fit(line, width)
            else:
                self._fitting[y] = (line, width)
        return PaintedRow(line, content.is_highlighted(index))


class RoleStyles:
    """The styles of roles in the current theme, each computed once."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[Role, str], Style] = {}

    def clear(self) -> None:
        """Discard all styles, because the theme has changed."""
        self._styles.clear()

    def of_span(self, span: Span, highlighted: bool) -> Style:
        """Return the style of a span, with its link."""
        style = self.style(span.role, highlighted)
        return style + Style(link=span.link) if span.link else style

    def style(self, role: Role, highlighted: bool) -> Style:
        """Return the style of `role`, on the background of the cursor where `highlighted`.

        With the terminal's own colours the row with the cursor has one style: in reverse video, each role would have
        another background. Only a match has another.
        """
        widget = self._widget
        ground = "" if not highlighted else "line--cursor" if widget.has_focus else "line--cursor-blurred"
        key_role, style = role, self._styles.get((role, ground))
        if style is None:
            style = widget.rich_style
            if ground:
                style += widget.app.get_component_styles(ground).partial_rich_style
                if widget.app.current_theme.ansi:
                    role = "strong" if role == "match" else "plain"
            # Last, because a match has its own background, which keeps it readable on the cursor too.
            style += widget.app.get_component_styles(f"line--{role}").partial_rich_style
            self._styles[key_role, ground] = style
        return style
