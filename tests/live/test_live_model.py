"""A change on the disk is in the next fleet, and everything else is shared with the last one."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from clawtui.model.fleet import Fleet
from tests.gateway_root import GatewayRoot, run_entry
from tests.live.conftest import Watch
from tests.live.watched import EVENTS_ALONE, QUICK, Watched, percentage, replace_elsewhere
from tests.waiting import wait_until

PARTS = ("dispatcher", "concurrency", "automations", "workspaces", "locks", "logs", "tails", "problems")


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    gateway.slots()
    gateway.automation("a-1")
    gateway.automation("a-2")
    gateway.state("a-1")
    gateway.state("a-2")
    gateway.progress("a-1", ("Cloning", 10))
    gateway.lock("github.com/user/one", "a-1")
    gateway.lock("github.com/user/two", "a-2")
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {"n": 1})
    gateway.append_log("logs/smart-sync-fork/a-1-2025-01-26-10-00-00.jsonl", run_entry("a-1", "one"))
    return gateway


def has_reached(watched: Watched, percent: int) -> None:
    watched.until(lambda fleet: "a-1" in fleet.workspaces and percentage(fleet, "a-1") == percent)


def only_changed(before: Fleet, after: Fleet, *parts: str) -> None:
    """Assert that everything except `parts` is shared with the fleet before."""
    for part in PARTS:
        assert (getattr(after, part) is getattr(before, part)) == (part not in parts), part


def test_everything_that_is_there_is_read(filled: GatewayRoot, watch: Watch) -> None:
    fleet = watch().loaded()
    assert fleet.root == str(filled.root)
    assert fleet.watch == "watching"
    assert fleet.dispatcher and fleet.dispatcher.value
    assert fleet.concurrency and fleet.concurrency.value
    assert fleet.automations.keys() == {f"config/smart-sync-fork/{id}.json" for id in ("a-1", "a-2")}
    assert fleet.workspaces.keys() == {"a-1", "a-2"} and fleet.workspaces["a-1"].progress
    assert fleet.locks.keys() == {f"locks/github.com-user-{name}.lock" for name in ("one", "two")}
    assert fleet.tails.keys() == {"logs/dispatcher/2025-01-26.jsonl"}
    assert fleet.logs.keys() == {"dispatcher", "smart-sync-fork"} and fleet.logs["smart-sync-fork"].keys() == {"a-1"}
    assert not fleet.problems


@pytest.mark.parametrize(
    ("path", "text", "part"),
    [
        ("config/dispatcher.json", '{version: 1, notifications: {}, lastModified: "%s"}', "dispatcher"),
        (
            "config/concurrency-state.json",
            '{version: 1, maxSlots: 9, activeSlots: [], lastUpdated: "%s"}',
            "concurrency",
        ),
        (
            "workspaces/a-1/state.json",
            '{automationId: "a-1", sessionId: "s", status: "done", lastUpdate: "%s"}',
            "workspaces",
        ),
        ("workspaces/a-1/progress.json", '{automationId: "a-1", timeline: [], lastUpdate: "%s"}', "workspaces"),
    ],
)
def test_a_file_that_another_process_renames_replaces_one_value(
    filled: GatewayRoot, watch: Watch, path: str, text: str, part: str
) -> None:
    watched = watch()
    before = watched.loaded()
    replace_elsewhere(filled.automations / path, text.replace("%s", "2025-01-26T13:00:00Z"))
    watched.until(lambda fleet: getattr(fleet, part) is not getattr(before, part))
    assert "2025-01-26 13:00" in repr(getattr(watched.fleet, part)) or "13, 0" in repr(getattr(watched.fleet, part))
    only_changed(before, watched.fleet, part)


def test_an_automation_changes_alone(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    before = watched.loaded()
    filled.automation("a-1", name="Other")
    watched.until(lambda fleet: fleet.automations["config/smart-sync-fork/a-1.json"].name == "Other")
    only_changed(before, watched.fleet, "automations")
    other = "config/smart-sync-fork/a-2.json"
    assert watched.fleet.automations[other] is before.automations[other]


def test_a_state_changes_alone(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    before = watched.loaded()
    filled.state("a-1", percentage=80)
    watched.until(lambda fleet: percentage(fleet, "a-1") == 80)
    only_changed(before, watched.fleet, "workspaces")
    assert watched.fleet.workspaces["a-2"] is before.workspaces["a-2"]
    assert watched.fleet.workspaces["a-1"].progress is before.workspaces["a-1"].progress


def test_locks_come_and_go_in_both_layouts(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    before = watched.loaded()
    nested = "locks/github.com/user/three.lock"
    filled.lock("github.com/user/three", "a-1", nested)
    watched.until(lambda fleet: nested in fleet.locks)
    only_changed(before, watched.fleet, "locks")
    for path in (nested, "locks/github.com-user-one.lock"):
        (filled.automations / path).unlink()
    watched.until(lambda fleet: fleet.locks.keys() == {"locks/github.com-user-two.lock"})


def test_a_lock_that_is_renamed_aside_is_gone_and_linked_back_it_is_there(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    lock = filled.automations / "locks/github.com-user-one.lock"
    aside = lock.rename(lock.with_name("github.com-user-one.lock.released-7"))
    watched.until(lambda fleet: len(fleet.locks) == 1)
    lock.hardlink_to(aside)
    watched.until(lambda fleet: len(fleet.locks) == 2)
    assert not watched.fleet.problems


def test_a_new_directory_is_found_with_the_files_created_right_after_it(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    for n in range(20):
        filled.automation(f"b-{n}", type=f"type-{n}")
        filled.state(f"b-{n}")
        filled.append_log(f"logs/type-{n}/b-{n}-2025-01-26-10-00-00.jsonl", run_entry(f"b-{n}", "one"))
    watched.until(
        lambda fleet: (
            len(fleet.automations) == 22
            and len([w for w in fleet.workspaces.values() if w.state]) == 22
            and len(fleet.logs) == 22
        )
    )
    filled.state("b-7", percentage=99)
    filled.automation("b-7", type="type-7", name="Later")
    watched.until(lambda fleet: percentage(fleet, "b-7") == 99)
    watched.until(lambda fleet: fleet.automations["config/type-7/b-7.json"].name == "Later")


def test_a_deleted_file_is_removed_from_the_fleet(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    (filled.automations / "config/dispatcher.json").unlink()
    (filled.automations / "config/smart-sync-fork/a-1.json").unlink()
    (filled.automations / "workspaces/a-1/progress.json").unlink()
    watched.until(lambda fleet: not fleet.dispatcher and len(fleet.automations) == 1)
    watched.until(lambda fleet: not fleet.workspaces["a-1"].progress)
    assert watched.fleet.workspaces["a-1"].state and not watched.fleet.problems


def test_a_directory_that_is_renamed_away_and_back_is_followed(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    before = watched.loaded()
    for name in ("workspaces/a-1", "config/smart-sync-fork", "logs/smart-sync-fork", "locks"):
        (filled.automations / name).rename(filled.root / name.replace("/", "-"))
    watched.until(lambda fleet: not fleet.automations and not fleet.locks and "a-1" not in fleet.workspaces)
    watched.until(lambda fleet: fleet.logs.keys() == {"dispatcher"})
    for name in ("workspaces/a-1", "config/smart-sync-fork", "logs/smart-sync-fork", "locks"):
        (filled.root / name.replace("/", "-")).rename(filled.automations / name)
    watched.until(lambda fleet: fleet.automations == before.automations and fleet.locks == before.locks)
    watched.until(lambda fleet: fleet.workspaces == before.workspaces and fleet.logs == before.logs)
    filled.state("a-1", percentage=81)
    watched.until(lambda fleet: percentage(fleet, "a-1") == 81)


def test_a_directory_that_is_deleted_and_made_again_at_once_is_still_watched(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    workspace = filled.automations / "workspaces/a-1"
    for percent in range(1, 6):
        for file in workspace.iterdir():
            file.unlink()
        workspace.rmdir()
        filled.state("a-1", percentage=percent)
        has_reached(watched, percent)
        filled.state("a-1", percentage=percent + 50)
        has_reached(watched, percent + 50)


def test_a_file_that_is_rewritten_unchanged_keeps_its_value(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    path = filled.automations / "workspaces/a-1/state.json"
    value = watched.fleet.workspaces["a-1"].state
    path.chmod(0o640)
    filled.state("a-2", percentage=82)
    watched.until(lambda fleet: percentage(fleet, "a-2") == 82)
    assert watched.fleet.workspaces["a-1"].state is value


def test_nothing_is_published_while_nothing_changes(filled: GatewayRoot, watch: Watch) -> None:
    watched: Watched = watch(timing=QUICK)
    watched.loaded()
    published = len(watched.fleets)
    wait_until(lambda: watched.model.passes >= 3)
    (filled.automations / "config/smart-sync-fork/a-1.json.9.9.tmp").touch()
    (filled.automations / "workspaces/a-1/repo").mkdir()
    (filled.automations / "artifacts").mkdir()
    filled.append_log("logs/smart-sync-fork/a-1-2025-01-26-10-00-00.jsonl", run_entry("a-1", "not followed"))
    passes = watched.model.passes
    wait_until(lambda: watched.model.passes >= passes + 2)
    assert len(watched.fleets) == published


def test_a_rescan_without_changes_keeps_every_value(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    before = watched.loaded()
    watched.model.rescan()
    filled.state("a-1", percentage=83)
    watched.until(lambda fleet: percentage(fleet, "a-1") == 83)
    only_changed(before, watched.fleet, "workspaces")


def test_the_first_fleet_does_not_wait_for_the_last_file(gateway: GatewayRoot, watch: Watch) -> None:
    gateway.dispatcher()
    for n in range(1500):
        gateway.automation(f"a-{n}")
    watched = watch(timing=replace(EVENTS_ALONE, first_slice=0.005))
    assert len(watched.loaded().automations) == 1500
    first = watched.fleets[0]
    assert not first.loaded and len(first.automations) < 1500


def test_the_first_fleet_has_a_page_of_automations(gateway: GatewayRoot, watch: Watch) -> None:
    for n in range(200):
        gateway.automation(f"a-{n}")
    watched = watch(timing=replace(EVENTS_ALONE, first_slice=3600))
    watched.loaded()
    assert len(watched.fleets[0].automations) == 60


def test_the_pause_after_the_first_fleet_ends_when_that_is_drawn(gateway: GatewayRoot, watch: Watch) -> None:
    for n in range(200):
        gateway.automation(f"a-{n}")
    watched = watch(timing=replace(EVENTS_ALONE, first_slice=3600, first_rest=3600))
    path = gateway.append_log("logs/smart-sync-fork/a-1-2025-01-26-10-00-00.jsonl", run_entry("a-1", "one"))
    watched.until(lambda fleet: len(fleet.automations) == 60)
    log = str(path.relative_to(gateway.automations))
    watched.model.follow(log)
    watched.until(lambda fleet: log in fleet.tails)
    assert len(watched.fleet.automations) == 60
    watched.model.end_pause()
    assert len(watched.loaded().automations) == 200
