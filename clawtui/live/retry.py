"""Holding back what may be half a write."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.live.route import Resource

RETRIES = 2
"""How often a document is looked at again before its problem is believed."""


class Retries:
    """Documents that are malformed all of a sudden: a writer may be at work, so the last good value stands a while."""

    def __init__(self, wait: float) -> None:
        self._wait = wait
        self._held: dict[Resource, tuple[float, int]] = {}

    def holds(self, thing: Resource, now: float) -> bool:
        """Whether ``thing``, malformed at ``now``, is to be looked at again before that is believed."""
        due, looks = self._held.get(thing, (now, RETRIES))
        if now < due:
            return True
        if looks == 0:
            del self._held[thing]
            return False
        self._held[thing] = (now + self._wait, looks - 1)
        return True

    def settle(self, thing: Resource) -> None:
        """``thing`` is whole, or gone."""
        self._held.pop(thing, None)

    def due(self, now: float) -> Iterator[Resource]:
        """What is to be looked at again by ``now``."""
        return (thing for thing, (due, _) in self._held.items() if due <= now)

    def next_due(self) -> float | None:
        """When something is to be looked at again."""
        return min((due for due, _ in self._held.values()), default=None)
