"""How much is repeated: all of it for a figure to be kept, a third of it for a quick look."""

from __future__ import annotations

import math
import os

_VARIABLE = "CLAWTUI_BENCH_QUICK"


def be_quick() -> None:
    """From now on, here and in what is started from here, a third of the usual repeats is enough."""
    os.environ[_VARIABLE] = "1"


def quick() -> bool:
    """Whether a quick look is enough."""
    return bool(os.environ.get(_VARIABLE))


def times(usual: int) -> int:
    """How often to repeat what is usually repeated ``usual`` times."""
    return math.ceil(usual / 3) if quick() else usual
