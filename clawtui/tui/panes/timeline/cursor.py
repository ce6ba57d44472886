"""The cursor of the timeline: on the newest milestone until the operator moves it, then on one milestone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clawtui.model.runs.timeline import Step
from clawtui.tui.widgets.line_view import Movement


class StepCursor:
    """Position among the milestones of a run. It stays on its milestone while others are added."""

    def __init__(self) -> None:
        self._steps: Sequence[Step] = ()
        self._held: tuple[datetime, str] | None = None

    @property
    def chosen(self) -> Step | None:
        """The milestone to which the operator moved; None while the newest is followed."""
        return self._steps[self.position] if self._held is not None and self._steps else None

    @property
    def position(self) -> int:
        """The position of the cursor's milestone."""
        last = len(self._steps) - 1
        same = (at for at, step in enumerate(self._steps) if (step.at, step.title) == self._held)
        return max(0, next(same, last))

    def show(self, steps: Sequence[Step]) -> None:
        """Set the milestones, oldest first."""
        self._steps = steps

    def release(self) -> None:
        """Follow the newest milestone."""
        self._held = None

    def move(self, unit: Movement, count: float, page: int) -> bool:
        """Move by milestones or pages of `page` lines, or to the first or last; return False if it does not move."""
        before, last = self.position, len(self._steps) - 1
        if unit in ("top", "bottom"):
            wanted = 0 if unit == "top" else last
        else:
            wanted = before + int(count * (page if unit == "pages" else 1))
        position = max(0, min(last, wanted))
        if last < 0 or position == before:
            return False
        step = self._steps[position]
        self._held = (step.at, step.title) if position < last else None
        return True
