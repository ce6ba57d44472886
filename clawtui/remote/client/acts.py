"""The acts on a root on another host, carried out by its agent; implements `RootActs`. Its answers are not trusted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from msgspec.structs import replace

from clawtui.files.fs.atomic import ANY, Expected
from clawtui.files.json5.document import reading_of
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Changed, ClawtuiError, Invalid, NoSuch, Refused, Unreadable, Unwritable
from clawtui.model.fleet import Automation, Fleet, Reading
from clawtui.model.liveness.consent import consent_for
from clawtui.model.text.cleaning import clean, clean_lines
from clawtui.operations.acts.protocol import JudgeElsewhere, LockLook, Unsure, judged_elsewhere
from clawtui.operations.locks.release import Released, ReleaseOutcome, target_of, watch_after
from clawtui.operations.locks.report import LockReport
from clawtui.operations.locks.restore import Restorable, Restored
from clawtui.operations.user.actor import this_actor
from clawtui.remote.client.exchange import Exchange
from clawtui.remote.command import OutcomeUnknown, Unreachable
from clawtui.remote.messages.acts import Act, ActOutcome, ReleaseLock, RestoreLock, SetEnabled, State
from clawtui.remote.messages.questions import ListSetAside, LockFound, LookAtLock, SetAside, SetAsideList
from clawtui.remote.messages.verdicts import judgement
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.locks.released_locks import ReleasedLock
from clawtui.storage.paths import StatePaths

_ERRORS: Final[dict[State, type[ClawtuiError]]] = {
    "overlap": Overlap,
    "refused": Refused,
    "changed": Changed,
    "no-such": NoSuch,
    "invalid": Invalid,
    "unreadable": Unreadable,
    "unwritable": Unwritable,
    "unknown": OutcomeUnknown,
}

_MOST_FACTS: Final = 20
_SHORT: Final = 500
"""The most facts of another host that go with an act, and the most characters of each."""


class RemoteActs:
    """The acts on one root, each with an id of its own."""

    def __init__(self, exchange: Exchange, kept: StatePaths, elsewhere: JudgeElsewhere | None = None) -> None:
        """Prepare; ``kept`` has the root's documents here, ``elsewhere`` adds what other hosts say about a lock."""
        self._exchange = exchange
        self._kept = kept
        self._elsewhere = elsewhere
        self._hindrances: dict[str, str | None] = {}

    def look_at_lock(self, path: str, fleet: Fleet, now: datetime) -> LockLook:
        """Ask for the lock, which the agent reads and judges at this moment."""
        offset = round((now.utcoffset() or timedelta(0)) / timedelta(minutes=1))
        try:
            found = self._exchange.ask(lambda id: LookAtLock(id=id, path=path, offset=offset))
        except ClawtuiError as error:
            return LockLook(why_not=str(error))
        if not isinstance(found, LockFound):
            raise _strange(self._exchange.label)
        if found.judged is None:
            return LockLook(why_not=clean(found.why_not or "it was not judged"))
        reading = _reading(path, found.text, found.stamp, found.problem)
        judged = judgement(found.judged)
        where = f"judged on {self._host} at {now:%H:%M:%S}, with the processes that it sees"
        report = LockReport(reading, replace(judged, facts=(*judged.facts, where)), found.fingerprint)
        look = LockLook(report, found.slots, tuple(map(clean, found.follows)))
        return judged_elsewhere(look, fleet, now, self._elsewhere)

    def release_lock(self, report: LockReport, unsure: Unsure) -> Released:
        """Have the lock released there. Raises as `RootActs` does."""
        target, judged = target_of(report), report.judged
        act = ReleaseLock(
            id=uuid4().hex,
            asked_by=_asker(),
            path=target.path,
            fingerprint=target.fingerprint,
            consent=int(consent_for(judged)),
            said=tuple(text[:_SHORT] for text in judged.foreign_facts[:_MOST_FACTS]),
        )
        outcome = self._perform(act, unsure)
        if outcome.aside is None or outcome.aside.lock != target.path:
            raise _strange(self._exchange.label)
        complaints = tuple(map(clean, outcome.complaints))
        return Released(report.reading, report.judged, _released_lock(outcome.aside), outcome.at, complaints)

    def watch_after(
        self, released: Released, monotonic: Callable[[], float], sleep: Callable[[float], object]
    ) -> ReleaseOutcome:
        """Watch the documents that are kept here, which follow those there."""
        return watch_after(self._kept, released, monotonic=monotonic, sleep=sleep, is_late=True)

    def restorable_locks(self, now: datetime) -> tuple[Restorable, ...]:
        """Ask for the locks that are set aside there. Raises Unreachable, Refused, Unreadable."""
        found = self._exchange.ask(lambda id: ListSetAside(id=id))
        if not isinstance(found, SetAsideList):
            raise _strange(self._exchange.label)
        if found.why_not is not None:
            raise Unreadable(clean(found.why_not))
        self._hindrances = {
            each.aside.token: clean_lines(each.hindrance) if each.hindrance is not None else None
            for each in found.locks
        }
        return tuple(
            Restorable(_released_lock(each.aside), _reading(each.aside.lock, each.text, None), clean(each.holder))
            for each in found.locks
        )

    def hindrance(self, meant: Restorable) -> str | None:
        """Return why a lock cannot be restored, as it was when they were listed."""
        return self._hindrances.get(meant.aside.token)

    def restore_lock(self, meant: Restorable, unsure: Unsure) -> Restored:
        """Have the lock restored there. Raises as `RootActs` does."""
        act = RestoreLock(id=uuid4().hex, asked_by=_asker(), token=meant.aside.token)
        outcome = self._perform(act, unsure)
        return Restored(meant.reading, meant.aside, tuple(map(clean, outcome.complaints)))

    def set_enabled(
        self, automation: Automation, enabled: bool, expected: Expected, unsure: Unsure
    ) -> tuple[str, Expected]:
        """Have the flag written there. Raises as `RootActs` does."""
        if not isinstance(expected, Stamp):
            raise Refused(f"{automation.config.path} could not be read; nothing was done")
        path = automation.config.path
        act = SetEnabled(id=uuid4().hex, asked_by=_asker(), path=path, enabled=enabled, stamp=tuple(expected))
        outcome = self._perform(act, unsure)
        return clean_lines(outcome.message), Stamp(*outcome.stamp) if outcome.stamp is not None else ANY

    @property
    def _host(self) -> str:
        machine = self._exchange.machine
        return clean(machine[0]) if machine is not None else self._exchange.label

    def _perform(self, act: Act, unsure: Unsure) -> ActOutcome:
        """Return the outcome of an act that is done. Raises the error of one that is not."""
        outcome = self._exchange.perform(act, unsure)
        if outcome.state == "done":
            return outcome
        if outcome.state == "withdrawn":
            raise Unreachable(
                f"it had not arrived at {self._exchange.label} when the connection broke; nothing was done"
            )
        raise _ERRORS.get(outcome.state, Refused)(clean_lines(outcome.message) or outcome.state)


def _asker() -> str:
    """Return who asks, and on which host."""
    actor = this_actor()
    return f"{actor.user} on {actor.hostname}"[:200]


def _strange(label: str) -> Unreachable:
    return Unreachable(f"{label} has sent another answer than was asked for")


def _reading(
    path: str, text: str | None, stamp: tuple[int, int, int, int] | None, problem: str | None = None
) -> Reading[RepositoryLock]:
    """Return the lock with this text as if it had been read from a file."""
    version = Stamp(*stamp) if stamp is not None else None
    if text is None:
        return Reading(path, None, Problem(path, clean(problem or "cannot be read")), version)
    reading = reading_of(path, text.encode("utf-8", "replace"), version or Stamp(0, 0, len(text), 0), RepositoryLock)
    return replace(reading, stamp=version)


def _released_lock(aside: SetAside) -> ReleasedLock:
    return ReleasedLock(aside.path, aside.lock, aside.at, aside.pid, aside.token, aside.released)
