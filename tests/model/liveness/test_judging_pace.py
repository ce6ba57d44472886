"""After which changes of a fleet, and after how many seconds, its locks are judged again."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.judging_pace import (
    ANOTHER_LOCK,
    ANOTHER_SIGN,
    DEAD,
    MAY_DIE,
    ChangeGap,
    pause_after_round,
)
from tests.model.fleets import good
from tests.model.samples import read

IDLE = Fleet("/root")
SLOT = {"automationId": "a", "sessionId": "cron:a", "acquiredAt": "2025-01-26T12:00:00.000Z", "slotNumber": 1}
TAKEN = replace(IDLE, concurrency=good(read(ConcurrencyState, maxSlots=3, activeSlots=[SLOT])))


def test_a_changed_slot_starts_a_round_soon() -> None:
    assert ChangeGap().after_change(IDLE, TAKEN) == ANOTHER_LOCK


def test_a_changed_log_starts_a_round_only_where_something_is_held() -> None:
    assert ChangeGap().after_change(TAKEN, replace(TAKEN, logs=dict(TAKEN.logs))) == ANOTHER_SIGN
    assert ChangeGap().after_change(IDLE, replace(IDLE, logs=dict(IDLE.logs))) is None


def test_an_equal_fleet_starts_no_round() -> None:
    assert ChangeGap().after_change(TAKEN, TAKEN) is None


@pytest.mark.parametrize(
    ("has_unended", "verdicts", "pause"),
    [
        (False, set(), None),
        (True, set(), DEAD),
        (False, {"orphaned", "foreign"}, DEAD),
        (True, {"orphaned", "live"}, MAY_DIE),
        (False, {"quiet"}, MAY_DIE),
    ],
)
def test_the_pause_after_a_round_depends_on_its_verdicts(
    has_unended: bool, verdicts: set[str], pause: float | None
) -> None:
    assert pause_after_round(verdicts, has_unended=has_unended) == pause
