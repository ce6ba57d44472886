"""The acts of the agent for a dashboard on another host: operations of this host, one after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue
from typing import Final

from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Changed, ClawtuiError, Invalid, NoSuch, Refused, Unreadable, Unwritable
from clawtui.model.liveness.consent import Consent
from clawtui.model.text.cleaning import clean
from clawtui.operations.acts.local import enable
from clawtui.operations.locks.release import Target, release
from clawtui.operations.locks.restore import restore
from clawtui.operations.user.actor import this_actor
from clawtui.remote.agent.act_once import do_once, look_up
from clawtui.remote.agent.answers import AgentAnswers, set_aside
from clawtui.remote.agent.traces import outcome_by_traces
from clawtui.remote.messages.acts import Act, ActOutcome, LookUpAct, ReleaseLock, RestoreLock, SetEnabled, State
from clawtui.remote.messages.feed import FromAgent
from clawtui.remote.messages.fields import MAX_FACTS, MAX_TEXT_FIELD
from clawtui.remote.messages.questions import Question
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore

_STATES: Final[tuple[tuple[type[ClawtuiError], State], ...]] = (
    (Overlap, "overlap"),
    (Changed, "changed"),
    (NoSuch, "no-such"),
    (Invalid, "invalid"),
    (Unreadable, "unreadable"),
    (Unwritable, "unwritable"),
    (Refused, "refused"),
)


class AgentActs:
    """A thread that answers questions about locks and does acts, in the order in which they arrive.

    It is no daemon thread: an act that has begun is finished even if the connection ends.
    """

    def __init__(
        self,
        paths: StatePaths,
        clock: Callable[[], datetime],
        quiet_after: timedelta,
        answers: AgentAnswers,
        send: Callable[[FromAgent], None],
        forbidden: str,
    ) -> None:
        """Prepare; ``forbidden`` is the reason why nothing may be changed, or empty. ``send`` raises OSError."""
        self._paths = paths
        self._clock = clock
        self._quiet_after = quiet_after
        self._answers = answers
        self._send = send
        self._forbidden = forbidden
        self._asked: SimpleQueue[Question | Act | LookUpAct | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def take(self, asked: Question | Act | LookUpAct) -> None:
        """Queue a request."""
        self._asked.put(asked)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="agent-acts")
            self._thread.start()

    def close(self) -> None:
        """End after the requests that have arrived so far."""
        self._asked.put(None)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            answer: FromAgent
            if isinstance(asked, LookUpAct):
                id, now = asked.id, self._clock()
                answer = look_up(id, now, partial(outcome_by_traces, self._paths, id, token_of(id), now))
            elif isinstance(asked, ReleaseLock | RestoreLock | SetEnabled):
                answer = do_once(asked.id, self._clock(), partial(self._outcome, asked))
            else:
                answer = self._answers.answer(asked)
            with suppress(OSError):  # the other end has gone: what was done is on record
                self._send(answer)

    def _outcome(self, act: Act) -> ActOutcome:
        try:
            if self._forbidden:
                raise Refused(self._forbidden)
            return self._do(act)
        except ClawtuiError as error:
            state = next((state for kind, state in _STATES if isinstance(error, kind)), "refused")
            return ActOutcome(id=act.id, state=state, at=self._clock(), message=str(error)[:MAX_TEXT_FIELD])

    def _do(self, act: Act) -> ActOutcome:
        """Do the act. Raises ClawtuiError."""
        actor, token = this_actor(asked_by=clean(act.asked_by)), token_of(act.id)
        match act:
            case ReleaseLock():
                target = Target(act.path, act.fingerprint)
                released = release(
                    self._paths,
                    target,
                    Consent(act.consent),
                    actor,
                    self._clock,
                    self._quiet_after,
                    token=token,
                    foreign_facts=tuple(map(clean, act.said)),
                )
                complaints, aside = released.complaints, set_aside(released.aside)
                return _done(act, released.at, f"released {released.key}", complaints).model_copy(
                    update={"aside": aside}
                )
            case RestoreLock():
                restored = restore(self._paths, act.token, actor, self._clock, token=token)
                return _done(act, self._clock(), f"restored {restored.key}", restored.complaints)
            case SetEnabled():
                automation = AutomationConfigStore(self._paths).at(act.path)
                if automation is None:
                    raise NoSuch(f"there is no {act.path} any more")
                now, expected = self._clock(), Stamp(*act.stamp)
                text, written = enable(self._paths, automation, act.enabled, now, expected, actor)
                stamp = written if isinstance(written, Stamp) else None
                return _done(act, now, text).model_copy(update={"stamp": stamp})


def token_of(id: str) -> str:
    """Return the id that an act has in the audit and in the name of a lock that is set aside: eight of its digits."""
    return id[:8]


def _done(act: Act, at: datetime, message: str, complaints: tuple[str, ...] = ()) -> ActOutcome:
    return ActOutcome(
        id=act.id,
        state="done",
        at=at,
        message=message[:MAX_TEXT_FIELD],
        complaints=tuple(text[:MAX_TEXT_FIELD] for text in complaints[:MAX_FACTS]),
    )
