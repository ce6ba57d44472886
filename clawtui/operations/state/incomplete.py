"""What may hide locks or automations: then a list of them is not all that there is, and must not look so."""

from __future__ import annotations

from collections.abc import Iterable

from clawtui.model.documents.base import Problem
from clawtui.model.errors import Unreadable
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import CONCURRENCY_FILE, CONFIG, DISPATCHER_FILE, LOCKS

_DOCUMENTS = frozenset({DISPATCHER_FILE, CONCURRENCY_FILE})


def hiding_locks(fleet: Fleet) -> tuple[Problem, ...]:
    """The problems that may hide locks, by path: those with a lock itself hide none, for it is listed with them."""
    return _within(LOCKS, fleet, fleet.locks.keys())


def hiding_automations(fleet: Fleet) -> tuple[Problem, ...]:
    """The problems that may hide automations, by path."""
    return _within(CONFIG, fleet, fleet.automations.keys() | _DOCUMENTS)


def require_nothing_hidden(problems: Iterable[Problem]) -> None:
    """Raises Unreadable that tells each of the problems, a line each, where there are any."""
    told = [f"{problem.path or '.'}: {problem.message}" for problem in problems]
    if told:
        raise Unreadable("\n".join(told))


def require_in_sight(path: str, fleet: Fleet) -> None:
    """Raises Unreadable where a directory above ``path`` cannot be read: what is below it cannot be told."""
    above = path.rpartition("/")[0]
    while above:
        problem = fleet.problems.get(above)
        if problem is not None:
            raise Unreadable(f"{problem.message}; what is locked below it cannot be told", above)
        above = above.rpartition("/")[0]


def _within(section: str, fleet: Fleet, listed: Iterable[str]) -> tuple[Problem, ...]:
    known = frozenset(listed)
    return tuple(
        problem
        for path, problem in sorted(fleet.problems.items())
        if path not in known and (path in ("", section) or path.startswith(f"{section}/"))
    )
