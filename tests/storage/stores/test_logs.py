"""Writing, listing, reading and removing logs."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.checked.reading import made
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry
from clawtui.model.errors import Refused, Unreadable
from clawtui.model.paths import day_log_name, run_log_name
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.logs import AutomationLogManager
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

TYPE = "smart-sync-fork"
RUN = "sync-main-2025-01-26-12-00-00.jsonl"


@pytest.fixture
def manager(gateway: GatewayRoot) -> AutomationLogManager:
    return AutomationLogManager(StatePaths(gateway.root))


def entry(message: str, id: str = "sync-main", at: datetime = NOON) -> RunLogEntry:
    return RunLogEntry(timestamp=at, level="info", phase="git", message=message, automation_id=id)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Writing


def test_an_entry_is_written_as_the_gateway_writes_it(manager: AutomationLogManager, gateway: GatewayRoot) -> None:
    manager.write_run(TYPE, RUN, entry("Zusammenführung").changed(session_id=None, hunks=3))
    text = (gateway.automations / "logs" / TYPE / RUN).read_text("utf-8")
    assert text == (
        '{"timestamp":"2025-01-26T12:00:00.000Z","level":"info","phase":"git","message":"Zusammenführung",'
        '"automationId":"sync-main","hunks":3}\n'
    )


def test_an_entry_keeps_its_unknown_keys_even_those_without_a_value(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    known = run_entry("sync-main", "Pushing", remote="origin", extra=None)
    manager.write_run(TYPE, RUN, made(RunLogEntry, known))
    assert json.loads((gateway.automations / "logs" / TYPE / RUN).read_text()) == known


def test_a_message_of_several_lines_stays_one_line(manager: AutomationLogManager, gateway: GatewayRoot) -> None:
    manager.write_run(TYPE, RUN, entry("one\ntwo\r\n\u2028three"))
    assert (gateway.automations / "logs" / TYPE / RUN).read_bytes().count(b"\n") == 1
    (line,) = manager.read_days(TYPE, NOON.date(), NOON.date())
    assert line.entry == entry("one\ntwo\r\n\u2028three")


def test_an_entry_of_the_dispatcher_is_written_to_its_day_in_utc(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    at = datetime.fromisoformat("2025-01-27T00:30:00+02:00")
    manager.write_dispatcher(DispatcherLogEntry(timestamp=at, level="info", event="dispatch-started"))
    text = (gateway.automations / "logs/dispatcher/2025-01-26.jsonl").read_text()
    assert text == '{"timestamp":"2025-01-26T22:30:00.000Z","level":"info","event":"dispatch-started"}\n'


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_logs_are_private_under_any_umask(manager: AutomationLogManager, gateway: GatewayRoot, umask: int) -> None:
    before = os.umask(umask)
    try:
        manager.write_run(TYPE, RUN, entry("first"))
        manager.write_run(TYPE, RUN, entry("second"))
    finally:
        os.umask(before)
    assert mode_of(gateway.automations / "logs" / TYPE / RUN) == 0o600
    assert mode_of(gateway.automations / "logs" / TYPE) == 0o700
    assert mode_of(gateway.automations / "logs") == 0o700


def test_a_log_that_the_gateway_left_open_to_all_becomes_its_owners_only(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    path = gateway.append_log(f"logs/{TYPE}/{RUN}", run_entry("sync-main", "theirs"))
    path.chmod(0o644)
    manager.write_run(TYPE, RUN, entry("ours"))
    assert mode_of(path) == 0o600
    assert path.read_text().count("\n") == 2


def test_an_entry_after_a_torn_line_is_a_separate_line(manager: AutomationLogManager, gateway: GatewayRoot) -> None:
    path = gateway.write(f"logs/{TYPE}/{RUN}", '{"timestamp":"2025-01-')
    manager.write_run(TYPE, RUN, entry("after a crash"))
    torn, whole = path.read_text().splitlines()
    assert torn == '{"timestamp":"2025-01-'
    assert json.loads(whole)["message"] == "after a crash"


WRITER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from clawtui.model.documents.log_entry import RunLogEntry
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.paths import StatePaths
manager = AutomationLogManager(StatePaths(Path(sys.argv[1])))
for n in range(200):
    manager.write_run("t", "x-2025-01-26-12-00-00.jsonl", RunLogEntry(
        timestamp=datetime.now(UTC), level="info", phase="git",
        message=f"{n} " + sys.argv[2] * 3000, automation_id=sys.argv[2]))
"""


def test_writers_in_several_processes_never_get_into_each_others_lines(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(gateway.root), name], cwd=Path(__file__).parents[3])
        for name in "abcd"
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    lines = list(manager.read_days("t", NOON.date(), NOON.date()))
    assert [line.fault for line in lines if line.fault] == []
    for name in "abcd":
        messages = [line.entry.message for line in lines if isinstance(line.entry, RunLogEntry)]
        own = [message for message in messages if message.endswith(name)]
        assert own == [f"{n} " + name * 3000 for n in range(200)]


@pytest.mark.parametrize("bad", ["..", ".", "", "a/b", "../x.jsonl", "a\0.jsonl", "x" * 260 + ".jsonl", "x.log"])
def test_names_that_are_no_plain_names_of_logs_are_refused(
    manager: AutomationLogManager, gateway: GatewayRoot, bad: str
) -> None:
    with pytest.raises(Refused):
        manager.write_run(TYPE, bad, entry("x"))
    if not bad.endswith(".log"):
        with pytest.raises(Refused):
            manager.write_run(bad, RUN, entry("x"))
        with pytest.raises(Refused):
            manager.list_logs(bad)
    assert list(gateway.automations.iterdir()) == []


def test_nothing_is_written_through_a_link(manager: AutomationLogManager, gateway: GatewayRoot, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (gateway.automations / "logs").mkdir()
    (gateway.automations / "logs" / TYPE).symlink_to(outside)
    with pytest.raises(Refused, match="link"):
        manager.write_run(TYPE, RUN, entry("x"))
    (gateway.automations / "logs/other").mkdir()
    (gateway.automations / "logs/other" / RUN).symlink_to(outside / "target")
    with pytest.raises(Refused, match="link"):
        manager.write_run("other", RUN, entry("x"))
    assert list(outside.iterdir()) == []


def test_a_pipe_under_a_logs_name_is_refused_and_not_waited_for(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    directory = gateway.automations / "logs" / TYPE
    directory.mkdir(parents=True)
    os.mkfifo(directory / RUN)
    with pytest.raises(Refused, match="regular"):
        manager.write_run(TYPE, RUN, entry("x"))


# Listing


def test_logs_are_listed_by_automation_in_all_three_forms_oldest_first(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    for name in (
        "a-2025-01-26-12-00-00.jsonl",
        "a-20250125-120000.jsonl",
        "a-2025-01-24-12-00-00.jsonl",
        "a-b-2025-01-24-12-00-00.jsonl",
        "2025-01-26.jsonl",
        "2025-01-25.jsonl",
        "notes.jsonl",
        "a-2025-01-26-12-00-00.jsonl.gz",
    ):
        gateway.write(f"logs/{TYPE}/{name}", "")
    (gateway.automations / "logs" / TYPE / "a-2025-01-01-00-00-00.jsonl").mkdir()
    logs = manager.list_logs(TYPE)
    assert {automation_id: [name.file for name in names] for automation_id, names in logs.items()} == {
        "a": ["a-2025-01-24-12-00-00.jsonl", "a-20250125-120000.jsonl", "a-2025-01-26-12-00-00.jsonl"],
        "a-b": ["a-b-2025-01-24-12-00-00.jsonl"],
        None: ["2025-01-25.jsonl", "2025-01-26.jsonl"],
    }


def test_without_logs_none_are_listed(manager: AutomationLogManager) -> None:
    assert manager.list_logs(TYPE) == {}
    assert manager.types() == ()
    assert manager.prune(30, NOON) == ()
    assert manager.recent(TYPE, "a", now=NOON) == ()
    assert list(manager.read_days(TYPE, NOON.date(), NOON.date())) == []


def test_types_are_the_directories_that_hold_logs(
    manager: AutomationLogManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    gateway.write(f"logs/{TYPE}/{RUN}", "")
    gateway.write("logs/dispatcher/2025-01-26.jsonl", "")
    gateway.write("logs/stray.jsonl", "")
    (gateway.automations / "logs/linked").symlink_to(tmp_path)
    assert manager.types() == ("dispatcher", TYPE)


def test_a_directory_that_leads_elsewhere_is_not_listed_but_reported(
    manager: AutomationLogManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    (gateway.automations / "logs").mkdir()
    (gateway.automations / "logs/linked").symlink_to(tmp_path)
    with pytest.raises(Unreadable, match="link"):
        manager.list_logs("linked")


# Reading


def test_a_range_of_days_is_read_oldest_first_from_all_forms(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    for name, message in {
        "2025-01-23.jsonl": "too early",
        "2025-01-24.jsonl": "one",
        "a-2025-01-24-12-00-00.jsonl": "two",
        "b-20250125-000000.jsonl": "three",
        "2025-01-26.jsonl": "too late",
    }.items():
        gateway.append_log(f"logs/{TYPE}/{name}", run_entry("a", message))
    lines = manager.read_days(TYPE, date(2025, 1, 24), date(2025, 1, 25))
    assert [line.entry.message for line in lines if isinstance(line.entry, RunLogEntry)] == ["one", "two", "three"]


def test_the_dispatchers_days_are_read_as_its_entries(manager: AutomationLogManager) -> None:
    written = [
        DispatcherLogEntry(timestamp=NOON + timedelta(days=n), level="info", event=f"event-{n}") for n in range(3)
    ]
    for one in written:
        manager.write_dispatcher(one)
    read = list(manager.read_days("dispatcher", NOON.date(), NOON.date() + timedelta(days=1)))
    assert [line.entry for line in read] == written[:2]


def test_a_malformed_line_is_marked_an_empty_one_left_out_and_an_unfinished_one_waited_for(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    good = json.dumps(run_entry("a", "good"))
    gateway.write(f"logs/{TYPE}/2025-01-26.jsonl", f"{{broken\n\n  \n{good}\n" + good[:30])
    broken, whole = manager.read_days(TYPE, NOON.date(), NOON.date())
    assert (broken.text, broken.entry) == ("{broken", None)
    assert broken.fault
    assert whole.entry is not None


def test_an_unreadable_log_is_a_problem_and_hides_no_other(
    manager: AutomationLogManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    gateway.append_log(f"logs/{TYPE}/2025-01-26.jsonl", run_entry("a", "good"))
    (gateway.automations / "logs" / TYPE / "2025-01-25.jsonl").symlink_to(tmp_path / "elsewhere")
    linked, whole = manager.read_days(TYPE, date(2025, 1, 25), date(2025, 1, 26))
    assert (linked.text, linked.entry) == ("", None)
    assert linked.fault
    assert "2025-01-25.jsonl" in linked.fault
    assert "link" in linked.fault
    assert whole.entry is not None
    (recent, _) = manager.recent(TYPE, "a", now=NOON)
    assert recent == linked


def test_recent_entries_of_one_automation_come_from_all_forms_in_order_of_time(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    at = NOON - timedelta(hours=5)
    gateway.append_log(f"logs/{TYPE}/a-{at:%Y-%m-%d-%H-%M-%S}.jsonl", run_entry("a", "first", at))
    at += timedelta(hours=1)
    gateway.append_log(f"logs/{TYPE}/{at:%Y-%m-%d}.jsonl", run_entry("a", "second", at), run_entry("b", "a", at))
    at += timedelta(hours=1)
    gateway.append_log(f"logs/{TYPE}/a-{at:%Y%m%d-%H%M%S}.jsonl", run_entry("a", "third", at))
    gateway.append_log(f"logs/{TYPE}/a-{at:%Y%m%d}.jsonl", run_entry("a", "no name of a log", at))
    gateway.append_log(f"logs/{TYPE}/b-{at:%Y-%m-%d-%H-%M-%S}.jsonl", run_entry("b", "another's", at))
    at += timedelta(hours=1)
    gateway.append_log(f"logs/{TYPE}/{at:%Y-%m-%d}.jsonl", run_entry("a", "fourth", at))
    messages = [
        line.entry.message for line in manager.recent(TYPE, "a", now=NOON) if isinstance(line.entry, RunLogEntry)
    ]
    assert messages == ["first", "second", "third", "fourth"]


def test_recent_entries_are_the_last_ones_and_not_older_than_seven_days(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    for age in range(10):
        at = NOON - timedelta(days=age)
        gateway.append_log(
            f"logs/{TYPE}/{day_log_name(at)}",
            *(run_entry("a", f"{age} days", at) for _ in range(3)),
            *(run_entry("b", "about another", at) for _ in range(9)),
        )
    recent = manager.recent(TYPE, "a", now=NOON)
    assert len(recent) == 8 * 3
    assert isinstance(recent[0].entry, RunLogEntry)
    assert recent[0].entry.message == "7 days"
    assert len(manager.recent(TYPE, "a", now=NOON, limit=4)) == 4


def test_a_malformed_line_stays_in_its_place_among_the_recent_ones(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    lines = [json.dumps(run_entry("a", "before")), "{broken", json.dumps(run_entry("a", "after"))]
    gateway.write(f"logs/{TYPE}/{run_log_name('a', NOON)}", "\n".join(lines) + "\n")
    assert [line.text for line in manager.recent(TYPE, "a", now=NOON)] == lines


def test_recent_entries_of_the_dispatcher_about_one_automation(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    for n, id in enumerate(["a", "b", "a"]):
        manager.write_dispatcher(DispatcherLogEntry(timestamp=NOON, level="info", event=f"e{n}", automation_id=id))
    found = manager.recent("dispatcher", "a", now=NOON)
    assert [line.entry.event for line in found if isinstance(line.entry, DispatcherLogEntry)] == ["e0", "e2"]


# Retention


def test_retention_covers_all_three_names_and_judges_each_by_its_last_write(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    old, new = NOON - timedelta(days=31), NOON - timedelta(days=29)
    expected = []
    for at, goes in ((old, True), (new, False)):
        for path in (
            f"logs/dispatcher/{at:%Y-%m-%d}.jsonl",
            f"logs/{TYPE}/{at:%Y-%m-%d}.jsonl",
            f"logs/{TYPE}/a-{at:%Y-%m-%d-%H-%M-%S}.jsonl",
            f"logs/{TYPE}/a-{at:%Y%m%d-%H%M%S}.jsonl",
            f"logs/{TYPE}/undated-{goes}.jsonl",
        ):
            file = gateway.write(path, "")
            os.utime(file, (at.timestamp(), at.timestamp()))
            expected += [path] if goes else []
        gateway.write(f"logs/{TYPE}/{at:%Y-%m-%d}.jsonl.gz", "")
        gateway.write(f"logs/{TYPE}/{at:%Y-%m-%d}.log", "")
    everything = {path for path in gateway.automations.rglob("*") if path.is_file()}

    assert manager.prune(30, NOON, dry_run=True) == tuple(sorted(expected))
    assert {path for path in gateway.automations.rglob("*") if path.is_file()} == everything
    assert manager.prune(30, NOON) == tuple(sorted(expected))
    left = {path for path in gateway.automations.rglob("*") if path.is_file()}
    assert everything - left == {gateway.automations / path for path in expected}
    assert manager.prune(30, NOON) == ()


def old_log(gateway: GatewayRoot, name: str, written: datetime) -> str:
    path = f"logs/{TYPE}/{name}"
    os.utime(gateway.write(path, "{}\n"), (written.timestamp(), written.timestamp()))
    return path


DAY = timedelta(days=1)


def test_a_log_is_as_old_as_its_last_write(manager: AutomationLogManager, gateway: GatewayRoot) -> None:
    """A run of 49 hours that was written to seconds ago."""
    started = NOON - timedelta(hours=49)
    kept = [
        old_log(gateway, run_log_name("a", started), NOON - timedelta(seconds=3)),
        old_log(gateway, f"{started:%Y-%m-%d}.jsonl", NOON - timedelta(seconds=3)),
    ]
    copied = old_log(gateway, run_log_name("b", NOON), NOON - 90 * DAY)
    old = old_log(gateway, run_log_name("a", started - timedelta(seconds=1)), NOON - timedelta(hours=25))
    assert manager.prune(1, NOON) == (old,)
    assert all((gateway.automations / path).exists() for path in (*kept, copied))


def test_parts_that_were_rotated_away_go_with_their_log(manager: AutomationLogManager, gateway: GatewayRoot) -> None:
    log, long_ago = run_log_name("a", NOON - 90 * DAY), NOON - 60 * DAY
    old = [old_log(gateway, f"{log}{suffix}", long_ago) for suffix in ("", ".1", ".2.gz", ".gz", "-20241130")]
    kept = [old_log(gateway, f"{log}{suffix}", long_ago) for suffix in (".bak", ".gz.part", "1")]
    kept += [old_log(gateway, f"{run_log_name('a', NOON)}.1", long_ago)]
    assert manager.prune(30, NOON) == tuple(sorted(old))
    assert all((gateway.automations / path).exists() for path in kept)


def lock(gateway: GatewayRoot, at: datetime) -> None:
    gateway.lock("github.com/user/a", "a", acquiredAt=iso(at))


def slot(gateway: GatewayRoot, at: datetime) -> None:
    gateway.slots({"automationId": "a", "sessionId": "s", "acquiredAt": iso(at), "slotNumber": 1})


def state(status: str) -> Callable[[GatewayRoot, datetime], object]:
    return lambda gateway, at: gateway.state("a", status=status, startTime=iso(at), lastUpdate=iso(at))


LIVING: dict[str, Callable[[GatewayRoot, datetime], object]] = {
    "lock": lock,
    "slot": slot,
    **{status: state(status) for status in ("running", "RUNNING", "initializing", "paused")},
    "unreadable": lambda gateway, at: gateway.write("workspaces/a/state.json", "{"),
}


@pytest.mark.parametrize("sign", LIVING)
def test_the_log_of_a_run_that_may_live_stays_however_old_it_is(
    manager: AutomationLogManager, gateway: GatewayRoot, sign: str
) -> None:
    began = NOON - 40 * DAY
    own = old_log(gateway, run_log_name("a", began), began)
    day = old_log(gateway, f"{began:%Y-%m-%d}.jsonl", began)
    others = [
        old_log(gateway, run_log_name("b", began), began),
        old_log(gateway, f"{began - 2 * DAY:%Y-%m-%d}.jsonl", began),
        old_log(gateway, run_log_name("a", began - DAY), began),
    ]
    LIVING[sign](gateway, began)
    removed = set(manager.prune(30, NOON))
    assert removed == set(others[:1] if sign == "unreadable" else others)
    assert (gateway.automations / own).exists() and (gateway.automations / day).exists()


def test_the_old_log_of_an_ended_run_is_removed(manager: AutomationLogManager, gateway: GatewayRoot) -> None:
    began = NOON - 40 * DAY
    own = old_log(gateway, run_log_name("a", began), began)
    state("Completed")(gateway, began)
    assert manager.prune(30, NOON) == (own,)


def test_retention_removes_no_link_no_directory_and_nothing_behind_a_link(
    manager: AutomationLogManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "2020-01-01.jsonl").write_text("theirs")
    logs = gateway.automations / "logs"
    (logs / TYPE / "2020-01-02.jsonl").mkdir(parents=True)
    (logs / TYPE / "2020-01-01.jsonl").symlink_to(outside / "2020-01-01.jsonl")
    (logs / "linked").symlink_to(outside)
    assert manager.prune(30, NOON) == ()
    assert (outside / "2020-01-01.jsonl").read_text() == "theirs"
    assert (logs / TYPE / "2020-01-01.jsonl").is_symlink()


@given(ages=st.lists(st.integers(0, 100), unique=True), days=st.integers(0, 100))
def test_logs_older_than_their_retention_are_removed_and_nothing_else(
    ages: list[int], days: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    gateway = GatewayRoot(tmp_path_factory.mktemp("state"))
    for age in ages:
        written = (NOON - timedelta(days=age)).timestamp()
        os.utime(gateway.write(f"logs/t/{run_log_name('a', NOON - timedelta(days=age))}", ""), (written, written))
    manager = AutomationLogManager(StatePaths(gateway.root))
    removed = manager.prune(days, NOON)
    assert len(removed) == sum(age > days for age in ages)
    kept = manager.list_logs("t").get("a", ())
    assert {(NOON - name.started).days for name in kept} == {age for age in ages if age <= days}


def test_a_time_to_keep_that_makes_no_sense_removes_nothing(
    manager: AutomationLogManager, gateway: GatewayRoot
) -> None:
    gateway.write("logs/dispatcher/2020-01-01.jsonl", "")
    with pytest.raises(Refused, match="-1"):
        manager.prune(-1, NOON)
    assert manager.prune(10**9, NOON) == ()
    assert manager.prune(10**12, NOON) == ()
