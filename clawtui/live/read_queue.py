"""The queue of the resources to read again."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from clawtui.live.route import Resource


class ReadQueue:
    """A priority queue without duplicates. Resources come in the order of their `Kind`."""

    def __init__(self) -> None:
        self._heap: list[Resource] = []
        self._members: set[Resource] = set()

    def add(self, resource: Resource) -> None:
        """Add `resource`, unless it is already queued."""
        if resource not in self._members:
            self._members.add(resource)
            heapq.heappush(self._heap, resource)

    def update(self, resources: Iterable[Resource]) -> None:
        """Add each of `resources`."""
        for resource in resources:
            self.add(resource)

    def peek(self) -> Resource:
        """Return the first resource. Raises IndexError when the queue is empty."""
        return self._heap[0]

    def pop(self) -> Resource:
        """Remove and return the first resource. Raises IndexError when the queue is empty."""
        resource = heapq.heappop(self._heap)
        self._members.remove(resource)
        return resource

    def __len__(self) -> int:
        return len(self._heap)
