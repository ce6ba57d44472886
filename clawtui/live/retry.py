"""Repeated reads of a malformed document before its problem is shown."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.live.route import Resource

RETRIES = 2
"""How often a document is read again before its problem is shown."""


class Retries:
    """Documents that have become malformed. They may be half written, so their last good value is kept for a while."""

    def __init__(self, wait: float) -> None:
        """Read a document again after `wait` seconds."""
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
        """Forget `resource`, which is well-formed or gone."""
        self._pending.pop(resource, None)

    def due(self, now: float) -> Iterator[Resource]:
        """Iterate over the documents that are to be read again by `now`."""
        return (resource for resource, (due, _) in self._pending.items() if due <= now)

    def next_due(self) -> float | None:
        """Return when the next document is to be read again; None where there is none."""
        return min((due for due, _ in self._pending.values()), default=None)
