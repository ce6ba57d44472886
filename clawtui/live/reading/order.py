"""The order in which many automations are read at the start: first those that the table has on top, as it is sorted.

Each file is searched for a few words, without parsing it: that takes a tenth of the time. A guess that is wrong only
makes an automation appear later; what is shown is always from the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from clawtui.files.fs.reading import directory_at, read_in
from clawtui.live.route import Resource, parent
from clawtui.model.errors import ClawtuiError
from clawtui.model.runs.judgement import BAD, as_state

_TEXT: Final = re.compile(rb"""['"]?\s*:\s*['"]([^'"]*)""")
_FALSE: Final = re.compile(rb"""['"]?\s*:\s*false""")
_NAME: Final = re.compile(rb"""(?<!\w)name['"]?\s*:\s*['"]([^'"]*)""")
_NUMBER: Final = re.compile(r"\d+")
_DIGITS: Final = 20
_INVERTED: Final = bytes(range(255, -1, -1))
"""A table that reverses the order of bytes."""
_LONGEST: Final = 1 << 18
"""The most bytes of a configuration that are searched."""


class Guess(NamedTuple):
    """The place of an automation in the table, as far as it can be seen without parsing. Guesses sort in its order."""

    rank: int
    """By urgency, 0 for running, 1 for failed, 2 for due, 3 for disabled; else 1 for what has no value of the kind."""
    value: bytes = b""
    """By urgency, the next run as it is written."""


LAST: Final = Guess(9)
"""The guess about everything else."""


class TableOrder(Protocol):
    """How the table is sorted: by ``urgency``, ``name``, ``due`` or ``last run``."""

    @property
    def by(self) -> str:
        """The name of the order. One that is not known here is taken for ``urgency``."""

    @property
    def reverse(self) -> bool:
        """Whether the last row is on top."""


def guess(text: bytes, *, running: bool = False, order: TableOrder | None = None, path: str = "") -> Guess:
    """Return the guess about an automation from the text of its configuration, and whether a run is under way.

    ``order`` is that of the table; None for the most urgent first. ``path`` decides between equal ones.
    """
    by = _BY.get(order.by) if order is not None else None
    made = by(text) if by is not None else _by_urgency(text, running)
    if order is None or not order.reverse:
        return made
    value = b"\0".join((made.value, path.encode("utf-8", "surrogateescape")))
    return Guess(-made.rank, value.translate(_INVERTED) + b"\xff")


def _by_urgency(text: bytes, running: bool) -> Guess:
    if running:
        return Guess(0)
    if _FALSE.match(text, _after(text, b"enabled")):
        return Guess(3)
    history = max(text.find(b"runHistory"), 0)
    last = _find(text, b"lastRun", history)
    status = _text_at(text, _after(text, b"status", history if last < 0 else last))
    due = _find(text, b"nextRun", history)
    failed = as_state(status.decode("ascii", "replace")) in BAD
    return Guess(1 if failed else 2, b"" if due < 0 else _text_at(text, due + len(b"nextRun")))


def guess_all(
    base: Path,
    automations: Iterable[Resource],
    running: Set[str],
    expired: Callable[[], bool],
    order: TableOrder | None = None,
) -> Mapping[Resource, Guess]:
    """Return the guesses about the automations below `base`, as many as could be made before the time has `expired`.

    What cannot be read is left out. `running` has the ids of those with a run under way; `order` is that of the table.
    """
    guesses: dict[Resource, Guess] = {}
    for directory, resources in groupby(sorted(automations), lambda resource: parent(resource.path)):
        try:
            with directory_at(base, directory) as descriptor:
                for resource in resources:
                    if expired():
                        return guesses
                    guesses[resource] = _guess_of(descriptor, resource, resource.name in running, order)
        except (ClawtuiError, FileNotFoundError):
            continue
    return guesses


def _guess_of(directory: int, resource: Resource, running: bool, order: TableOrder | None) -> Guess:
    try:
        text = read_in(directory, resource.path.rpartition("/")[2], _LONGEST)
    except (ClawtuiError, FileNotFoundError):
        return LAST
    return guess(text, running=running, order=order, path=resource.path)


def _by_name(text: bytes) -> Guess:
    return Guess(0, _name_in(text))


def _name_in(text: bytes) -> bytes:
    """Return the name so that it sorts as names do: without regard to case, and numbers by their value."""
    found = _NAME.search(text)
    name = found[1].decode("utf-8", "replace").casefold() if found else ""
    return _NUMBER.sub(lambda number: "\0" + number[0].zfill(_DIGITS), name).encode()


def _by_due(text: bytes) -> Guess:
    due = _find(text, b"nextRun", max(text.find(b"runHistory"), 0))
    if due < 0 or _FALSE.match(text, _after(text, b"enabled")):
        return Guess(1, _name_in(text))
    return Guess(0, b"\0".join((_text_at(text, due + len(b"nextRun")), _name_in(text))))


def _by_last_run(text: bytes) -> Guess:
    history = max(text.find(b"runHistory"), 0)
    last = _find(text, b"lastRun", history)
    started = _text_at(text, _after(text, b"timestamp", history if last < 0 else last))
    if not started:
        return Guess(1, _name_in(text))
    return Guess(0, b"\xff".join((started.translate(_INVERTED), _name_in(text))))  # the newest first


_BY: Final[Mapping[str, Callable[[bytes], Guess]]] = {"name": _by_name, "due": _by_due, "last run": _by_last_run}


def _after(text: bytes, word: bytes, start: int = 0) -> int:
    """Return the position after the first `word`; the end of the text if it is not there."""
    at = text.find(word, start)
    return len(text) if at < 0 else at + len(word)


def _find(text: bytes, key: bytes, history: int) -> int:
    """Return the position of `key`, -1 if it is not there; the long history of runs is searched last, from its end."""
    at = text.find(key, 0, history)
    return at if at >= 0 else text.rfind(key, history)


def _text_at(text: bytes, at: int) -> bytes:
    found = _TEXT.match(text, at)
    return found[1] if found else b""
