"""The screen buffer, which knows every cell that the terminal shows; only cells that differ are sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from rich.color import ColorSystem
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from clawtui.tui.terminal.cells import Row
from clawtui.tui.terminal.encoder import Encoder

Piece = tuple[int, Iterable[Strip]]
"""A column, and the strips that are shown from there."""


class PartialCompositor(Compositor):
    """Compositor that renders only what is seen: of a partial frame the changed rows, and no container under its parts.

    Textual renders every widget within the rectangle around all changes, most of which lie far apart, and in a whole
    frame each container too, although its children cover it.
    """

    _changed: Collection[Region] = ()

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what has changed since the last frame; None where nothing has."""
        self._changed = tuple(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = ()

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        uncovered = self._changed or (crop or self.size.region,)
        for widget, (region, clip) in self.visible_widgets.items():  # from front to back
            visible = region.intersection(clip)
            inside = [visible.intersection(each) for each in uncovered if visible.overlaps(each)]
            if not inside:
                continue
            top, bottom = min(each.y for each in inside), max(each.bottom for each in inside)
            rows = Region(visible.x, top, visible.width, bottom - top)
            yield rows, rows, widget.render_lines(rows.translate(-region.offset))
            uncovered = [rest for each in uncovered for rest in _without(each, visible)]
            if not uncovered:
                return


def _without(region: Region, hole: Region) -> Iterator[Region]:
    """Yield the parts of `region` that are not in `hole`: those above, below, left and right of it."""
    inside = region.intersection(hole)
    if not inside:
        yield region
        return
    left, right = inside.x - region.x, region.right - inside.right
    if above := inside.y - region.y:
        yield Region(region.x, region.y, region.width, above)
    if below := region.bottom - inside.bottom:
        yield Region(region.x, inside.bottom, region.width, below)
    if left:
        yield Region(region.x, inside.y, left, inside.height)
    if right:
        yield Region(inside.right, inside.y, right, inside.height)


class ScreenBuffer:
    """The cells that the terminal shows; those that are unknown are sent with the next whole frame."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._size = Size(0, 0)
        self._whole = False

    @property
    def size(self) -> Size:
        """The size of the terminal."""
        return self._size

    @property
    def whole(self) -> bool:
        """Whether every cell is known."""
        return self._whole

    def forget(self) -> None:
        """Mark all cells as unknown, as after a change of the terminal's size or another program's output."""
        self._whole = False
        self._rows = [Row.unknown(self._size.width) for _ in range(self._size.height)]

    def frame(
        self,
        update: LayoutUpdate | ChopsUpdate,
        size: Size,
        system: ColorSystem,
        cursor: tuple[int, int] | None = None,
    ) -> str:
        """Return the shortest sequence that makes a terminal of `size` show `update`; empty if it already does.

        The cursor ends at row and column `cursor`, from 0, if there is one.
        """
        if size != self._size:
            self._size = size
            self.forget()
        encoder, sent = Encoder(), False
        for y, pieces in _pieces(update):
            if y >= len(self._rows):
                continue
            old = self._rows[y]
            new = old.copy()
            for column, strips in pieces:
                new.put(column, (segment for strip in strips for segment in strip), system)
            new.mend()
            if (changed := new.changes_from(old)) is not None:
                encoder.add_row(y, new, changed)
                self._rows[y] = new
                sent = True
        self._whole = self._whole or isinstance(update, LayoutUpdate)
        return encoder.end(cursor) if sent else ""


def _pieces(update: LayoutUpdate | ChopsUpdate) -> Iterator[tuple[int, list[Piece]]]:
    """Yield each row of `update`, with its pieces."""
    if isinstance(update, LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield y, [(update.region.x, strips)]
        return
    spans: dict[int, list[tuple[int, int]]] = {}
    for y, start, end in update.spans:
        spans.setdefault(y, []).append((start, end))
    for y, ranges in spans.items():
        yield (
            y,
            [
                (column, (strip,))
                for end, (column, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False)
                if strip is not None and any(column < right and left < end for left, right in ranges)
            ],
        )
