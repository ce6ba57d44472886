"""Requests to an agent that wait for an answer, and the acts among them whose outcome is not known yet."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.remote.messages.acts import Act, ActOutcome, LookUpAct, ReleaseLock, RestoreLock, SetEnabled
from clawtui.remote.messages.questions import Answer, Question


class Pending:
    """A request, and what has become of it."""

    def __init__(self, request: Question | Act | LookUpAct) -> None:
        self.request = request
        self.answer: Answer | ActOutcome | None = None
        self.was_sent = False
        self.is_broken = False
        """Whether the connection ended before the answer."""
        self.is_doubtful = False
        """Whether the other end has been silent for long."""

    @property
    def is_expected(self) -> bool:
        """Whether the answer may come at any moment, because the connection is good."""
        return self.was_sent and self.answer is None and not self.is_broken and not self.is_doubtful

    @property
    def is_unknown(self) -> bool:
        """Whether this is an act that may have been done, without an outcome."""
        is_over = isinstance(self.answer, ActOutcome) and self.answer.state != "running"
        return self.was_sent and not is_over


class BegunActs:
    """The acts of a dashboard whose outcome it waits for. Its owner holds a lock."""

    def __init__(self) -> None:
        self._begun: dict[str, tuple[Act, Pending]] = {}
        self._unknown: list[Act] = []

    def add(self, act: Act, first: Pending) -> None:
        """Add an act; `first` is the first request of it."""
        self._begun[act.id] = act, first

    def end(self, act: Act) -> None:
        """Remove an act that is not waited for any more."""
        self._begun.pop(act.id, None)

    @property
    def are_expected(self) -> bool:
        """Whether an outcome may come at any moment."""
        return any(first.is_expected for _, first in self._begun.values())

    def abandon(self) -> Sequence[str]:
        """Wait for none of them any more, and return their ids. The outcome of those that were sent is unknown then."""
        self._unknown += [act for act, first in self._begun.values() if first.is_unknown]
        ids = tuple(self._begun)
        self._begun.clear()
        return ids

    def take_unknown(self) -> Sequence[Act]:
        """Return the acts with an unknown outcome since the last call."""
        unknown, self._unknown = self._unknown, []
        return unknown


def description_of(act: Act) -> str:
    """Return what an act does, as the subject of a sentence."""
    match act:
        case ReleaseLock():
            return f"the release of {act.path}"
        case RestoreLock():
            return f"the restore of the released lock {act.token}"
        case SetEnabled():
            return f"{'enabling' if act.enabled else 'disabling'} {act.path}"
