"""The questions of a dashboard, most about locks, each with an id that the answer of the agent repeats."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import FailFast, Field

from clawtui.model.checked.field_types import Timestamp
from clawtui.remote.messages.fields import Count, Facts, Message, Path, Stamp, Text
from clawtui.remote.messages.gateway_questions import GatewayAnswer, GatewayQuestion
from clawtui.remote.messages.verdicts import LockVerdict

MOST_SET_ASIDE: Final = 200
"""The most locks that are set aside in one answer: the newest ones."""
MAX_LOCK_TEXT: Final = 64 * 1024
"""The most characters of a lock."""

LockText = Annotated[str, Field(max_length=MAX_LOCK_TEXT)]


class LookAtLock(Message):
    """The question for the facts about the lock at a path."""

    type: Literal["look-at-lock"] = "look-at-lock"
    id: Count
    path: Path
    offset: Annotated[int, Field(ge=-24 * 60, le=24 * 60)] = 0
    """The minutes by which the zone of the operator, in which facts name times, is ahead of UTC."""


class LockFound(Message):
    """The lock, judged at this moment; or why there is nothing to show."""

    type: Literal["lock-found"] = "lock-found"
    id: Count
    text: LockText | None = None
    problem: Text | None = None
    """Why the file has no text that can be shown."""
    stamp: Stamp | None = None
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{1,64}$")] | None = None
    judged: LockVerdict | None = None
    slots: Annotated[tuple[Count, ...], FailFast(), Field(max_length=100)] = ()
    follows: Facts = ()
    why_not: Text | None = None


class JudgeLock(Message):
    """The question whether the process of a lock is alive. The lock is in another root, and names this host."""

    type: Literal["judge-lock"] = "judge-lock"
    id: Count
    text: LockText
    offset: Annotated[int, Field(ge=-24 * 60, le=24 * 60)] = 0


class LockJudged(Message):
    """The verdict on such a lock, by the processes of this host alone."""

    type: Literal["lock-judged"] = "lock-judged"
    id: Count
    judged: LockVerdict | None = None
    """None where the text is no lock."""
    at: Timestamp


class ListSetAside(Message):
    """The question for the locks that are set aside and can be restored."""

    type: Literal["list-set-aside"] = "list-set-aside"
    id: Count


class SetAside(Message):
    """A lock that is set aside."""

    path: Path
    lock: Path
    at: Timestamp
    pid: Count
    token: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    released: bool


class RestorableLock(Message):
    """A lock that can be restored, unless ``hindrance`` says why not."""

    aside: SetAside
    text: LockText | None = None
    holder: Text = ""
    hindrance: Text | None = None


class SetAsideList(Message):
    """The locks that are set aside, newest first; or why they cannot be listed."""

    type: Literal["set-aside-list"] = "set-aside-list"
    id: Count
    locks: Annotated[tuple[RestorableLock, ...], FailFast(), Field(max_length=MOST_SET_ASIDE)] = ()
    why_not: Text | None = None


LockQuestion = LookAtLock | JudgeLock | ListSetAside
Question = LockQuestion | GatewayQuestion
Answer = LockFound | LockJudged | SetAsideList | GatewayAnswer
