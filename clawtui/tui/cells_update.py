"""Sending the cells that changed, and not the row from its beginning."""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor


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


class CellsCompositor(Compositor):
    """Makes such updates."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last time; None where nothing did."""
        update = super().render_partial_update()
        return None if update is None else CellsUpdate(update.chops, update.spans, update.chop_ends)
