"""The answers of the agent to questions: read and judged at the moment of the question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from clawtui.files.fs.reading import read_bytes
from clawtui.files.json5.document import decode_text
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet
from clawtui.operations.acts.local import look_at_lock, why_not_free
from clawtui.operations.locks.report import LockReport, judge_holder
from clawtui.operations.locks.restore import Restorable, restorable
from clawtui.remote.messages.fields import MAX_FACTS, MAX_TEXT_FIELD
from clawtui.remote.messages.gateway_questions import ListRuns, ReadTranscript
from clawtui.remote.messages.questions import (
    MAX_LOCK_TEXT,
    MOST_SET_ASIDE,
    Answer,
    JudgeLock,
    ListSetAside,
    LockFound,
    LockJudged,
    LookAtLock,
    Question,
    RestorableLock,
    SetAside,
    SetAsideList,
)
from clawtui.remote.messages.verdicts import lock_verdict
from clawtui.storage.locks.lock_file import fingerprint_of
from clawtui.storage.locks.released_locks import ReleasedLock
from clawtui.storage.paths import StatePaths

_ATTEMPTS = 3
"""How often a lock is read that changes meanwhile."""


class AgentAnswers:
    """The answers about one root."""

    def __init__(
        self, paths: StatePaths, clock: Callable[[], datetime], quiet_after: timedelta, fleet: Callable[[], Fleet]
    ) -> None:
        """Prepare to answer; ``fleet`` returns the newest fleet of the root, ``clock`` the time of this host."""
        self._paths = paths
        self._clock = clock
        self._quiet_after = quiet_after
        self._fleet = fleet

    def answer(self, question: Question) -> Answer:
        """Return the answer. It may take seconds."""
        match question:
            case LookAtLock():
                return self._look(question)
            case ListRuns() | ReadTranscript():
                from clawtui.remote.agent.gateway_answers import answer_about_gateway

                return answer_about_gateway(question, self._paths.root, self._fleet())
            case JudgeLock(id=id, text=text, offset=offset):
                now = self._now(offset)
                judged = judge_holder(self._paths, text, now)
                return LockJudged(id=id, judged=None if judged is None else lock_verdict(judged), at=now)
            case ListSetAside(id=id):
                try:
                    found = restorable(self._paths, self._clock())[:MOST_SET_ASIDE]
                except ClawtuiError as error:
                    return SetAsideList(id=id, why_not=str(error)[:MAX_TEXT_FIELD])
                return SetAsideList(id=id, locks=tuple(map(self._restorable, found)))

    def _now(self, offset: int) -> datetime:
        return self._clock().astimezone(timezone(timedelta(minutes=offset)))

    def _look(self, question: LookAtLock) -> LockFound:
        """Return the lock with the text of exactly the version that was judged."""
        for _ in range(_ATTEMPTS):
            now = self._now(question.offset)
            look = look_at_lock(question.path, self._fleet(), now, self._quiet_after)
            report = look.report
            if report is None:
                return LockFound(id=question.id, why_not=(look.why_not or "")[:MAX_TEXT_FIELD])
            text, is_same = self._text_of(report)
            if is_same:
                problem = report.reading.problem
                return LockFound(
                    id=question.id,
                    text=text,
                    problem=problem.message[:MAX_TEXT_FIELD] if problem is not None else None,
                    stamp=report.reading.stamp,
                    fingerprint=report.fingerprint,
                    judged=lock_verdict(report.judged),
                    slots=look.slots,
                    follows=tuple(text[:MAX_TEXT_FIELD] for text in look.follows[:MAX_FACTS]),
                )
        return LockFound(id=question.id, why_not="It changes all the time")

    def _text_of(self, report: LockReport) -> tuple[str | None, bool]:
        """Return the text of the lock if it has a readable one, and whether it is the version of the report."""
        if report.reading.value is None:
            return None, True
        try:
            data, stamp = read_bytes(self._paths.automations, report.reading.path, MAX_LOCK_TEXT)
            return decode_text(data), fingerprint_of(stamp, data) == report.fingerprint
        except (FileNotFoundError, ClawtuiError):
            return None, False

    def _restorable(self, each: Restorable) -> RestorableLock:
        hindrance = why_not_free(self._paths, each)
        return RestorableLock(
            aside=set_aside(each.aside),
            text=self._text_aside(each),
            holder=each.holder[:MAX_TEXT_FIELD],
            hindrance=hindrance[:MAX_TEXT_FIELD] if hindrance is not None else None,
        )

    def _text_aside(self, each: Restorable) -> str | None:
        """Return the text of a lock that is set aside; None if it cannot be read, or not as a lock."""
        if each.reading.value is None:
            return None
        try:
            return decode_text(read_bytes(self._paths.automations, each.aside.path, MAX_LOCK_TEXT)[0])
        except (FileNotFoundError, ClawtuiError):
            return None


def set_aside(aside: ReleasedLock) -> SetAside:
    """Return the lock that is set aside as it is sent."""
    return SetAside(
        path=aside.path, lock=aside.lock, at=aside.at, pid=aside.pid, token=aside.token, released=aside.released
    )
