"""How often measurements are repeated: in full for a figure to be kept, a third for a quick look."""

from __future__ import annotations

import math
import os

_VARIABLE = "CLAWTUI_BENCH_QUICK"


def be_quick() -> None:
    """Make this process and its children repeat measurements only a third as often as usual."""
    os.environ[_VARIABLE] = "1"


def quick() -> bool:
    """Return whether measurements are repeated less often than usual."""
    return bool(os.environ.get(_VARIABLE))


def times(usual: int) -> int:
    """Return how often to repeat what is usually repeated ``usual`` times."""
    return math.ceil(usual / 3) if quick() else usual
