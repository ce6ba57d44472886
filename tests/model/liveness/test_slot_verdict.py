"""Whether the session that has a slot can still be at work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from clawtui.model.documents.automation import RunResult
from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.workspace import RuntimeState, WorkspaceInfo
from clawtui.model.fleet import Workspace
from clawtui.model.liveness.evidence import SignOfLife
from clawtui.model.liveness.slot_verdict import SlotEvidence, SlotVerdict, judge_slot
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.text.cleaning import clean
from tests.gateway_root import NOON, iso
from tests.model.arbitrary_fleets import INSTANTS, NAMES, TEXTS, workspaces
from tests.model.fleets import good
from tests.model.samples import read

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SLOT = Slot(automation_id="sync-a", session_id="ours", acquired_at=NOON - HOUR, slot_number=2)
BARE = SlotEvidence(SLOT, None, {}, (), None, NOON)


def verdict_of(facts: SlotEvidence) -> SlotVerdict:
    return judge_slot(facts).verdict


def state(status: str = "running", ago: timedelta = 30 * MINUTE, session: str = "ours", **changes: object) -> Workspace:
    fields = {"automationId": "sync-a", "sessionId": session, "status": status, "lastUpdate": iso(NOON - ago)}
    return Workspace("sync-a", state=good(read(RuntimeState, **{**fields, **changes})))


def lock(verdict: str) -> dict[str, LockJudgement]:
    return {"github.com/user/repo": LockJudgement(verdict, False, ("pid 7 is gone",))}  # type: ignore[arg-type]


def test_a_slot_of_which_nothing_is_known_is_quiet_and_never_more() -> None:
    assert verdict_of(BARE) == "quiet"


@pytest.mark.parametrize("age", [timedelta(0), 10 * MINUTE, -5 * MINUTE])
def test_a_slot_that_was_just_taken_is_live(age: timedelta) -> None:
    young = SLOT.changed(acquired_at=NOON - age)
    assert verdict_of(replace(BARE, slot=young)) == "live"


def test_a_sign_of_life_within_the_quiet_time_is_life() -> None:
    assert verdict_of(replace(BARE, signs=(SignOfLife("state.json", NOON - MINUTE),))) == "live"
    assert verdict_of(replace(BARE, signs=(SignOfLife("state.json", NOON - 20 * MINUTE),))) == "quiet"
    assert verdict_of(replace(BARE, signs=(SignOfLife("a clock that is wrong", NOON + HOUR),))) == "quiet"
    assert verdict_of(replace(BARE, signs=(SignOfLife("an earlier run", NOON - 2 * HOUR),))) == "quiet"


@pytest.mark.parametrize(
    ("held", "expected"),
    [("orphaned", "orphaned"), ("live", "live"), ("quiet", "quiet"), ("foreign", "quiet"), ("invalid", "quiet")],
)
def test_the_lock_of_its_session_speaks_for_it(held: str, expected: str) -> None:
    judged = judge_slot(replace(BARE, locks=lock(held)))
    assert judged.verdict == expected
    assert any(f"which is {held}: pid 7 is gone" in fact for fact in judged.facts)


@pytest.mark.parametrize("status", ["failed", "completed", "Cancelled"])
def test_a_session_that_has_ended_is_over_unless_its_lock_is_live(status: str) -> None:
    over = replace(BARE, workspace=state(status))
    assert verdict_of(over) == "orphaned"
    assert judge_slot(over).facts[0] == f"its session has ended: state.json says “{status}”, 30m ago"
    assert verdict_of(replace(over, locks=lock("live"))) == "live"
    assert verdict_of(replace(over, locks=lock("quiet"))) == "orphaned"


def test_the_gateway_gets_a_minute_to_free_the_slot_of_a_run_that_has_just_ended() -> None:
    just = timedelta(seconds=20)
    ended = replace(BARE, workspace=state("completed", just), signs=(SignOfLife("state.json", NOON - just),))
    assert verdict_of(ended) == "live"
    assert verdict_of(replace(ended, now=NOON + MINUTE)) == "orphaned"


def test_another_session_in_the_workspace_proves_it_over_and_an_earlier_one_nothing() -> None:
    assert verdict_of(replace(BARE, workspace=state(session="theirs"))) == "orphaned"
    began = iso(NOON - 30 * MINUTE)
    assert verdict_of(replace(BARE, workspace=state("failed", session="theirs", startTime=began))) == "orphaned"
    assert verdict_of(replace(BARE, workspace=state("failed", 2 * HOUR, session="theirs"))) == "quiet"
    info = read(WorkspaceInfo, sessionId="theirs", created=iso(NOON - MINUTE))
    assert verdict_of(replace(BARE, workspace=Workspace("sync-a", info=good(info)))) == "orphaned"


def test_a_session_that_shows_life_since_is_not_over() -> None:
    life = replace(BARE, signs=(SignOfLife("x.jsonl", NOON - MINUTE),))
    assert verdict_of(replace(life, workspace=state("failed"))) == "live"
    assert verdict_of(replace(life, workspace=state(session="theirs"))) == "live"
    info = read(WorkspaceInfo, sessionId="theirs", created=iso(NOON - 30 * MINUTE))
    assert verdict_of(replace(life, workspace=Workspace("sync-a", info=good(info)))) == "live"


def test_a_run_on_record_as_over_proves_it_unless_there_was_life_after() -> None:
    result = RunResult(timestamp=NOON - 30 * MINUTE, duration=60_000, status="failed", summary="no clone")
    over = replace(BARE, last_result=result)
    assert verdict_of(over) == "orphaned"
    assert verdict_of(replace(over, signs=(SignOfLife("progress.json", NOON - 20 * MINUTE),))) == "quiet"
    before = result.changed(timestamp=NOON - 2 * HOUR)
    assert verdict_of(replace(BARE, last_result=before)) == "quiet"


@given(st.data())
def test_any_documents_give_a_verdict_with_clean_facts(data: st.DataObject) -> None:
    slot = Slot(
        automation_id=data.draw(NAMES), session_id=data.draw(NAMES), acquired_at=data.draw(INSTANTS), slot_number=1
    )
    locks = {data.draw(TEXTS): LockJudgement("quiet", False, tuple(data.draw(st.lists(TEXTS, max_size=1))))}
    took = data.draw(st.integers(0, 10**20))
    result = RunResult(timestamp=NOON, duration=took, status="failed", summary="")
    facts = SlotEvidence(
        slot=slot,
        workspace=data.draw(st.none() | workspaces("sync-a")),
        locks=data.draw(st.just({}) | st.just(locks)),
        signs=tuple(data.draw(st.lists(st.builds(SignOfLife, TEXTS, INSTANTS), max_size=2))),
        last_result=data.draw(st.none() | st.just(result)),
        now=NOON,
    )
    judged = judge_slot(facts)
    assert judged.slot is slot
    assert judged.facts == tuple(map(clean, judged.facts))
