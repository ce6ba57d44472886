"""Requests that wait for an answer: none is sent without a connection, and a silence is not an end."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from clawtui.model.errors import Refused
from clawtui.remote.client.exchange import Exchange
from clawtui.remote.command import OutcomeUnknown, Unreachable
from clawtui.remote.messages.acts import ActOutcome, RestoreLock
from clawtui.remote.messages.feed import Hello
from tests.gateway_root import NOON
from tests.waiting import wait_until

ACT = RestoreLock(id="0" * 32, asked_by="alice on laptop", token="0" * 8)
HELLO = Hello(version="1", host="gw1", root="/root", can_act=True)
DONE = ActOutcome(id=ACT.id, state="done", at=NOON)


class Caller:
    """A thread that requests an act, and the outcome that it received."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.doubts: list[str] = []
        self.result: ActOutcome | Exception | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            self.result = self.exchange.perform(ACT, self.doubts.append)
        except (Unreachable, OutcomeUnknown) as error:
            self.result = error

    def sent(self) -> str:
        """Return the type of the next request that is sent."""
        found: list[str] = []

        def look() -> bool:
            found.extend(each.type for each in self.exchange.outgoing())
            return bool(found)

        wait_until(look, what="the request")
        return found[0]

    def until(self, condition: Callable[[], object]) -> None:
        wait_until(condition, what="the thread")


@pytest.fixture
def exchange() -> Exchange:
    exchange = Exchange("work", lambda: None)
    exchange.open(HELLO)
    return exchange


def test_the_outcome_of_an_act_is_unknown_until_its_late_answer(exchange: Exchange) -> None:
    caller = Caller(exchange)
    assert caller.sent() == "restore-lock"
    exchange.doubt(True)
    caller.until(lambda: caller.doubts)
    with pytest.raises(Unreachable):
        exchange.perform(ACT.model_copy(update={"id": "1" * 32}), lambda text: None)
    exchange.doubt(False)
    exchange.take(DONE)
    caller.until(lambda: caller.result == DONE)
    assert len(caller.doubts) == 1


def test_an_act_that_is_being_done_is_looked_up_until_it_is_over_and_the_end_leaves_it_unknown(
    exchange: Exchange,
) -> None:
    caller = Caller(exchange)
    assert caller.sent() == "restore-lock"
    exchange.close()
    caller.until(lambda: caller.doubts)
    assert exchange.outgoing() == ()
    exchange.open(HELLO)
    assert caller.sent() == "look-up-act"
    exchange.take(DONE.model_copy(update={"state": "running"}))
    assert caller.sent() == "look-up-act"
    exchange.stop()
    caller.until(lambda: isinstance(caller.result, OutcomeUnknown))
    assert len(caller.doubts) == 1


def test_a_reason_of_the_other_end_is_cleaned(exchange: Exchange) -> None:
    exchange.open(HELLO.model_copy(update={"why_no_acts": "no\x1b]0;x\x07"}))
    with pytest.raises(Refused, match=r"^work: no␛\]0;x␇$"):
        exchange.perform(ACT, lambda text: None)


def test_an_act_that_was_not_sent_is_not_done(exchange: Exchange) -> None:
    caller = Caller(exchange)
    caller.until(lambda: exchange._pending)
    exchange.close()
    caller.until(lambda: "nothing was done" in str(caller.result))
    assert caller.doubts == []
