"""Summaries of what was measured more than once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

__all__ = ["median", "percentile"]


def percentile(samples: Sequence[float], percent: float) -> float:
    """Return the smallest of ``samples`` that at least ``percent`` of a hundred do not exceed."""
    if not samples:
        raise ValueError("no sample was taken")
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
