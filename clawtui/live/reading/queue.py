"""The queue of the resources to read again, and the retries of malformed documents before their problem is shown."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping

from clawtui.live.reading.order import LAST, Guess
from clawtui.live.route import Kind, Resource

RETRIES = 2
"""How often a document is read again before its problem is shown."""


class ReadQueue:
    """A priority queue without duplicates. Resources come in the order of their `Kind`, then of the guesses."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, Guess, Resource]] = []
        self._members: set[Resource] = set()
        self.documents_first = False
        """Whether workspaces are listed after all documents. They come first while everything is read once, because
        the runs are in them; later thousands of new ones must not delay a document that has changed."""

    def add(self, resource: Resource) -> None:
        """Add `resource`, unless it is already queued."""
        if resource not in self._members:
            self._members.add(resource)
            late = self.documents_first and resource.kind is Kind.WORKSPACE
            heapq.heappush(self._heap, (Kind.INFO if late else resource.kind, LAST, resource))

    def update(self, resources: Iterable[Resource]) -> None:
        """Add each of `resources`."""
        for resource in resources:
            self.add(resource)

    def waiting(self, kind: Kind) -> list[Resource]:
        """Return the queued resources of one kind, in no order."""
        return [resource for _, _, resource in self._heap if resource.kind is kind]

    def reorder(self, guesses: Mapping[Resource, Guess]) -> None:
        """Sort those of the queued resources about which there are guesses, before others of their kind."""
        self._heap = [(kind, guesses.get(resource, before), resource) for kind, before, resource in self._heap]
        heapq.heapify(self._heap)

    def peek(self) -> Resource:
        """Return the first resource. Raises IndexError when the queue is empty."""
        return self._heap[0][2]

    def pop(self) -> Resource:
        """Remove and return the first resource. Raises IndexError when the queue is empty."""
        resource = heapq.heappop(self._heap)[2]
        self._members.remove(resource)
        return resource

    def __len__(self) -> int:
        return len(self._heap)


class Retries:
    """Documents that have become malformed. They may be half written, so their last good value is kept for a while."""

    def __init__(self, wait: float) -> None:
        """Set the delay before a retry to `wait` seconds."""
        self._wait = wait
        self._pending: dict[Resource, tuple[float, int]] = {}

    def should_wait(self, resource: Resource, now: float) -> bool:
        """Return whether `resource`, malformed at `now`, is to be read again before its problem is shown."""
        due, left = self._pending.get(resource, (now, RETRIES))
        if now < due:
            return True
        if left == 0:
            del self._pending[resource]
            return False
        self._pending[resource] = (now + self._wait, left - 1)
        return True

    def clear(self, resource: Resource) -> None:
        """Remove `resource`, which is well-formed or no longer exists."""
        self._pending.pop(resource, None)

    def due(self, now: float) -> Iterator[Resource]:
        """Iterate over the documents that are to be read again by `now`."""
        return (resource for resource, (due, _) in self._pending.items() if due <= now)

    def next_due(self) -> float | None:
        """Return when the next document is to be read again; None where there is none."""
        return min((due for due, _ in self._pending.values()), default=None)
