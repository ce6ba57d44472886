"""A regular expression that is given up where it takes too long, instead of keeping everybody waiting for ever.

``re`` tries every way in which an expression may be found, which can be more than there are atoms in the world, and it
neither ends before it is through nor lets another thread work. So it is asked only where that is sure to be quick;
else ``regex`` is, which finds the same, lets others work, and has a limit.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

from clawtui.model.search.parsed_pattern import cheap_length, for_regex

LIMIT: Final = 0.25
"""Seconds that one text may take."""
_SLOW: Final = 0.005
"""Seconds from which on a text counts as one that takes long."""

_Answer = TypeVar("_Answer")


class TooSlow(Exception):
    """It takes too long; its text is a plain line that says so."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__(
            f"“{pattern.pattern}” takes too long on this log; an expression without repeats in repeats, "
            "such as a+ for (a+)+, is quick"
        )


class Expression:
    """Looks for ``pattern``. All texts that take long may take ``allowance`` seconds together, by ``clock``."""

    def __init__(
        self,
        pattern: re.Pattern[str],
        limit: float = LIMIT,
        allowance: float = math.inf,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._clock = clock
        self._pattern = pattern
        self._limit = limit
        self._left = allowance
        self._slow: Any = None
        self.cheap_length = cheap_length(pattern)
        """Texts up to this length are looked into by ``re``, which is quick on them."""

    def is_in(self, text: str) -> bool:
        """Whether it is found in ``text``. Raises TooSlow."""
        if not text or len(text) <= self.cheap_length:
            return self._pattern.search(text) is not None
        return self._in_time(lambda slow, limit: slow.search(text, timeout=limit) is not None)

    def places(self, text: str) -> list[tuple[int, int]]:
        """From where to where it is found in ``text``, but for empty places. Raises TooSlow."""
        if not text or len(text) <= self.cheap_length:
            return _spans(self._pattern.finditer(text))
        return self._in_time(lambda slow, limit: _spans(slow.finditer(text, timeout=limit)))

    def _in_time(self, ask: Callable[[Any, float], _Answer]) -> _Answer:
        if self._slow is None:
            self._slow = _compiled(self._pattern)
        if self._left <= 0:
            raise TooSlow(self._pattern)
        began = self._clock()
        try:
            return ask(self._slow, min(self._limit, self._left))
        except TimeoutError:
            self._left = 0 if self._left < math.inf else math.inf
            raise TooSlow(self._pattern) from None
        finally:
            took = self._clock() - began
            if took > _SLOW:
                self._left -= took


def _compiled(pattern: re.Pattern[str]) -> Any:
    """As ``regex`` has it, which is loaded here: most who search do so for words, and need it not."""
    import regex

    try:
        source, flags = for_regex(pattern)
        return regex.compile(source, sum(getattr(regex, flag.upper()) for flag in flags) | regex.V0)
    except (LookupError, regex.error, RecursionError):
        raise TooSlow(pattern) from None


def _spans(matches: Any) -> list[tuple[int, int]]:
    return [match.span() for match in matches if match.end() > match.start()]
