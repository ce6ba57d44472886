"""The result of a measurement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure, beside its baseline from the same run."""

    name: str
    """The line of the contract's table (``B4``), or the measurement's own name (``locks``)."""
    what: str
    value: float
    """The median, in ``unit``, where it was measured more than once."""
    unit: str
    bound: float | None = None
    """What the value must not exceed; None where nothing is promised."""
    baseline: float | None = None
    """What was measured beside it, in ``unit``; the ratio follows from it."""
    baseline_what: str = ""
    samples: tuple[float, ...] = field(default=(), repr=False)
    """Every single measurement, in ``unit``."""
    ratio_bound: float | None = None
    """What the ratio must not exceed; None where nothing is promised of it."""

    @property
    def ratio(self) -> float | None:
        """Return how many times the baseline it is; None without a baseline."""
        return self.value / self.baseline if self.baseline else None

    @property
    def holds(self) -> bool | None:
        """Return whether it is within its bounds; None without bounds."""
        verdicts = []
        if self.bound is not None:
            verdicts.append(self.value <= self.bound)
        if self.ratio_bound is not None:
            verdicts.append(self.ratio is not None and self.ratio <= self.ratio_bound)
        return all(verdicts) if verdicts else None


Measure = Callable[[], Iterator[Figure]]
"""One measurement: gives its figures as they are done."""
