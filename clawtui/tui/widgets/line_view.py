"""The widget that paints the visible lines of a content and sends only the cells that changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, Literal

from textual import events, on
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from clawtui.tui.terminal.textual_private import MessageBoundary, repaint
from clawtui.tui.widgets.error_boundary import PartFailed
from clawtui.tui.widgets.line import Line, span_at
from clawtui.tui.widgets.line_content import FixedLines, LineContent
from clawtui.tui.widgets.line_painter import LinePainter, RoleStyles

Movement = Literal["lines", "pages", "cells", "top", "bottom"]
"""The unit of a movement; `top` and `bottom` need no count."""


MOVEMENT_KEYS: Final[list[BindingType]] = [
    Binding("up,k", "move('lines', -1)", "up", show=False, tooltip="up", id="move.up"),
    Binding("down,j", "move('lines', 1)", "down", show=False, tooltip="down", id="move.down"),
    Binding("home,g", "move('top')", "top", show=False, tooltip="to the top", id="move.top"),
    Binding("end,G", "move('bottom')", "bottom", show=False, tooltip="to the bottom", id="move.bottom"),
    Binding("pageup,b", "move('pages', -1)", "page up", show=False, tooltip="a page up", id="move.page-up"),
    Binding("pagedown,space", "move('pages', 1)", "page down", show=False, tooltip="a page down", id="move.page-down"),
    Binding("ctrl+u", "move('pages', -0.5)", "half a page up", show=False, tooltip="half a page up", id="move.half-up"),
    Binding(
        "ctrl+d", "move('pages', 0.5)", "half a page down", show=False, tooltip="half a page down", id="move.half-down"
    ),
    Binding("left,h", "move('cells', -8)", "left", show=False, tooltip="sideways to the left", id="move.left"),
    Binding("right,l", "move('cells', 8)", "right", show=False, tooltip="sideways to the right", id="move.right"),
]
"""The bindings of a widget or screen whose `action_move(unit, count)` passes both to `LineView.move`."""


class LineView(MessageBoundary, ScrollView, can_focus=True, inherit_bindings=False):
    """View of a `LineContent`, which makes only the visible lines.

    After a change of the data, `sync()` compares the visible rows with the painted ones and repaints the cells that
    differ. Its cost depends on the number of visible rows, not on the number of lines.
    """

    repainted_by_second: ClassVar[int] = 0
    """The number of rows so far that `sync()` of all views has found to differ in a text that shows seconds."""

    DEFAULT_CSS = """
    LineView { scrollbar-size: 0 0; }
    """

    def __init__(self, content: LineContent, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.content = content
        self.role_styles = RoleStyles(self)
        self._painter = LinePainter(content, self.fail)

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether there are more lines above or below; Textual's own value is only updated by a layout."""
        return self.max_scroll_y > 0 or self.scroll_y > 0

    @property
    def allow_horizontal_scroll(self) -> bool:
        """Whether the lines are wider than the view."""
        return self.content.lines_width(self.size.width) > self.size.width or self.scroll_x > 0

    def fail(self, error: Exception) -> None:
        """Show `error` in place of the lines, and report it."""
        self._painter.fail(error)
        self.refresh()
        self.post_message(PartFailed(self, error).set_sender(self))

    def recover(self) -> None:
        """Clear the failure, and show the lines again."""
        if self._painter.recover():
            self.refresh()

    def show_report(self, path: str) -> None:
        """Show the path of the report of the failure."""
        self._painter.report = path
        self.sync()

    def sync(self) -> None:
        """Repaint the cells that differ from the current content."""
        size = self.size
        self.fit_virtual_size(size)
        self._painter.look(size, self.scroll_offset)
        before = self._painter.changes_by_second
        repaint(self, [region for regions in self._painter.changes() for region in regions])
        LineView.repainted_by_second += self._painter.changes_by_second - before

    def move(self, unit: Movement, count: float = 0) -> None:
        """Scroll by `count` lines, pages or cells, or to the top or bottom."""
        if unit == "top":
            self.scroll_to(y=0, animate=False)
        elif unit == "bottom":
            self.scroll_to(y=self.max_scroll_y, animate=False)
        elif unit == "cells":
            self.scroll_relative(x=count, animate=False)
        else:
            lines = count if unit == "lines" else int(count * max(1, self.size.height - 1))
            self.scroll_relative(y=lines, animate=False)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of `crop`, painted."""
        self._painter.look(self.size, self.scroll_offset)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return row `y` of the view, painted."""
        return self._painter.strip(self._painter.row(y), self.role_styles)

    def notify_style_update(self) -> None:
        """Discard the styles of the last theme."""
        self.role_styles.clear()
        super().notify_style_update()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Repaint the cursor, whose mark and colour depend on the focus."""
        super().watch_has_focus(has_focus)
        self.sync()
        if regions := self._painter.highlighted_rows():
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Repaint all lines, because they depend on the width."""
        self._painter.forget()
        self.fit_virtual_size()
        self.refresh()

    def fit_virtual_size(self, view: Size | None = None) -> None:
        """Set the size of the scrolled area to that of the lines; while a failure is shown, keep the last size.

        `view` is the size of the view, which takes long to compute, where the caller knows it.
        """
        if self._painter.failure is not None:
            return
        width = self.size.width if view is None else view.width
        size = Size(self.content.lines_width(width), self.content.line_count())
        if self.virtual_size != size:
            # Without the watcher of the reactive, which would lay out the whole screen for one more line of a log.
            self.set_reactive(LineView.virtual_size, size)
            if self.scroll_offset.y > self.max_scroll_y:
                self.scroll_to(y=self.max_scroll_y, animate=False)


class ClickableLine(LineView, can_focus=False):
    """View of one line, whose pieces can have an action that a click runs."""

    @property
    def click_target(self) -> DOMNode:
        """The widget whose actions a click on a line runs."""
        return self

    @on(events.Click)
    async def run_clicked(self, event: events.Click) -> None:
        """Run the action of the text that was clicked, if it has one."""
        line = self._painter.row(event.y).line if 0 <= event.y < self.size.height else ()
        span = span_at(line, event.x + self.scroll_offset.x)
        if span is not None and span.click:
            await self.app.run_action(span.click, self.click_target)


_WIDEST: Final = 96
_FRAME: Final = 4
"""Cells of a dialog's border and padding."""


def line_room(columns: int) -> int:
    """Return the cells of a line in a dialog on a terminal of `columns` cells, as set by the style sheet."""
    return min(_WIDEST, columns * 9 // 10 - _FRAME)


class LinesView(LineView):
    """View of the lines of a dialog: with a row for each line where there is room; wide lines scroll sideways."""

    def __init__(self) -> None:
        self._lines = FixedLines(scrolls_sideways=True)
        super().__init__(self._lines, id="dialog-lines")

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines`, and set the height of the view to their number."""
        resized = len(lines) != len(self._lines.lines)
        self._lines.lines = lines
        if resized:
            self.styles.height = len(lines)
        self.sync()
        if resized:
            self.refresh(layout=True)

    def highlight(self, rows: range) -> None:
        """Paint the cursor on `rows`, and scroll to them."""
        self._lines.highlighted = rows
        self.sync()
        self._scroll_to_highlighted()

    def on_resize(self) -> None:
        """Repaint all lines, and keep those with the cursor visible."""
        super().on_resize()
        self._scroll_to_highlighted()

    def _scroll_to_highlighted(self) -> None:
        """Scroll to the lines with the cursor; before the view has a size, it is unknown whether that is necessary."""
        rows, top, height = self._lines.highlighted, self.scroll_offset.y, self.size.height
        if not rows or not height:
            return
        if rows.stop > top + height:
            self.scroll_to(y=min(rows.start, rows.stop - height), animate=False)
        elif rows.start < top + 2:
            self.scroll_to(y=max(0, rows.start - 2), animate=False)
