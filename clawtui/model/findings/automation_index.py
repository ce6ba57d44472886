"""What findings need to know of all automations, kept for successive fleets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from clawtui.model.findings.context import OddVersion
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Automation
from clawtui.model.versioned_map import Ordered, changed_keys


class AutomationFacts(NamedTuple):
    """What findings need to know of one automation alone. It is the same for the same `Automation`."""

    ids: tuple[str, ...]
    """The file's stem, and the id in the file if that is another one."""
    schedule: Finding | None
    """That no time follows from its schedule."""
    place: Finding | None
    """That its path contradicts its content."""
    version: OddVersion | None


class AutomationIndex:
    """Index of the automations of successive fleets. An update costs the number of automations that changed."""

    def __init__(self, facts_of: Callable[[Automation], AutomationFacts]) -> None:
        self._facts_of = facts_of
        self._automations: Mapping[str, Automation] = {}
        self._facts: dict[str, AutomationFacts] = {}
        self._by_id: dict[str, tuple[str, ...]] = {}
        self._twice: set[str] = set()
        self._dues: Ordered[str, Automation, tuple[datetime, str]] = Ordered(_due)
        self._dues_now: Sequence[tuple[datetime, str]] = ()
        self._odd: set[str] = set()
        self._versions: dict[str, OddVersion] = {}

    def update(self, automations: Mapping[str, Automation]) -> None:
        """Index `automations`, by path, instead of the last ones."""
        for path in changed_keys(automations, self._automations):
            self._remove(path)
            if path in automations:
                self._add(path, self._facts_of(automations[path]))
        self._automations = automations
        self._dues_now = self._dues.of(automations)

    @property
    def twice(self) -> Mapping[str, Sequence[str]]:
        """The sorted paths by each id that several automations have."""
        return {id: sorted(self._by_id[id]) for id in sorted(self._twice)}

    @property
    def odd(self) -> Iterator[tuple[str, AutomationFacts]]:
        """The automations with a finding of their own, in the order of their paths."""
        return ((path, self._facts[path]) for path in sorted(self._odd))

    @property
    def versions(self) -> Mapping[str, OddVersion]:
        """The configurations of another version, by path."""
        return self._versions

    @property
    def first_due(self) -> datetime | None:
        """The earliest time at which an automation is due; None if no time is known."""
        return self._dues_now[0][0] if self._dues_now else None

    def due_before(self, at: datetime) -> Sequence[str]:
        """Return the sorted paths of the automations that were due before `at`."""
        return sorted(path for _, path in self._dues_now[: bisect_left(self._dues_now, (at, ""))])

    def _add(self, path: str, facts: AutomationFacts) -> None:
        self._facts[path] = facts
        if facts.schedule is not None or facts.place is not None:
            self._odd.add(path)
        if facts.version is not None:
            self._versions[path] = facts.version
        for id in facts.ids:
            paths = self._by_id[id] = (*self._by_id.get(id, ()), path)
            if len(paths) > 1:
                self._twice.add(id)

    def _remove(self, path: str) -> None:
        facts = self._facts.pop(path, None)
        self._odd.discard(path)
        self._versions.pop(path, None)
        for id in facts.ids if facts is not None else ():
            paths = tuple(other for other in self._by_id.pop(id) if other != path)
            if paths:
                self._by_id[id] = paths
            if len(paths) < 2:
                self._twice.discard(id)


def _due(path: str, automation: Automation) -> Iterator[tuple[datetime, str]]:
    due = automation.due
    if due is not None:
        yield due, path
