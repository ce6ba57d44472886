"""The verdict on a lock, row by row of the contract's table, and how far each fact goes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from clawtui.files.json5.document import parse_document
from clawtui.model.checked.reading import made
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import RuntimeState, WorkspaceInfo
from clawtui.model.fleet import Reading, Workspace
from clawtui.model.liveness.evidence import Evidence, Host, Process, SignOfLife, Span
from clawtui.model.liveness.process_evidence import LOCK_RUN_ID
from clawtui.model.liveness.session_evidence import ENDED
from clawtui.model.liveness.verdict import MEANING, LockJudgement, judge
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import format_timestamp
from tests.model.fleets import NOON, good
from tests.model.samples import SLOT, SMALLEST, read

HERE = "gateway-host"
HOURS = timedelta(hours=1)
MINUTES = timedelta(minutes=1)
TAKEN = NOON - HOURS
GATEWAY = Process(4121, "node gateway.js", NOON - 3 * HOURS)
STRANGER = Process(4121, "vim notes", NOON - 10 * MINUTES)


def lock(**changes: object) -> Reading[RepositoryLock]:
    named = {"pid": 4121, "acquiredAt": format_timestamp(TAKEN), "hostname": HERE, "sessionId": "cron:ours"}
    return good(read(RepositoryLock, **(named | changes)), "locks/github.com-user-repo.lock")


def facts(process: Process | None = GATEWAY, **changes: Any) -> Evidence:
    """Return a lock that a gateway, which still runs, took an hour ago; its run has never shown life."""
    usual = Evidence(
        lock=lock(),
        host=Host(HERE, process, booted=NOON - 100 * HOURS, earlier_clocks=()),
        workspace=None,
        slot=None,
        slots_known=True,
        signs=(),
        now=NOON,
        timeout=4 * HOURS,
    )
    return replace(usual, **changes)


def on_host(given: Evidence, **changes: Any) -> Evidence:
    return replace(given, host=replace(given.host, **changes))


def rebooted(given: Evidence, at: datetime) -> Evidence:
    """Return a host that started ``at``, and whose clock has not been set since."""
    return on_host(given, booted=at, earlier_clocks=())


def sign(ago: timedelta) -> tuple[SignOfLife, ...]:
    return (SignOfLife("state.json", NOON - ago),)


def state(session: str = "cron:ours", status: str = "running", **changes: object) -> Workspace:
    return Workspace("a", state=good(read(RuntimeState, sessionId=session, status=status, **changes)))


def at(instant: datetime) -> str:
    return format_timestamp(instant)


def facts_of(judged: LockJudgement) -> str:
    return "\n".join(judged.facts)


# The pid


def test_a_pid_that_is_gone_makes_it_orphaned_though_the_run_showed_life_a_moment_ago() -> None:
    for signs in ((), sign(timedelta(seconds=1))):
        judged = judge(facts(None, signs=signs))
        assert judged.verdict == "orphaned"
        assert judged.facts[0] == "pid 4121 is gone"


def test_a_zombie_counts_as_ended() -> None:
    judged = judge(facts(replace(GATEWAY, ended=True)))
    assert judged.verdict == "orphaned"
    assert "pid 4121 has ended" in facts_of(judged)


def test_a_process_that_started_after_the_lock_was_taken_is_another_one() -> None:
    judged = judge(facts(STRANGER))
    assert judged.verdict == "orphaned"
    assert judged.facts[0] == "pid 4121 (vim notes) started 11:50, after the lock was taken 11:00: another process"


@pytest.mark.parametrize(("late", "verdict"), [(2.0, "quiet"), (2.001, "orphaned")])
def test_the_clock_of_the_kernel_may_be_two_seconds_off(late: float, verdict: str) -> None:
    started = TAKEN + timedelta(seconds=late)
    assert judge(facts(replace(GATEWAY, started=started))).verdict == verdict


def test_two_times_within_a_minute_are_shown_to_the_second() -> None:
    judged = judge(facts(replace(GATEWAY, started=TAKEN + timedelta(seconds=30))))
    assert "started 11:00:30, after the lock was taken 11:00:00" in facts_of(judged)


def test_a_process_that_may_not_be_looked_at_may_be_the_holder() -> None:
    judged = judge(facts(Process(4121, None, None)))
    assert judged.verdict == "quiet"
    assert "pid 4121 is there; when it started is not known" in facts_of(judged)


def test_a_lock_from_before_the_boot_is_orphaned_even_if_its_pid_is_used() -> None:
    judged = judge(rebooted(facts(), NOON - 30 * MINUTES))
    assert judged.verdict == "orphaned"
    assert judged.facts[0] == "this host started 11:30, after the lock was taken 11:00"


@pytest.mark.parametrize("process", [GATEWAY, STRANGER])
def test_an_unknown_boot_time_is_no_evidence(process: Process) -> None:
    known = judge(facts(process))
    assert judge(on_host(facts(process), booted=None)).verdict == known.verdict


# Clocks that were set, and containers


def test_activity_after_the_start_of_a_stranger_shows_that_clocks_disagree() -> None:
    judged = judge(facts(STRANGER, signs=sign(1 * MINUTES)))
    assert judged.verdict == "live"
    assert "yet its run showed life at 11:59: another clock, or another container" in facts_of(judged)


def test_activity_after_the_boot_shows_that_the_clock_was_set() -> None:
    early = rebooted(facts(signs=sign(1 * MINUTES)), NOON - 30 * MINUTES)
    judged = judge(early)
    assert judged.verdict == "live"
    assert "the clock was set since" in facts_of(judged)
    assert judge(replace(early, signs=sign(40 * MINUTES))).verdict == "orphaned"


GONE = [None, replace(GATEWAY, ended=True), replace(STRANGER, started=NOON - 1 * MINUTES)]
LIVES = [(), sign(5 * MINUTES), sign(16 * MINUTES)]


@pytest.mark.parametrize("process", GONE)
@pytest.mark.parametrize("signs", LIVES)
def test_an_absent_pid_is_foreign_if_processes_may_be_hidden(
    process: Process | None, signs: tuple[SignOfLife, ...]
) -> None:
    judged = judge(on_host(facts(process, signs=signs), hidden="/proc hides some"))
    assert judged.verdict == "foreign"
    assert judged.facts[0].endswith("but /proc hides some")


@pytest.mark.parametrize("process", GONE)
def test_a_name_that_many_hosts_have_or_a_shared_directory_makes_an_absent_pid_foreign(process: Process | None) -> None:
    local = on_host(facts(process, lock=lock(hostname="localhost.localdomain")), name="localhost.localdomain")
    assert judge(local).verdict == "foreign"
    shared = on_host(facts(process), network="nfs4")
    assert judge(shared).verdict == "foreign"
    named = replace(shared, lock=lock(machineId="m1"))
    assert judge(on_host(named, machine_id="m1")).verdict == "orphaned"


def test_the_machine_id_identifies_the_host_under_any_name() -> None:
    other = facts(None, lock=lock(machineId="m1"))
    judged = judge(on_host(other, machine_id="m2"))
    assert judged.verdict == "foreign"
    assert "another host of the same name" in facts_of(judged)
    renamed = facts(None, lock=lock(machineId="m1", hostname="its-old-name"))
    assert judge(on_host(renamed, machine_id="m1")).verdict == "orphaned"


@pytest.mark.parametrize(("namespace", "verdict"), [(7, "orphaned"), (8, "foreign")])
def test_a_lock_that_names_its_pid_namespace_is_judged_by_it(namespace: int, verdict: str) -> None:
    within = facts(None, lock=lock(pidNamespace=namespace, bootId="b1"))
    assert judge(on_host(within, pid_namespace=7, boot_id="b1", hidden="a container")).verdict == verdict
    assert judge(on_host(within, pid_namespace=7, boot_id=None, hidden="a container")).verdict == "foreign"


def test_a_run_that_wrote_after_its_pid_had_gone_is_alive_elsewhere() -> None:
    judged = judge(facts(None, sign_after_exit=SignOfLife("state.json", NOON)))
    assert judged.verdict == "foreign"
    assert "its session wrote to state.json at 12:00, after that was seen" in judged.facts[0]


EARLIER = Span(TAKEN - MINUTES, TAKEN + MINUTES)


@pytest.mark.parametrize("clocks", [None, (EARLIER,), (Span(TAKEN - 9 * HOURS, TAKEN - 8 * HOURS), EARLIER)])
def test_a_lock_from_before_a_step_of_the_clock_is_not_dated(
    clocks: tuple[Span, ...] | None,
) -> None:
    boot = judge(on_host(facts(), booted=NOON - 30 * MINUTES, earlier_clocks=clocks))
    assert boot.verdict == "quiet"
    assert "so that proves nothing" in facts_of(boot)
    start = judge(on_host(facts(STRANGER), earlier_clocks=clocks))
    assert start.verdict == "quiet"
    assert "so that proves nothing" in facts_of(start)


def test_a_lock_that_no_earlier_clock_of_this_boot_can_have_stamped_is_dated() -> None:
    clocks = (Span(TAKEN - 9 * HOURS, TAKEN - 8 * HOURS),)
    assert judge(on_host(facts(), booted=NOON - 30 * MINUTES, earlier_clocks=clocks)).verdict == "orphaned"
    assert judge(on_host(facts(STRANGER), earlier_clocks=clocks)).verdict == "orphaned"


@pytest.mark.parametrize(("ticks", "verdict"), [(500, "quiet"), (501, "orphaned")])
@pytest.mark.parametrize("started", [NOON - 3 * HOURS, NOON - 10 * MINUTES, None])
def test_recorded_ticks_are_compared_independently_of_the_clock(
    ticks: int, verdict: str, started: datetime | None
) -> None:
    process = replace(GATEWAY, started=started, start_ticks=ticks)
    judged = judge(on_host(facts(process, lock=lock(startTicks=500))))
    assert judged.verdict == verdict


@pytest.mark.parametrize(("boot", "verdict"), [("b1", "quiet"), ("b2", "orphaned")])
def test_a_recorded_boot_is_compared_independently_of_the_clock(boot: str, verdict: str) -> None:
    judged = judge(on_host(facts(lock=lock(bootId="b1")), boot_id=boot, booted=NOON - MINUTES))
    assert judged.verdict == verdict


# One field that is not understood


def odd(*missing: str, **changes: object) -> Reading[RepositoryLock]:
    whole = {
        **SMALLEST[RepositoryLock],
        "pid": 4121,
        "hostname": HERE,
        "acquiredAt": at(TAKEN),
        "sessionId": "cron:ours",
    }
    document = {name: value for name, value in (whole | changes).items() if name not in missing}
    return good(parse_document(json.dumps(document).encode(), RepositoryLock), "locks/x.lock")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lockType", "branch"),
        ("lockType", None),
        ("repoUrl", "?"),
        ("repoKey", 5),
        ("automationId", []),
        ("sessionId", {}),
    ],
)
def test_a_lock_with_one_field_that_is_not_understood_is_judged_by_the_others(field: str, value: object) -> None:
    reading = odd(**{field: value})
    assert judge(facts(lock=reading, signs=sign(MINUTES))).verdict == "live"
    assert judge(facts(lock=reading)).verdict == "quiet"
    gone = judge(facts(None, lock=reading))
    assert gone.verdict == "orphaned"
    assert gone.facts[-1].startswith(f"not understood: {field} must be ")


def test_a_lock_without_a_pid_or_a_host_is_judged_by_its_session() -> None:
    for reading in (odd(pid="4121"), odd("hostname")):
        assert judge(facts(None, lock=reading)).verdict == "foreign"
        ended = state(status="failed", lastUpdate=at(TAKEN + 5 * MINUTES))
        assert judge(facts(None, lock=reading, workspace=ended)).verdict == "orphaned"
    assert judge(facts(lock=odd(pid=-1), signs=sign(MINUTES))).verdict == "live"
    assert judge(facts(lock=odd("hostname"), signs=sign(MINUTES))).verdict == "live"


def test_a_lock_of_unknown_age_never_expires_and_is_not_older_than_its_holder() -> None:
    reading = odd(acquiredAt="yesterday")
    assert judge(facts(lock=reading)).verdict == "quiet"
    assert judge(rebooted(facts(lock=reading), NOON - MINUTES)).verdict == "quiet"
    judged = judge(facts(None, lock=reading))
    assert (judged.verdict, judged.expired) == ("orphaned", False)
    ended = state(status="failed", lastUpdate=at(TAKEN + 5 * MINUTES))
    assert judge(facts(lock=reading, workspace=ended)).verdict == "quiet"


def test_a_lock_with_two_such_fields_is_invalid_unless_its_run_shows_life() -> None:
    reading = odd(lockType="branch", repoUrl="?")
    judged = judge(facts(None, lock=reading))
    assert judged.verdict == "invalid"
    assert judged.facts[0].startswith("not a readable lock: repoUrl must be a repository address")
    assert judge(facts(lock=reading, signs=sign(MINUTES))).verdict == "live"


def test_a_container_on_this_host_may_have_the_holder() -> None:
    inner = Process(90210, "node gateway.js", NOON - 2 * HOURS)
    judged = judge(on_host(facts(None), namesake=inner))
    assert judged.verdict == "quiet"
    assert "which is pid 90210 (node gateway.js) out here: that may be the holder" in facts_of(judged)
    younger = replace(inner, started=NOON - 30 * MINUTES)
    assert judge(on_host(facts(None), namesake=younger)).verdict == "orphaned"


# The session


@pytest.mark.parametrize("status", sorted(ENDED | {"FAILED"}))
@pytest.mark.parametrize("hostname", [HERE, "gateway-2"])
def test_an_ended_session_orphans_its_lock_on_any_host(status: str, hostname: str) -> None:
    ended = state(status=status, lastUpdate=at(TAKEN + 5 * MINUTES))
    judged = judge(facts(lock=lock(hostname=hostname), workspace=ended))
    assert judged.verdict == "orphaned"
    assert judged.facts[0] == f"its session has ended: state.json of 11:05 says “{status}”"


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "paused"},
        {"status": "failed", "lastUpdate": at(TAKEN - timedelta(milliseconds=1))},
        {"status": "failed", "session": "cron:earlier", "lastUpdate": at(TAKEN + 5 * MINUTES)},
        {"session": "cron:earlier", "startTime": at(TAKEN - HOURS), "lastUpdate": at(TAKEN - 5 * MINUTES)},
        {"status": "failed", "session": "cron:earlier", "startTime": at(TAKEN - HOURS), "lastUpdate": at(NOON)},
    ],
)
def test_the_documents_of_an_earlier_run_orphan_nothing(changes: dict[str, str]) -> None:
    workspace = state(**({"lastUpdate": at(TAKEN + 5 * MINUTES)} | changes))
    assert judge(facts(workspace=workspace)).verdict == "quiet"


def test_another_session_that_has_the_workspace_orphans_the_lock() -> None:
    theirs = {"session": "cron:theirs", "lastUpdate": at(TAKEN + 30 * MINUTES)}
    began_since = state(status="completed", startTime=at(TAKEN + 20 * MINUTES), **theirs)
    goes_on = state(startTime=at(TAKEN - HOURS), **theirs)
    for workspace in (began_since, goes_on):
        judged = judge(facts(workspace=workspace))
        assert judged.verdict == "orphaned"
        assert judged.facts[0] == "another session, cron:theirs, has the workspace: state.json of 11:30"


def test_a_workspace_that_another_session_made_since_orphans_the_lock() -> None:
    info = read(WorkspaceInfo, sessionId="cron:theirs", created=at(TAKEN + 20 * MINUTES))
    judged = judge(facts(workspace=Workspace("a", info=good(info))))
    assert judged.verdict == "orphaned"
    assert "cron:theirs, made the workspace 11:20" in facts_of(judged)
    earlier = info.changed(created=TAKEN - MINUTES)
    assert judge(facts(workspace=Workspace("a", info=good(earlier)))).verdict == "quiet"


def test_a_session_with_activity_after_its_end_is_not_orphaned() -> None:
    ended = state(status="failed", lastUpdate=at(TAKEN + 5 * MINUTES))
    theirs = state(session="cron:theirs", startTime=at(TAKEN + 5 * MINUTES), lastUpdate=at(NOON))
    for workspace in (ended, theirs):
        assert judge(facts(workspace=workspace, signs=sign(MINUTES))).verdict == "live"
        assert judge(facts(workspace=workspace, signs=sign(55 * MINUTES))).verdict == "orphaned"


@pytest.mark.parametrize(("slot", "known"), [(made(Slot, SLOT), True), (None, False)])
def test_a_session_that_may_hold_a_slot_is_not_orphaned(slot: Slot | None, known: bool) -> None:
    ended = state(status="failed", lastUpdate=at(TAKEN + 5 * MINUTES))
    judged = judge(facts(workspace=ended, slot=slot, slots_known=known))
    assert judged.verdict == "quiet"
    assert ("its session holds slot 1" if slot else "who holds a slot is not known") in facts_of(judged)


@pytest.mark.parametrize(("written", "verdict"), [(TAKEN + MINUTES, "orphaned"), (TAKEN - MINUTES, "quiet")])
def test_a_state_without_a_time_is_as_old_as_its_file(written: datetime, verdict: str) -> None:
    stamp = Stamp(1, 2, 3, int(written.timestamp()) * 10**9)
    reading = replace(good(read(RuntimeState, sessionId="cron:ours", status="failed")), stamp=stamp)
    assert judge(facts(workspace=Workspace("a", state=reading))).verdict == verdict


def test_an_unreadable_state_is_a_fact_without_effect_on_the_verdict() -> None:
    broken = Workspace("a", state=Reading("x", None, Problem("x", "is empty"), None))
    judged = judge(facts(workspace=broken))
    assert judged.verdict == "quiet"
    assert "the state of its run is not known: state.json is empty" in judged.facts


# Life and silence


@pytest.mark.parametrize(
    ("ago", "verdict"),
    [
        (timedelta(0), "live"),
        (15 * MINUTES, "live"),
        (15 * MINUTES + timedelta(seconds=1), "quiet"),
        (timedelta(seconds=-3), "live"),
    ],
)
def test_a_run_is_live_within_the_quiet_time(ago: timedelta, verdict: str) -> None:
    judged = judge(facts(signs=sign(ago)))
    assert judged.verdict == verdict
    assert judged.last_sign == NOON - ago
    assert "pid 4121 (node gateway.js) is there; it started 09:00, before the lock was taken 11:00" in judged.facts


def test_the_latest_sign_counts_wherever_it_is() -> None:
    signs = (
        *sign(40 * MINUTES),
        SignOfLife("progress.json", NOON - 3 * MINUTES),
        SignOfLife("x.jsonl", NOON - 20 * MINUTES),
    )
    judged = judge(facts(signs=signs))
    assert judged.verdict == "live"
    assert "last sign of life 3m ago, at 11:57, in progress.json" in judged.facts


def test_a_silent_run_is_reported_as_silent() -> None:
    judged = judge(facts(signs=sign(20 * MINUTES)))
    assert judged.verdict == "quiet"
    assert "last sign of life 20m ago, at 11:40, in state.json: silent for longer than 15m" in judged.facts
    assert "no sign of life since the lock was taken" in judge(facts()).facts


def test_a_young_lock_is_live_before_its_run_shows_life() -> None:
    young = lock(acquiredAt=at(NOON - 14 * MINUTES))
    judged = judge(facts(lock=young))
    assert judged.verdict == "live"
    assert "no sign of life yet; the lock is 14m old, not older than 15m" in judged.facts


def test_the_quiet_time_is_the_operators() -> None:
    patient = facts(signs=sign(20 * MINUTES), quiet_after=30 * MINUTES)
    assert judge(patient).verdict == "live"
    assert judge(replace(patient, quiet_after=10 * MINUTES)).verdict == "quiet"


def test_signs_from_before_the_lock_was_taken_are_of_another_run() -> None:
    young = lock(acquiredAt=at(NOON - 16 * MINUTES))
    judged = judge(facts(lock=young, signs=sign(17 * MINUTES), quiet_after=16 * MINUTES - timedelta(seconds=1)))
    assert judged.verdict == "quiet"
    assert judged.last_sign is None


def test_a_sign_from_far_ahead_counts_for_nothing() -> None:
    judged = judge(facts(signs=sign(-16 * MINUTES)))
    assert judged.verdict == "quiet"
    assert "state.json bears the time 12:16, which is yet to come: it counts for nothing" in judged.facts


@pytest.mark.parametrize(("ahead", "verdict"), [(10 * MINUTES, "live"), (16 * MINUTES, "quiet")])
def test_a_lock_from_the_future_is_reported_and_never_certain(ahead: timedelta, verdict: str) -> None:
    early = facts(lock=lock(acquiredAt=at(NOON + ahead)))
    judged = judge(early)
    assert judged.verdict == verdict
    assert "from now: the clocks do not agree" in facts_of(judged)
    assert not judged.expired


def test_a_lock_of_lock_run_is_live_for_as_long_as_its_process_is_there() -> None:
    held = lock(automationId=LOCK_RUN_ID)
    judged = judge(facts(lock=held))
    assert judged.verdict == "live"
    assert not any("sign of life" in fact or "slot" in fact for fact in judged.facts)
    assert judge(facts(None, lock=held)).verdict == "orphaned"
    assert judge(facts(STRANGER, lock=held)).verdict == "orphaned"


# Another host, no lock at all, and expiry


@pytest.mark.parametrize(
    ("hostname", "expected"),
    [
        ("gateway-2", "pid 4121 on gateway-2 holds it, and this is gateway-host"),
        ("gateway-host.local", "perhaps the same host, but who can tell"),
        ("GATEWAY-HOST", "perhaps the same host, but who can tell"),
        ("", "pid 4121 on a host without a name holds it"),
    ],
)
@pytest.mark.parametrize("process", [GATEWAY, STRANGER, None])
def test_a_lock_of_another_host_is_foreign(hostname: str, expected: str, process: Process | None) -> None:
    judged = judge(facts(process, lock=lock(hostname=hostname), signs=sign(1 * MINUTES)))
    assert judged.verdict == "foreign"
    assert expected in judged.facts[0]


def test_an_unreadable_lock_is_invalid_with_a_reason() -> None:
    reading: Reading[RepositoryLock] = Reading("locks/x.lock", None, Problem("locks/x.lock", "is empty"), None)
    assert judge(facts(lock=reading)) == LockJudgement("invalid", False, ("not a readable lock: is empty",))


@pytest.mark.parametrize("process", [GATEWAY, None])
def test_expiry_does_not_change_the_verdict(process: Process | None) -> None:
    fresh = facts(process)
    assert not judge(fresh).expired
    old = replace(fresh, timeout=HOURS - timedelta(milliseconds=1))
    assert judge(old).expired
    assert judge(old).verdict == judge(fresh).verdict
    assert "expired: 1h00m old, and the gateway takes locks back after 59m" in judge(old).facts


# The facts as text


def test_times_are_shown_in_the_zone_of_the_reader_with_the_day_unless_it_is_today() -> None:
    tokyo = timezone(9 * HOURS)
    judged = judge(facts(STRANGER, now=NOON.astimezone(tokyo)))
    assert "started 20:50, after the lock was taken 20:00" in facts_of(judged)
    yesterday = facts(lock=lock(acquiredAt=at(NOON - 24 * HOURS)), process=None)
    assert "this host started" not in facts_of(judge(yesterday))
    since = judge(rebooted(yesterday, NOON - 2 * HOURS))
    assert "this host started 10:00, after the lock was taken 2025-01-25 12:00" in since.facts


def test_the_deciding_fact_comes_first() -> None:
    judged = judge(rebooted(facts(), NOON - 30 * MINUTES))
    assert judged.facts[0].startswith("this host started")
    assert judged.facts[1].startswith("pid 4121")


def test_hostile_text_in_a_lock_reaches_no_terminal() -> None:
    judged = judge(facts(lock=lock(hostname="\x1b[2Jevil\nhost")))
    assert all(fact == clean(fact) for fact in judged.facts)
    assert "evil" in judged.facts[0]


# Whatever the facts are

instants = st.datetimes(datetime(2024, 12, 1), datetime(2025, 3, 1)).map(lambda naive: naive.replace(tzinfo=UTC))
processes = st.none() | st.builds(Process, st.just(4121), st.none() | st.text(), st.none() | instants, st.booleans())
signs = st.lists(st.builds(SignOfLife, st.sampled_from(["state.json", "x.jsonl"]), instants), max_size=3).map(tuple)
hosts = st.builds(
    Host,
    st.sampled_from([HERE, "elsewhere"]),
    processes,
    st.none() | instants,
    st.none() | st.just(()) | st.just((EARLIER,)),
    st.none() | st.just("it is hidden"),
    st.none() | st.just("nfs4"),
    processes,
)
states = st.builds(
    lambda session, status, start, last: state(session, status, startTime=at(start), lastUpdate=at(last)),
    st.sampled_from(["cron:ours", "cron:theirs"]),
    st.sampled_from(["running", "failed", "odd"]),
    instants,
    instants,
)
any_facts = st.builds(
    lambda taken, host, workspace, slot, known, signs: facts(
        lock=lock(acquiredAt=at(taken)), host=host, workspace=workspace, slot=slot, slots_known=known, signs=signs
    ),
    instants,
    hosts,
    st.none() | states,
    st.none() | st.just(made(Slot, SLOT)),
    st.booleans(),
    signs,
)


@given(any_facts)
def test_there_is_always_a_verdict_with_harmless_facts(given: Evidence) -> None:
    judged = judge(given)
    assert judged.verdict in MEANING
    assert judged.facts
    assert all(fact and fact == clean(fact) for fact in judged.facts)


def _without_state(given: Evidence) -> Evidence:
    return replace(given, workspace=None)


def _elsewhere(given: Evidence) -> Evidence:
    return on_host(given, name="elsewhere")


def _unreadable_process(given: Evidence) -> Evidence:
    return on_host(given, process=Process(4121, None, None), booted=None)


@pytest.mark.parametrize("less_certain", [_elsewhere, _unreadable_process])
@given(given=any_facts)
def test_a_pid_that_cannot_be_looked_at_orphans_nothing(
    less_certain: Callable[[Evidence], Evidence], given: Evidence
) -> None:
    assert judge(less_certain(_without_state(given))).verdict != "orphaned"


@given(any_facts)
def test_a_session_with_a_slot_is_orphaned_only_by_its_pid_or_the_boot(given: Evidence) -> None:
    held = replace(given, slot=made(Slot, SLOT))
    assert judge(held).verdict == judge(_without_state(held)).verdict


@given(any_facts)
def test_nothing_is_orphaned_by_its_pid_where_processes_are_hidden(given: Evidence) -> None:
    blind = on_host(_without_state(given), hidden="they are hidden", booted=None)
    assert judge(blind).verdict != "orphaned"


def test_without_a_known_timeout_no_lock_expires_and_that_is_a_fact() -> None:
    judged = judge(facts(timeout=None, now=NOON + 9000 * HOURS))
    assert not judged.expired
    assert any("whether it has expired is not known" in fact for fact in judged.facts)
