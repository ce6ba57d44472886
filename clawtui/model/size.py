"""Sizes as text (design: Utility Functions)."""

from __future__ import annotations

_UNITS = ("B", "KB", "MB", "GB")


def format_bytes(count: int) -> str:
    """``50.0 MB``: the design's text, with JavaScript's rounding of halves upwards."""
    power = min(max(0, count.bit_length() - 1) // 10, len(_UNITS) - 1)
    unit = 1024**power
    tenths = (20 * count + unit) // (2 * unit)
    return f"{tenths // 10}.{tenths % 10} {_UNITS[power]}"
