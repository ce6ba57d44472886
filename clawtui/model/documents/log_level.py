"""The levels of log entries, in every spelling that loggers write.

The design knows four (design: Log Storage). Other loggers write upper case, other words, or numbers: those of pino and
bunyan (10 to 60), or those of tslog (0 to 6), which the gateway's own logger uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, get_args

from clawtui.model.documents.base import LogLevel

LEVELS: Final[tuple[LogLevel, ...]] = get_args(LogLevel)
"""From the lowest to the highest."""

_WORDS: Final[Mapping[LogLevel, str]] = {
    "debug": "debug dbg trace silly verbose fine finer finest d t",
    "info": "info inf information informational notice log success i",
    "warn": "warn wrn warning w",
    "error": "error err fatal ftl critical crit severe alert emerg emergency panic failure e f",
}
_BY_WORD: Final[Mapping[str, LogLevel]] = {word: level for level, words in _WORDS.items() for word in words.split()}
_TSLOG: Final[tuple[LogLevel, ...]] = ("debug", "debug", "debug", "info", "warn", "error", "error")


def level_of(value: object) -> LogLevel | None:
    """Return the level that ``value``, a text or a number, means; None if it is not understood."""
    if isinstance(value, str):
        return _level_of_text(value) if len(value) <= 20 else None
    return None if isinstance(value, bool) or not isinstance(value, int | float) else _level_of_number(value)


@lru_cache(maxsize=64)
def _level_of_text(text: str) -> LogLevel | None:
    word = text.strip().strip("[]<>:").lower()
    return _level_of_number(int(word)) if word.isascii() and word.isdigit() else _BY_WORD.get(word)


def _level_of_number(number: float) -> LogLevel | None:
    if 0 <= number <= 6:
        return _TSLOG[int(number)]
    if not 10 <= number <= 100:
        return None
    return "debug" if number < 30 else "info" if number < 40 else "warn" if number < 50 else "error"
