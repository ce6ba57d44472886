"""The state of a run as every pane, command and finding shows it, with the facts that decided.

It is a value of any kind of root: a directory of the design's files, a stock gateway, a root on another host.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import age_span

QUIET_AFTER = timedelta(minutes=15)
"""How long a run may be silent before its lock is ``quiet`` (contract: the verdict)."""

RunState = Literal[
    "queued",
    "running",
    "paused",
    "success",
    "partial",
    "failed",
    "timed out",
    "cancelled",
    "skipped",
    "superseded",
    "interrupted",
    "lost",
    "unknown",
]
"""``lost``: its process is gone, or it has been silent without a lock or slot, and nothing says how it ended.
``interrupted``: the gateway has recorded that it was broken off. ``unknown``: how it ended is not recorded, or its
status is not understood.
"""

GOING: Set[RunState] = frozenset({"queued", "running", "paused"})
"""The states of a run that has not ended."""

BAD: Set[RunState] = frozenset({"failed", "timed out", "interrupted", "lost"})
"""The states of a run that did not do its work, so that an operator should act."""


class RunJudgement(Struct, frozen=True, eq=False):
    """The state of one run, with its reasons."""

    state: RunState
    facts: tuple[str, ...] = ()
    """Each a cleaned line; the decisive one comes first. They have ages, and do not count in a comparison."""
    reason: str | None = None
    """Why it is ``lost``, or how it failed, as a cleaned clause for one row; None if nothing says so."""
    started: datetime | None = None
    ended: datetime | None = None
    """When it ended; for a lost run its last sign of life. None if that is unknown, or it has not ended."""
    word: str | None = None
    """The status in the gateway's own word, cleaned, if that is none of the states."""
    recorded: datetime | None = None
    """The timestamp of its result in the automation's history; None if it is not there."""

    def __eq__(self, other: object) -> bool:
        """Return whether the other judgement says the same, whatever its facts."""
        return isinstance(other, RunJudgement) and self._compared == other._compared

    def __ne__(self, other: object) -> bool:
        return not self == other  # that of Struct does not ask `__eq__`

    def __hash__(self) -> int:
        return hash(self._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        return self.state, self.reason, self.started, self.ended, self.word, self.recorded

    @property
    def is_going(self) -> bool:
        """Whether it has not ended."""
        return self.state in GOING

    @property
    def needs_attention(self) -> bool:
        """Whether it did not do its work."""
        return self.state in BAD

    @property
    def label(self) -> str:
        """The state in one word, in the gateway's own if that is not understood."""
        return f"“{self.word}”" if self.word is not None and self.state == "unknown" else self.state

    def text(self, now: datetime) -> str:
        """Return the state as a sentence: ``lost 4m ago: its process is gone``."""
        ago = f" {age_span(now - self.ended)} ago" if self.ended is not None else ""
        return f"{self.label}{ago}" + (f": {self.reason}" if self.reason else "")


def as_state(word: str) -> RunState | None:
    """Return the state that a gateway's word for a status means; None if it is not understood.

    Case, hyphens and underscores do not matter.
    """
    return _WORDS.get(word) or _WORDS.get(clean(word).casefold().replace("_", " ").replace("-", " ").strip())


def result_state(word: str) -> tuple[RunState, str | None]:
    """Return the state of a run with a result of that status, and the cleaned status if it is not understood."""
    state = as_state(word)
    return ("unknown", clean(word) or None) if state is None or state in GOING else (state, None)


_WORDS: dict[str, RunState] = {
    **dict.fromkeys(("queued", "pending", "scheduled", "waiting to start"), "queued"),
    **dict.fromkeys(("running", "active", "in progress", "started"), "running"),
    **dict.fromkeys(("paused", "suspended", "on hold", "waiting", "blocked"), "paused"),
    **dict.fromkeys(("success", "succeeded", "ok", "complete", "completed", "done", "finished"), "success"),
    **dict.fromkeys(("partial", "partially complete"), "partial"),
    **dict.fromkeys(("failed", "failure", "error", "errored", "crashed"), "failed"),
    **dict.fromkeys(("timeout", "timed out"), "timed out"),
    **dict.fromkeys(("cancelled", "canceled", "aborted", "stopped"), "cancelled"),
    **dict.fromkeys(("skipped",), "skipped"),
    **dict.fromkeys(("superseded",), "superseded"),
    **dict.fromkeys(("interrupted",), "interrupted"),
    **dict.fromkeys(("abandoned", "lost"), "lost"),
}
