"""The consent that a verdict requires before a lock is released, and the consequences (contract: Locks).

The dialogs and the commands take their questions and sentences from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock, normalize_repo_key
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.process_evidence import LOCK_RUN_ID
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.model.text.cleaning import clean

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./:@+~-]{0,99}", re.ASCII)
"""A key that can be typed, and that a shell takes for one word."""


class Consent(IntEnum):
    """What the operator has agreed to; each level includes those before it."""

    NONE = 0
    """The operator was not asked: nothing is done, and the result describes what would be done."""
    CONFIRMED = 1
    """Confirmed once; enough for what is ``orphaned``. Commands: ``--yes``."""
    TYPED = 2
    """Typed its name; enough for what is ``quiet``, ``foreign`` or ``invalid``. Commands: ``--yes --force``."""
    LIVE = 3
    """Insisted on the release of a ``live`` lock. Commands only: ``--yes --force-live``."""


_DEMANDED: Mapping[Verdict, Consent] = {
    "orphaned": Consent.CONFIRMED,
    "invalid": Consent.TYPED,
    "foreign": Consent.TYPED,
    "quiet": Consent.TYPED,
    "live": Consent.LIVE,
}


def required_consent(verdict: Verdict) -> Consent:
    """Return the least consent with which a lock of that verdict is released."""
    return _DEMANDED[verdict]


def consent_for(judged: LockJudgement) -> Consent:
    """Return the least consent for a lock with this verdict. The verdict of another host does not lower it."""
    return max(required_consent(judged.verdict), Consent.TYPED if judged.foreign_facts else Consent.NONE)


def name_to_type(reading: Reading[RepositoryLock]) -> str:
    """Return what the operator types to confirm: the repository's key, or the file's name if that cannot be typed."""
    return _plain_key(reading) or reading.path.rpartition("/")[2].removesuffix(LOCK_SUFFIX)


def key_of(reading: Reading[RepositoryLock]) -> str:
    """Return the word for the lock in a command: the repository's key, or the path if the key cannot be typed."""
    return _plain_key(reading) or reading.path


def holder_of(reading: Reading[RepositoryLock]) -> str:
    """Return the holder of the lock in words, or the problem with the file if it cannot be read."""
    lock = reading.value
    if lock is None:
        return clean(f"something that {reading.problem.message if reading.problem else 'cannot be read'}")
    return clean(lock.holder_text)


def _plain_key(reading: Reading[RepositoryLock]) -> str | None:
    key = reading.value.repo_key if reading.value else ""
    return key if _PLAIN.fullmatch(key) else None


def is_typed(typed: str, reading: Reading[RepositoryLock]) -> bool:
    """Return whether ``typed`` names the lock's repository: by `name_to_type`, or by an address of it."""
    name = name_to_type(reading)
    return typed.strip() == name or (bool(typed.strip()) and normalize_repo_key(typed) == name)


def consequences(judged: LockJudgement, reading: Reading[RepositoryLock], fleet: Fleet) -> tuple[str, ...]:
    """Return the consequences of releasing the lock, each a cleaned sentence, the worst first."""
    return tuple(map(clean, _following(judged, reading.value, fleet)))


def _following(judged: LockJudgement, lock: RepositoryLock | None, fleet: Fleet) -> Iterator[str]:
    if lock is None:
        yield "it is not known whether a run works on the repository; another one may start beside it"
    else:
        yield from _for_the_run(judged.verdict, lock)
        if judged.expired:
            yield "it has expired: the gateway takes it back by itself on the next dispatch that wants it"
        if (slot := _slot_of(fleet, lock)) is not None:
            yield f"its session keeps slot {slot.slot_number} all the same: a slot is freed by itself"
    yield "what is released is set aside, and for a day can be restored unless the repository is locked again by then"


def _for_the_run(verdict: Verdict, lock: RepositoryLock) -> Iterator[str]:
    repository = lock.repo_key
    if lock.automation_id == LOCK_RUN_ID:
        if verdict == "orphaned":
            yield f"{repository} is free for the next run"
        else:
            yield f"the command that `clawtui lock run` runs goes on, and nothing keeps automations off {repository}"
        return
    clone = f"the next dispatch of {lock.automation_id} deletes its clone"
    match verdict:
        case "live":
            yield f"its run goes on without a lock: {clone} while it works there"
            yield f"another automation can take {repository} at the same time"
        case "quiet":
            yield f"if its run is only slow, {clone} with all that is not pushed"
        case "foreign":
            yield f"if its run on {lock.hostname or 'its host'} is alive, {clone} with all that is not pushed"
            yield f"then two runs work on {repository} at once"
        case _:
            yield f"{repository} is free for the next run; {clone} and makes another"


def _slot_of(fleet: Fleet, lock: RepositoryLock) -> Slot | None:
    return next((slot for slot in fleet.slots if slot.session_id == lock.session_id), None)
