"""Questions and acts of any thread to an agent, and its answers. An act whose connection breaks is looked up by its id.

The thread of the source calls `open`, `outgoing`, `take`, `doubt` and `close`; other threads wait in `ask` and
`perform`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from clawtui.model.errors import ClawtuiError, Refused
from clawtui.model.text.cleaning import clean
from clawtui.remote.client.pending import BegunActs, Pending
from clawtui.remote.command import OutcomeUnknown, Unreachable
from clawtui.remote.messages.acts import Act, ActOutcome, LookUpAct
from clawtui.remote.messages.feed import Hello, ToAgent
from clawtui.remote.messages.questions import Answer, Question

if TYPE_CHECKING:
    from clawtui.operations.acts.protocol import Unsure

PATIENCE: Final = 20.0
"""Seconds that an answer to a question may take."""
_AGAIN: Final = 0.3
"""Seconds between two look-ups of an act that is being done."""
_GRACE: Final = 1.0
"""Seconds that the end of a dashboard waits for the outcome of an act, while the connection is good."""


class Exchange:
    """The requests that wait for an answer over the connection of one source."""

    def __init__(self, label: str, wake: Callable[[], None]) -> None:
        """Prepare; ``label`` names the root, ``wake`` makes the thread of the source call `outgoing`."""
        self.label = label
        """The name of the root in messages."""
        self._wake = wake
        self._changed = threading.Condition()
        self._hello: Hello | None = None
        self._is_silent = False
        self._is_stopped = False
        self._last_id = 0
        self._pending: dict[int | str, Pending] = {}
        self._begun = BegunActs()
        self._dashboards = 0
        """How many dashboards have ended over this connection."""

    def open(self, hello: Hello) -> None:
        """Begin with a connection whose agent has answered."""
        with self._changed:
            self._hello, self._is_silent = hello, False
            self._changed.notify_all()

    def outgoing(self) -> Sequence[ToAgent]:
        """Return the requests to send now. From then on it is unknown whether they arrive."""
        with self._changed:
            if self._hello is None:
                return ()
            waiting = [each for each in self._pending.values() if not each.was_sent]
            for each in waiting:
                each.was_sent = True
            return [each.request for each in waiting]

    def take(self, answer: Answer | ActOutcome) -> None:
        """Take an answer; one to a request that does not wait is ignored."""
        with self._changed:
            pending = self._pending.get(answer.id)
            if pending is not None and pending.was_sent:
                pending.answer = answer
                self._changed.notify_all()

    def doubt(self, is_silent: bool) -> None:
        """Record whether the other end has been silent for long."""
        with self._changed:
            if is_silent != self._is_silent:
                self._is_silent = is_silent
                for each in self._pending.values():
                    each.is_doubtful |= is_silent
                self._changed.notify_all()

    def close(self) -> None:
        """End with a connection: its requests get no answer."""
        with self._changed:
            self._hello = None
            for each in self._pending.values():
                each.is_broken = True
            self._pending.clear()
            self._changed.notify_all()

    def stop(self) -> None:
        """End all waits for good; those for acts as `abandon` does."""
        self.abandon()
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def abandon(self) -> None:
        """End all waits, because the dashboard that asked ends; the connection goes on.

        The outcome of an act is waited for a moment while the connection is good. An act that was not sent is not done.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._begun.are_expected, _GRACE)
            self._dashboards += 1
            for id in self._begun.abandon():
                self._pending.pop(id, None)
            self._changed.notify_all()

    def take_unknown(self) -> Sequence[Act]:
        """Return the acts since the last call of which it is unknown at the end whether they were done."""
        with self._changed:
            return self._begun.take_unknown()

    @property
    def machine(self) -> tuple[str, str] | None:
        """The name and the machine-id of the other host, as it was sent; None without a connection."""
        hello = self._hello
        return None if hello is None else (hello.host, hello.machine)

    def ask(self, make: Callable[[int], Question]) -> Answer:
        """Ask, and return the answer; ``make`` gets the id. Raises Unreachable, Refused."""
        with self._changed:
            self._require_agent("answers no questions about locks")
            self._last_id += 1
            id, dashboard = self._last_id, self._dashboards
            pending = self._add(id, make(id))
        self._wake()
        with self._changed:
            self._changed.wait_for(lambda: self._is_over(pending, dashboard), PATIENCE)
            self._pending.pop(id, None)
        answer = pending.answer
        if answer is None or isinstance(answer, ActOutcome):
            raise Unreachable(f"{self.label} has not answered")
        return answer

    def perform(self, act: Act, unsure: Unsure) -> ActOutcome:
        """Have an act done, and return its outcome, which is never ``running``.

        If the connection breaks or is silent after the act was sent, ``unsure`` is called once; then the act is looked
        up by its id over the next connection, whenever that comes.

        Raises:
            Unreachable: It was not sent.
            Refused: The other end does no acts, or may not.
            OutcomeUnknown: The dashboard has ended, or the agent after it cannot look acts up.
        """
        with self._changed:
            hello = self._require_agent("does no acts for another host")
            if hello.why_no_acts:
                raise Refused(f"{self.label}: {clean(hello.why_no_acts)}")
            pending, dashboard = self._add(act.id, act), self._dashboards
            self._begun.add(act, pending)
        self._wake()
        try:
            return self._await_outcome(act, pending, dashboard, unsure)
        finally:
            with self._changed:
                self._begun.end(act)
                self._changed.notify_all()

    def _await_outcome(self, act: Act, pending: Pending, dashboard: int, unsure: Unsure) -> ActOutcome:
        was_reported = False
        while (outcome := self._outcome(pending, dashboard)) is None or outcome.state == "running":
            if outcome is not None:
                self._pause(dashboard)
                pending = self._look_up(act.id, dashboard)
                continue
            if pending.is_broken and not pending.was_sent and not was_reported:
                raise Unreachable(f"the connection to {self.label} broke before it was sent; nothing was done")
            if not was_reported and (pending.is_broken or pending.is_doubtful):
                was_reported = True
                unsure(
                    f"The connection to {self.label} broke: whether it was done is unknown. It is looked up there as "
                    "soon as there is a connection again."
                )
            if pending.is_broken:
                pending = self._look_up(act.id, dashboard)
        return outcome

    def _outcome(self, pending: Pending, dashboard: int) -> ActOutcome | None:
        """Wait for the outcome; return None if something else has happened. Raises OutcomeUnknown at the end."""
        with self._changed:
            was_doubtful = pending.is_doubtful
            self._changed.wait_for(lambda: self._is_over(pending, dashboard) or pending.is_doubtful != was_doubtful)
            if pending.answer is None:
                if self._has_ended(dashboard):
                    raise self._outcome_unknown()
                return None
            self._pending.pop(pending.answer.id, None)
        return pending.answer if isinstance(pending.answer, ActOutcome) else None

    def _pause(self, dashboard: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended(dashboard), _AGAIN)

    def _look_up(self, id: str, dashboard: int) -> Pending:
        """Ask what became of an act as soon as there is a connection."""
        with self._changed:
            self._changed.wait_for(lambda: self._hello is not None or self._has_ended(dashboard))
            if self._has_ended(dashboard) or self._hello is None or not self._hello.can_act:
                raise self._outcome_unknown()
            pending = self._add(id, LookUpAct(id=id))
        self._wake()
        return pending

    def _add(self, key: int | str, request: Question | Act | LookUpAct) -> Pending:
        pending = self._pending[key] = Pending(request)
        return pending

    def _is_over(self, pending: Pending, dashboard: int) -> bool:
        return pending.answer is not None or pending.is_broken or self._has_ended(dashboard)

    def _has_ended(self, dashboard: int) -> bool:
        """Return whether the dashboard has ended that was open when so many had ended before it."""
        return self._is_stopped or self._dashboards != dashboard

    def _require_agent(self, lack: str) -> Hello:
        if self._hello is None or self._is_silent or self._is_stopped:
            raise Unreachable(f"there is no connection to {self.label}; nothing was done")
        if not self._hello.can_act:
            raise Refused(f"the clawtui on {self.label} {lack}: update it there")
        return self._hello

    def _outcome_unknown(self) -> ClawtuiError:
        return OutcomeUnknown(f"the connection to {self.label} broke; whether it was done is unknown")
