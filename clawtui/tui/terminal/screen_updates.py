"""Sending the cells that changed and not the row from its beginning, and no faster than the terminal takes them."""

from __future__ import annotations

from time import monotonic

from rich.console import Console, RenderableType
from rich.control import Control
from textual import events
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Size
from textual.screen import Screen

from clawtui.tui.terminal.driver import ClawtuiDriver

_FRAME = 1 / 60
"""Seconds between two frames while there is always something to paint."""


class CellsUpdate(ChopsUpdate):
    """Textual's own update of a stretch sends all that is left of it in its widget as well.

    At column 100 of a table that is 20 times as much as what changed, at every tick of a clock.
    """

    def render_segments(self, console: Console) -> str:
        """Each stretch by itself, at its own place."""
        sequences: list[str] = []
        for y, start, end in self.spans:
            for chop_end, (chop_start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(start, chop_start), min(end, chop_end)
                if strip is None or left >= right:
                    continue
                sequences.append(Control.move_to(left, y).segment.text)
                sequences.append(strip.crop(left - chop_start, right - chop_start).render(console))
        return "".join(sequences)


class RowsUpdate(LayoutUpdate):
    """Textual sends the whole screen, 24 KB, whenever the layout may be another: for a toast, four times at start."""

    def __init__(self, update: LayoutUpdate, sent: dict[int, str]) -> None:
        super().__init__(update.strips, update.region)
        self._sent = sent

    def render_segments(self, console: Console) -> str:
        """The rows that are not on the terminal already."""
        sequences: list[str] = []
        for y, row in enumerate(self.strips, self.region.y):
            text = "".join(strip.render(console) for strip in row)
            if self._sent.get(y) != text:
                self._sent[y] = text
                sequences += [Control.move_to(self.region.x, y).segment.text, text]
        return "".join(sequences)


class CellsCompositor(Compositor):
    """Makes such updates."""

    def __init__(self) -> None:
        super().__init__()
        self._sent: dict[int, str] = {}
        """The rows that are on the terminal as they were sent, as far as that is known."""

    def forget(self) -> None:
        """Nothing is known of what is on the terminal."""
        self._sent.clear()

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[object]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """What changed; row by row where that is most of it, for then it is known what is on the terminal."""
        mostly = 2 * sum(region.area for region in self._dirty_regions) > self.size.area
        return super().render_update(full or mostly, screen_stack, simplify)

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """What is not on the terminal yet."""
        return RowsUpdate(super().render_full_update(simplify), self._sent)

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last time; None where nothing did."""
        update = super().render_partial_update()
        if update is None:
            return None
        for y, _, _ in update.spans:
            self._sent.pop(y, None)
        return CellsUpdate(update.chops, update.spans, update.chop_ends)


class PacedScreen(Screen[None], inherit_bindings=False):
    """Makes a frame once the terminal has taken the last one.

    Over a slow line there are fewer frames, each of the newest state, where there would be a queue of old ones.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._cells = self._compositor = CellsCompositor()
        self._repaints = 0
        self._painted_at = 0.0
        self._last_size: Size | None = None

    def on_screen_suspend(self) -> None:
        """Another screen paints over this one."""
        self._cells.forget()

    def on_resize(self, event: events.Resize) -> None:
        """A terminal of another size has moved what was on it."""
        if self._last_size not in (None, event.size):
            self._cells.forget()
        self._last_size = event.size

    def _compositor_refresh(self) -> None:
        driver = self.app._driver
        if isinstance(driver, ClawtuiDriver) and driver.repaints != self._repaints:
            self._repaints = driver.repaints
            self._cells.forget()
        super()._compositor_refresh()

    async def _on_idle(self, event: events.Idle) -> None:
        """What comes after a pause is painted at once: Textual waits up to a sixtieth of a second for its clock."""
        now = monotonic()
        if self._dirty_widgets and self.is_current and now - self._painted_at > _FRAME:
            self._painted_at = now
            self._on_timer_update()

    def _on_timer_update(self) -> None:
        driver = self.app._driver
        # The timer goes on, so it is asked again in a sixtieth of a second.
        if not (isinstance(driver, ClawtuiDriver) and driver.draining):
            super()._on_timer_update()
