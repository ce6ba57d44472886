"""Screen updates that send only the cells that changed, no faster than the terminal accepts them."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Final

from rich.console import Console, RenderableType
from rich.control import Control
from textual import events
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Size
from textual.screen import Screen

from clawtui.tui.terminal.driver import ClawtuiDriver

_FRAME = 1 / 60
"""Seconds between two frames while something changes all the time."""


class CellsUpdate(ChopsUpdate):
    """Update that sends each changed range of cells separately.

    Textual's own update also sends the part of the widget to the left of the range: for a change at column 100 of a
    table that is 20 times as much, at every tick of a clock.
    """

    def render_segments(self, console: Console) -> str:
        """Return the changed ranges, each after a movement of the cursor."""
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
    """Update that sends the rows that differ. Textual sends the whole screen, 24 KB, at each of 4 layouts at start."""

    def __init__(self, update: LayoutUpdate, sent: dict[int, str]) -> None:
        super().__init__(update.strips, update.region)
        self._sent = sent

    def render_segments(self, console: Console) -> str:
        """Return the rows that are not on the terminal yet."""
        sequences: list[str] = []
        for y, row in enumerate(self.strips, self.region.y):
            text = "".join(strip.render(console) for strip in row)
            if self._sent.get(y) != text:
                self._sent[y] = text
                sequences += [Control.move_to(self.region.x, y).segment.text, text]
        return "".join(sequences)


class CellsCompositor(Compositor):
    """Compositor that makes updates of changed cells and rows, and keeps a record of the rows on the terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._sent: dict[int, str] = {}
        """The rows known to be on the terminal, as text with escape sequences, by row number."""

    def forget(self) -> None:
        """Clear the record of the rows on the terminal, so that all of them are sent."""
        self._sent.clear()

    def render_update(
        self, full: bool = False, screen_stack: list[Screen[object]] | None = None, simplify: bool = False
    ) -> RenderableType | None:
        """Return an update of the changes; of whole rows where more than half of the screen changed."""
        mostly = 2 * sum(region.area for region in self._dirty_regions) > self.size.area
        return super().render_update(full or mostly, screen_stack, simplify)

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Return the rows that are not on the terminal yet."""
        return RowsUpdate(super().render_full_update(simplify), self._sent)

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return the cells that changed since the last update; None where none did."""
        update = super().render_partial_update()
        if update is None:
            return None
        for y, _, _ in update.spans:
            self._sent.pop(y, None)
        return CellsUpdate(update.chops, update.spans, update.chop_ends)


class PacedScreen(Screen[None], inherit_bindings=False):
    """Screen that makes a frame only after the terminal has accepted the last one.

    A slow connection gets fewer frames, each of the newest state, instead of a queue of old ones.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._cells = self._compositor = CellsCompositor()
        self._repaints = 0
        self._painted_at = 0.0
        self._last_size: Size | None = None

    def on_screen_suspend(self) -> None:
        """Clear the record of the rows on the terminal, because another screen paints over them."""
        self._cells.forget()

    def on_resize(self, event: events.Resize) -> None:
        """Clear the record of the rows on the terminal, which moves its content when its size changes."""
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
        """Paint the first change after a pause at once; Textual would wait for its timer, up to 1/60 s."""
        now = monotonic()
        if self._dirty_widgets and self.is_current and now - self._painted_at > _FRAME:
            self._painted_at = now
            self._on_timer_update()

    def _on_timer_update(self) -> None:
        driver = self.app._driver
        # If the output is not accepted yet, the timer tries again after 1/60 s.
        if not (isinstance(driver, ClawtuiDriver) and driver.draining):
            super()._on_timer_update()


LONGEST_TICK: Final = 4
"""Longest time between two ticks, in seconds, after ticks without a change: most ages are in minutes."""


class TickRate:
    """Rate of ticks: one a second while they change the content, else down to one in `LONGEST_TICK` seconds."""

    def __init__(self) -> None:
        self._every = 1
        self._passed = 0

    def pass_second(self, tick: Callable[[], bool]) -> None:
        """Call `tick` if it is due; it returns whether the content has changed."""
        self._passed += 1
        if self._passed >= self._every:
            self._passed = 0
            self._every = 1 if tick() else min(2 * self._every, LONGEST_TICK)

    def reset(self) -> None:
        """Tick once a second again, because after another change an age may be in seconds."""
        self._every = 1
