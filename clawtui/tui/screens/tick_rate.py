"""How often ages and countdowns are told anew."""

from __future__ import annotations

from collections.abc import Callable

SELDOM = 4
"""Seconds between two tellings where none shows anything new: most ages are told in minutes."""


class TickRate:
    """Asked each second: each second while that changes what is shown, and more and more seldom while it does not."""

    def __init__(self) -> None:
        self._every = 1
        self._passed = 0

    def pass_second(self, tell: Callable[[], bool]) -> None:
        """Has the time told where it is due; ``tell`` says whether that changed anything."""
        self._passed += 1
        if self._passed >= self._every:
            self._passed = 0
            self._every = 1 if tell() else min(2 * self._every, SELDOM)

    def hasten(self) -> None:
        """Something else has changed, so ages may be told in seconds now."""
        self._every = 1
