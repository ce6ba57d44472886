"""Acts that another host requests, each done at most once: intent and outcome are on the disk of this host.

Whether an act that is looked up has arrived is decided under the lock of its record, so a request that still waits in
a broken connection cannot be done after the dashboard has read that it was not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from clawtui.model.errors import ClawtuiError
from clawtui.remote.messages.acts import ActOutcome
from clawtui.remote.messages.fields import MAX_TEXT_FIELD
from clawtui.storage.user.act_records import ActRecord, Busy, hold_act

_BEGUN = b'{"state":"begun"}'


def do_once(id: str, now: datetime, act: Callable[[], ActOutcome], place: Path | None = None) -> ActOutcome:
    """Do the act unless its id is on record; return the recorded outcome.

    ``act`` raises no ClawtuiError. ``place`` is the user's own state directory by default. Where the record cannot be
    written, the act is refused.
    """
    try:
        with hold_act(id, now, place) as record:
            lines = record.lines()
            if lines:
                return _recorded(lines) or _interrupted(id, now)
            record.append(_BEGUN)
            outcome = act()
            _conclude(record, outcome)
            return outcome
    except Busy:
        return ActOutcome(id=id, state="running", at=now)
    except ClawtuiError as error:
        why = f"nothing is done without a record, and the record of acts cannot be written: {error}"
        return ActOutcome(id=id, state="unwritable", at=now, message=why[:MAX_TEXT_FIELD])


def look_up(
    id: str, now: datetime, after_interruption: Callable[[], ActOutcome | None], place: Path | None = None
) -> ActOutcome:
    """Return the outcome of an act; one that has not arrived is withdrawn.

    ``after_interruption`` returns what is known about an act that was begun by a process that has ended since, from
    what it left; None if that is nothing.
    """
    try:
        with hold_act(id, now, place) as record:
            lines = record.lines()
            outcome = _recorded(lines)
            if outcome is None:
                if lines:
                    outcome = after_interruption() or _interrupted(id, now)
                else:
                    outcome = ActOutcome(id=id, state="withdrawn", at=now)
                record.append(outcome.model_dump_json(exclude_none=True).encode())
            return outcome
    except Busy:
        return ActOutcome(id=id, state="running", at=now)
    except ClawtuiError as error:
        why = f"the record of acts cannot be read: {error}"
        return ActOutcome(id=id, state="unknown", at=now, message=why[:MAX_TEXT_FIELD])


def _recorded(lines: tuple[bytes, ...]) -> ActOutcome | None:
    """Return the outcome that is on record; None if there is none."""
    for line in reversed(lines):
        try:
            return ActOutcome.model_validate_json(line)
        except ValidationError:  # the line of its beginning
            continue
    return None


def _interrupted(id: str, now: datetime) -> ActOutcome:
    why = "clawtui there ended in the middle of it; the lists show whether it was done"
    return ActOutcome(id=id, state="unknown", at=now, message=why)


def _conclude(record: ActRecord, outcome: ActOutcome) -> None:
    """Write the outcome; where that fails, a later look-up finds what the act left."""
    try:
        record.append(outcome.model_dump_json(exclude_none=True).encode())
    except ClawtuiError:
        return
