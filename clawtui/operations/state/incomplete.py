"""Problems that may hide locks or automations, so that a list of them is not complete."""

from __future__ import annotations

from collections.abc import Iterable

from clawtui.model.documents.base import Problem
from clawtui.model.errors import Unreadable
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import CONCURRENCY_FILE, CONFIG, DISPATCHER_FILE, LOCKS

_DOCUMENTS = frozenset({DISPATCHER_FILE, CONCURRENCY_FILE})


def hiding_locks(fleet: Fleet) -> tuple[Problem, ...]:
    """Return the problems that may hide locks, by path. A problem with a lock itself hides none: it is listed."""
    return _within(LOCKS, fleet, fleet.locks.keys())


def hiding_automations(fleet: Fleet) -> tuple[Problem, ...]:
    """Return the problems that may hide automations, by path."""
    return _within(CONFIG, fleet, fleet.automations.keys() | _DOCUMENTS)


def require_nothing_hidden(problems: Iterable[Problem]) -> None:
    """Raise Unreadable with one line for each problem, where there are any."""
    lines = [f"{problem.path or '.'}: {problem.message}" for problem in problems]
    if lines:
        raise Unreadable("\n".join(lines))


def require_readable_parents(path: str, fleet: Fleet) -> None:
    """Raise Unreadable where a directory above ``path`` cannot be read, so that its content is unknown."""
    above = path.rpartition("/")[0]
    while above:
        problem = fleet.problems.get(above)
        if problem is not None:
            raise Unreadable(f"{problem.message}; which locks are below it is unknown", above)
        above = above.rpartition("/")[0]


def _within(section: str, fleet: Fleet, listed: Iterable[str]) -> tuple[Problem, ...]:
    known = frozenset(listed)
    return tuple(
        problem
        for path, problem in sorted(fleet.problems.items())
        if path not in known and (path in ("", section) or path.startswith(f"{section}/"))
    )
