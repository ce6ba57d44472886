"""The order in which many automations are read at the start: first those that the table has on top.

Each file is searched for a few words, without parsing it: that takes a tenth of the time. A guess that is wrong only
makes an automation appear later; what is shown is always from the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from clawtui.files.fs.reading import directory_at, read_in
from clawtui.live.route import Resource, parent
from clawtui.model.errors import ClawtuiError
from clawtui.model.runs.judgement import BAD, as_state

_TEXT: Final = re.compile(rb"""['"]?\s*:\s*['"]([^'"]*)""")
_FALSE: Final = re.compile(rb"""['"]?\s*:\s*false""")
_LONGEST: Final = 1 << 18
"""The most bytes of a configuration that are searched."""


class Guess(NamedTuple):
    """The place of an automation in the table, as far as it can be seen without parsing. Guesses sort in its order."""

    rank: int
    """0 for running, 1 for failed, 2 for due, 3 for disabled."""
    due: bytes = b""
    """The next run as it is written."""


LAST: Final = Guess(9)
"""The guess about everything else."""


def guess(text: bytes, *, running: bool = False) -> Guess:
    """Return the guess about an automation from the text of its configuration, and whether a run is under way."""
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
    base: Path, automations: Iterable[Resource], running: Set[str], expired: Callable[[], bool]
) -> Mapping[Resource, Guess]:
    """Return the guesses about the automations below `base`, as many as could be made before the time has `expired`.

    What cannot be read is left out. `running` has the ids of those with a run under way.
    """
    guesses: dict[Resource, Guess] = {}
    for directory, resources in groupby(sorted(automations), lambda resource: parent(resource.path)):
        try:
            with directory_at(base, directory) as descriptor:
                for resource in resources:
                    if expired():
                        return guesses
                    guesses[resource] = _guess_of(descriptor, resource, resource.name in running)
        except (ClawtuiError, FileNotFoundError):
            continue
    return guesses


def _guess_of(directory: int, resource: Resource, running: bool) -> Guess:
    try:
        return guess(read_in(directory, resource.path.rpartition("/")[2], _LONGEST), running=running)
    except (ClawtuiError, FileNotFoundError):
        return LAST


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
