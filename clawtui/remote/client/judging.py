"""The verdict of the agent's host on a lock of another root. Its answers are not trusted."""

from __future__ import annotations

from datetime import datetime, timedelta

from clawtui.model.liveness.elsewhere import HostId, HostVerdict
from clawtui.model.text.cleaning import clean
from clawtui.remote.client.exchange import Exchange
from clawtui.remote.messages.questions import JudgeLock, LockJudged
from clawtui.remote.messages.verdicts import judgement


def host_at(exchange: Exchange) -> HostId | None:
    """Return the host of the agent as it reports it; None without a connection."""
    machine = exchange.machine
    return None if machine is None else HostId(clean(machine[0]), clean(machine[1]) or None)


def judge_there(exchange: Exchange, text: str, now: datetime) -> HostVerdict | None:
    """Ask for the verdict on the process of the lock with the content ``text``; None if there is no answer.

    Raises Unreachable, Refused.
    """
    offset = round((now.utcoffset() or timedelta(0)) / timedelta(minutes=1))
    answer = exchange.ask(lambda id: JudgeLock(id=id, text=text, offset=offset))
    host = host_at(exchange)
    if not isinstance(answer, LockJudged) or answer.judged is None or host is None:
        return None
    return HostVerdict(judgement(answer.judged), host.name, now)
