from __future__ import annotations

import os
import stat
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import json5
import pyjson5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.fs.atomic import ABSENT
from clawtui.files.json5.dialect import JSON5
from clawtui.files.json5.diff import same
from clawtui.files.json5.serialize import render
from clawtui.model.documents.automation import AutomationConfig, RunResult, Schedule
from clawtui.model.errors import Changed, Invalid, NoSuch, Refused
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.storage import documents
from tests.storage.json5_texts import Person, persons
from tests.storage.processes import together

LATER = NOON + timedelta(hours=2)
SYNC = "config/smart-sync-fork/sync-main.json"
RESULT = RunResult(timestamp=NOON, status="failed", duration=1500, summary="it's over")

BY_HAND = """\
// My fork, every two hours. Ask Sam before you change this.
{
  id: 'sync-main', type: "smart-sync-fork",
  name: 'Sync Main',   // shown in the dashboard
  enabled : true /* since March */,
  schedule: { type: 'interval', value: '2h' },
  config: {
    forkRepoUrl: 'git@github.com:user/main.git',
    threshold: +90, // per cent
  },
  owner: { team: 'tools', pager: null },
  runHistory: [],
  created: '2025-01-20T10:00:00Z',
  modified: '2025-01-26T08:00:00+00:00',
}
"""


@pytest.fixture
def store(gateway: GatewayRoot) -> AutomationConfigStore:
    return AutomationConfigStore(StatePaths(gateway.root))


@pytest.fixture
def by_hand(gateway: GatewayRoot) -> Path:
    return gateway.write(SYNC, BY_HAND)


def config(id: str = "new-one", type: str = "smart-sync-fork", **changes: object) -> AutomationConfig:
    given = AutomationConfig(
        id="new-one",
        type=type,
        name="New",
        schedule=Schedule(type="interval", value="2h"),
        config={},
        run_history=(),
        created=NOON,
        modified=NOON,
    )
    return given.changed(id=id, **changes)


def read_config(store: AutomationConfigStore, id: str) -> AutomationConfig:
    automation = store.get(id)
    assert automation is not None
    assert automation.config.value is not None
    return automation.config.value


def test_all_automations_are_listed_by_type_and_id(gateway: GatewayRoot, store: AutomationConfigStore) -> None:
    assert store.list_automations() == ()
    gateway.automation("b", type="z")
    gateway.automation("a", type="z")
    gateway.automation("c", type="y")
    gateway.dispatcher()
    gateway.slots()
    gateway.write("config/y/c.json.12.34.tmp", "{")
    gateway.write("config/y/c.json.2025.bak", "{")
    gateway.automation("hidden", type="odd.json")
    listed = store.list_automations()
    assert [(automation.type, automation.id) for automation in listed] == [("y", "c"), ("z", "a"), ("z", "b")]
    assert listed[0].config.path == "config/y/c.json"
    assert store.problems() == ()


def test_an_invalid_file_is_a_problem_and_hides_no_other(gateway: GatewayRoot, store: AutomationConfigStore) -> None:
    gateway.automation("good")
    gateway.write("config/smart-sync-fork/half.json", "{\n  id: 'half',")
    gateway.automation("long", schedule={"type": "interval"})
    (gateway.automations / "config/smart-sync-fork/link.json").symlink_to("good.json")
    (gateway.automations / "config/linked").symlink_to("smart-sync-fork")
    listed = {automation.id: automation.config.problem for automation in store.list_automations()}
    assert listed.keys() == {"good", "half", "long", "link"}
    assert listed["good"] is listed["long"] is None
    long = store.get("long")
    assert long is not None
    assert [fault.message for fault in long.config.faults] == ["schedule.value is missing"]
    messages = {problem.path.removeprefix("config/"): problem.message for problem in store.problems()}
    assert messages == {
        "smart-sync-fork/half.json": "is not JSON5: the object that begins at line 1, column 1 is not complete",
        "smart-sync-fork/link.json": "is a symbolic link to good.json: that is read under its own name",
        "linked": "is a symbolic link to smart-sync-fork: that is read under its own name",
    }


def test_an_automation_is_found_by_its_files_name(store: AutomationConfigStore, by_hand: Path) -> None:
    automation = store.get("sync-main")
    assert automation is not None
    assert (automation.type, automation.id, automation.name) == ("smart-sync-fork", "sync-main", "Sync Main")
    assert automation.config.stamp is not None
    assert automation.config.stamp.inode == by_hand.stat().st_ino
    assert store.get("none") is None


def test_a_new_automation_is_written_as_the_gateway_would(gateway: GatewayRoot, store: AutomationConfigStore) -> None:
    saved = store.save(config(description=None, next_run=LATER), LATER)
    path = gateway.automations / "config/smart-sync-fork/new-one.json"
    written = {
        "id": "new-one",
        "type": "smart-sync-fork",
        "name": "New",
        "schedule": {"type": "interval", "value": "2h"},
        "config": {},
        "nextRun": "2025-01-26T14:00:00.000Z",
        "runHistory": [],
        "created": "2025-01-26T12:00:00.000Z",
        "modified": "2025-01-26T14:00:00.000Z",
    }
    assert path.read_text() == render(written, JSON5)
    assert json5.loads(path.read_text()) == written
    assert store.get("new-one") == saved
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_saving_changes_the_values_concerned_and_not_another_byte(store: AutomationConfigStore, by_hand: Path) -> None:
    before = read_config(store, "sync-main")
    schedule = before.schedule.changed(value="3h")
    saved = store.save(before.changed(schedule=schedule, name="It's mine"), NOON)
    assert by_hand.read_text() == BY_HAND.replace("'2h'", "'3h'").replace("'Sync Main'", '"It\'s mine"').replace(
        "2025-01-26T08:00:00+00:00", "2025-01-26T12:00:00.000Z"
    )
    assert store.get("sync-main") == saved


def test_unknown_keys_survive_in_a_new_configuration(store: AutomationConfigStore, by_hand: Path) -> None:
    store.save(config("sync-main"), NOON)
    written = pyjson5.decode(by_hand.read_text())
    assert written["owner"] == {"team": "tools", "pager": None}
    assert written["config"] == {}
    assert by_hand.read_text().startswith("// My fork, every two hours.")
    assert "enabled" not in written


def test_enabling_and_disabling_changes_two_values(store: AutomationConfigStore, by_hand: Path) -> None:
    disabled = store.set_enabled("sync-main", False, NOON)
    changed = BY_HAND.replace("enabled : true", "enabled : false")
    assert by_hand.read_text() == changed.replace("2025-01-26T08:00:00+00:00", iso(NOON))
    assert store.get("sync-main") == disabled
    assert not read_config(store, "sync-main").enabled
    store.set_enabled("sync-main", True, LATER)
    assert by_hand.read_text() == BY_HAND.replace("2025-01-26T08:00:00+00:00", iso(LATER))


def test_enabling_an_enabled_automation_writes_nothing(store: AutomationConfigStore, by_hand: Path) -> None:
    before = by_hand.stat()
    assert store.set_enabled("sync-main", True, NOON) == store.get("sync-main")
    assert by_hand.stat() == before
    assert by_hand.read_text() == BY_HAND


def test_a_run_is_recorded_without_touching_anything_else(store: AutomationConfigStore, by_hand: Path) -> None:
    store.update_last_run("sync-main", RESULT, LATER, next_run=LATER + timedelta(hours=2))
    assert by_hand.read_text() == BY_HAND.replace(
        "  runHistory: [],\n",
        """\
  runHistory: [
    {
      timestamp: '2025-01-26T12:00:00.000Z',
      status: 'failed',
      duration: 1500,
      summary: "it's over",
    },
  ],
""",
    ).replace(
        "  modified: '2025-01-26T08:00:00+00:00',\n",
        """\
  modified: '2025-01-26T14:00:00.000Z',
  lastRun: {
    timestamp: '2025-01-26T12:00:00.000Z',
    status: 'failed',
    duration: 1500,
    summary: "it's over",
  },
  nextRun: '2025-01-26T16:00:00.000Z',
""",
    )
    assert read_config(store, "sync-main").latest_run == RESULT


def test_the_history_keeps_the_newest_hundred_and_moves_no_other_byte(
    gateway: GatewayRoot, store: AutomationConfigStore
) -> None:
    gateway.automation("a")
    for number in range(102):
        result = RESULT.changed(timestamp=NOON + timedelta(minutes=number), duration=number)
        before = (gateway.automations / "config/smart-sync-fork/a.json").read_text()
        store.update_last_run("a", result, NOON, next_run=None)
    durations = [run.duration for run in read_config(store, "a").run_history]
    assert durations == list(range(101, 1, -1))
    after = (gateway.automations / "config/smart-sync-fork/a.json").read_text()
    kept = before[before.index("runHistory: [\n") + len("runHistory: [\n") : before.index("      duration: 2,")]
    assert kept in after


@given(documents.automations, persons(), st.booleans())
def test_a_run_can_be_recorded_in_any_commented_file(fields: documents.Fields, person: Person, enabled: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        gateway = GatewayRoot(Path(name))
        path = gateway.write(f"config/any/{fields['id']}.json", person.write(fields))
        store = AutomationConfigStore(StatePaths(gateway.root))
        store.update_last_run(str(fields["id"]), RESULT, NOON)
        store.set_enabled(str(fields["id"]), enabled, NOON)
        text = path.read_bytes().decode()
        run = {"timestamp": iso(NOON), "status": "failed", "duration": 1500, "summary": "it's over"}
        written = pyjson5.decode(text)
        assert same(written["runHistory"][1:], pyjson5.decode(person.text)["runHistory"])
        assert written["lastRun"] | run == written["lastRun"]
        assert written["runHistory"][0] == run
        assert written.get("enabled", True) == enabled
        changed = {"lastRun", "runHistory", "enabled", "modified"}
        assert {key: value for key, value in written.items() if key not in changed} == {
            key: value for key, value in pyjson5.decode(person.text).items() if key not in changed
        }
        assert all(comment in text for comment in person.comments if not _lies_in(person, comment, "lastRun"))
        assert not list(path.parent.glob("*.bak"))


def _lies_in(person: Person, comment: str, key: str) -> bool:
    start, end = person.spans.get((key,), (0, 0))
    return start <= person.text.index(comment) < end


def test_of_two_savers_the_second_is_refused(store: AutomationConfigStore, by_hand: Path) -> None:
    automation = store.get("sync-main")
    assert automation is not None
    stamp = automation.config.stamp
    assert stamp is not None
    store.set_enabled("sync-main", False, NOON)
    text = by_hand.read_text()
    for expected in (stamp, ABSENT):
        with pytest.raises(Changed):
            store.save(config("sync-main"), NOON, expected)
    with pytest.raises(Changed):
        store.delete("sync-main", stamp)
    assert by_hand.read_text() == text


def test_nothing_is_lost_among_processes_that_record_runs(store: AutomationConfigStore, by_hand: Path) -> None:
    def record(worker: int) -> None:
        for number in range(10):
            store.update_last_run("sync-main", RESULT.changed(duration=worker * 100 + number), NOON)

    assert together(*[lambda worker=worker: record(worker) for worker in range(4)]) == [0] * 4
    durations = {run.duration for run in read_config(store, "sync-main").run_history}
    assert durations == {worker * 100 + number for worker in range(4) for number in range(10)}


def test_an_automation_is_deleted_once(store: AutomationConfigStore, by_hand: Path) -> None:
    store.delete("sync-main")
    assert not by_hand.exists()
    for act in (lambda: store.delete("sync-main"), lambda: store.set_enabled("sync-main", True, NOON)):
        with pytest.raises(NoSuch, match="there is no automation “sync-main”"):
            act()
    with pytest.raises(NoSuch):
        store.update_last_run("sync-main", RESULT, NOON)


def test_only_the_expected_version_is_deleted(store: AutomationConfigStore, by_hand: Path) -> None:
    automation = store.get("sync-main")
    assert automation is not None
    assert automation.config.stamp is not None
    store.delete("sync-main", automation.config.stamp)
    assert list(by_hand.parent.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "a/b", "..", ".", "", "x\0", "x" * 300])
def test_names_that_would_leave_their_place_are_refused(
    gateway: GatewayRoot, store: AutomationConfigStore, name: str
) -> None:
    gateway.write("x.json", "{}")
    with pytest.raises(Refused):
        store.save(config(type=name), NOON)
    with pytest.raises(Refused):
        store.save(config(name), NOON)
    for act in (store.get, store.delete):
        with pytest.raises(Refused):
            act(name)
    with pytest.raises(Refused):
        store.set_enabled(name, True, NOON)
    assert [path.name for path in gateway.automations.rglob("*")] == ["x.json"]


def test_a_type_that_the_gateway_would_pass_over_is_refused(store: AutomationConfigStore) -> None:
    with pytest.raises(Refused, match="cannot be a type"):
        store.save(config(type="odd.json"), NOON)


def test_an_id_is_used_once_over_all_types(store: AutomationConfigStore, by_hand: Path) -> None:
    with pytest.raises(Refused, match="is an automation already, in config/smart-sync-fork/sync-main"):
        store.save(config("sync-main", type="other"), NOON)
    assert len(store.list_automations()) == 1


def test_nothing_is_written_through_a_linked_type(
    gateway: GatewayRoot, store: AutomationConfigStore, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (gateway.automations / "config").mkdir()
    (gateway.automations / "config/linked").symlink_to(outside)
    with pytest.raises(Refused, match="symbolic link"):
        store.save(config(type="linked"), NOON)
    assert list(outside.iterdir()) == []


def test_an_invalid_configuration_is_not_written(
    gateway: GatewayRoot, store: AutomationConfigStore, by_hand: Path
) -> None:
    for bad in (config("UPPER"), config(name=""), config(name="x" * 101), config(run_history=(RESULT,) * 101)):
        with pytest.raises(Invalid):
            store.save(bad, NOON)
    assert [automation.id for automation in store.list_automations()] == ["sync-main"]


def test_a_field_that_was_not_understood_survives_a_change_of_another(
    gateway: GatewayRoot, store: AutomationConfigStore
) -> None:
    spoiled = BY_HAND.replace("'interval'", "'never'")
    path = gateway.write(SYNC, spoiled)
    changed = store.set_enabled("sync-main", False, NOON).config
    assert [fault.place for fault in changed.faults] == ["schedule.type"]
    expected = spoiled.replace("enabled : true", "enabled : false")
    assert path.read_text().splitlines()[:-3] == expected.splitlines()[:-3]
    config = changed.value
    assert config is not None
    with pytest.raises(Invalid, match="name must not be empty"):
        store.save(config.changed(name=""), NOON)
    with pytest.raises(Invalid, match=r"schedule\.type"):
        store.save(config.changed(schedule=config.schedule.changed(type="hourly", value="2h")), NOON)


def test_a_list_with_an_entry_that_was_not_understood_is_not_written_without_it(
    gateway: GatewayRoot, store: AutomationConfigStore
) -> None:
    path = gateway.automation("sync-main", runHistory=[{"timestamp": "yesterday", "status": "success"}])
    before = path.read_text()
    with pytest.raises(Invalid, match="runHistory has an entry that is not understood"):
        store.update_last_run("sync-main", RESULT, NOON)
    assert path.read_text() == before
    assert store.set_enabled("sync-main", False, NOON).config.value is not None
    assert "timestamp: 'yesterday'," in path.read_text()


def test_the_root_may_appear_later_and_be_a_link(tmp_path: Path) -> None:
    store = AutomationConfigStore(StatePaths(tmp_path / "link"))
    assert store.list_automations() == ()
    assert store.get("a") is None
    GatewayRoot(tmp_path / "state").automation("a")
    (tmp_path / "link").symlink_to(tmp_path / "state")
    assert [automation.id for automation in store.list_automations()] == ["a"]
    store.set_enabled("a", False, NOON)
    assert not read_config(store, "a").enabled


def test_modes_are_private_under_any_umask(gateway: GatewayRoot, store: AutomationConfigStore) -> None:
    before = os.umask(0)
    try:
        store.save(config(), NOON)
        store.update_last_run("new-one", RESULT, NOON)
    finally:
        os.umask(before)
    path = gateway.automations / "config/smart-sync-fork/new-one.json"
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_time_is_written_as_the_gateway_writes_it(gateway: GatewayRoot, store: AutomationConfigStore) -> None:
    store.save(config(created=datetime.fromisoformat("2025-01-26T12:00:00.123456+02:00")), LATER)
    written = pyjson5.decode((gateway.automations / "config/smart-sync-fork/new-one.json").read_text())
    assert (written["created"], written["modified"]) == ("2025-01-26T10:00:00.123Z", "2025-01-26T14:00:00.000Z")
