"""What is still to be looked at."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from clawtui.live.route import Resource


class ReadQueue:
    """A set of things that gives them back in the order in which they are to be read."""

    def __init__(self) -> None:
        self._heap: list[Resource] = []
        self._members: set[Resource] = set()

    def add(self, thing: Resource) -> None:
        """Once, however often it is added before it is taken."""
        if thing not in self._members:
            self._members.add(thing)
            heapq.heappush(self._heap, thing)

    def update(self, things: Iterable[Resource]) -> None:
        """Adds each of ``things``."""
        for thing in things:
            self.add(thing)

    def first(self) -> Resource:
        """What comes next; there must be something."""
        return self._heap[0]

    def take(self) -> Resource:
        """What comes next, and it is no longer here; there must be something."""
        thing = heapq.heappop(self._heap)
        self._members.remove(thing)
        return thing

    def __len__(self) -> int:
        return len(self._heap)
