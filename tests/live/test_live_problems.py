"""A file that cannot be read is a problem in its place, and everything else continues."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from clawtui.live.watching.intervals import Intervals
from clawtui.model.documents.base import Document
from clawtui.model.fleet import Fleet, Reading
from tests.gateway_root import GatewayRoot
from tests.live.conftest import Watch
from tests.live.watched import EVENTS_ALONE, QUICK, percentage, read_once, replace_elsewhere
from tests.waiting import wait_until

A_1 = "config/smart-sync-fork/a-1.json"
DOCUMENTS = [
    "config/dispatcher.json",
    "config/concurrency-state.json",
    A_1,
    "workspaces/a-1/state.json",
    "workspaces/a-1/progress.json",
    "workspaces/a-1/workspace-info.json",
    "locks/github.com-user-one.lock",
]


@pytest.fixture
def filled(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    gateway.slots()
    gateway.automation("a-1")
    gateway.automation("a-2")
    gateway.state("a-1")
    gateway.progress("a-1", ("Cloning", 10))
    gateway.write_json(
        "workspaces/a-1/workspace-info.json",
        {
            "automationId": "a-1",
            "automationType": "smart-sync-fork",
            "sessionId": "s",
            "created": "2025-01-26T10:00:00Z",
            "lastUpdated": "2025-01-26T10:00:00Z",
            "status": "active",
        },
    )
    gateway.lock("github.com/user/one", "a-1")
    return gateway


def readings(fleet: Fleet) -> dict[str, object]:
    """Return the value of every document, by path."""
    found: list[Reading[Document] | None] = [fleet.dispatcher, fleet.concurrency]
    found += [automation.config for automation in fleet.automations.values()]
    for workspace in fleet.workspaces.values():
        found += [workspace.info, workspace.state, workspace.progress]
    found += fleet.locks.values()
    return {reading.path: reading.value for reading in found if reading}


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_malformed_file_of_each_kind_is_a_problem_until_it_is_repaired(
    filled: GatewayRoot, watch: Watch, path: str
) -> None:
    watched = watch()
    before = watched.loaded()
    good = (filled.automations / path).read_text()
    replace_elsewhere(filled.automations / path, good[:-20])
    watched.until(lambda fleet: path in fleet.problems)
    assert watched.fleet.problems.keys() == {path}
    assert readings(watched.fleet) == readings(before) | {path: None}
    replace_elsewhere(filled.automations / path, good)
    watched.until(lambda fleet: not fleet.problems)
    assert readings(watched.fleet) == readings(before)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_file_that_was_malformed_when_we_came_is_a_problem_at_once(
    filled: GatewayRoot, watch: Watch, path: str
) -> None:
    filled.write(path, "{")
    fleet = watch(timing=Intervals(reread=3600)).loaded()
    assert fleet.problems.keys() == {path}
    assert readings(fleet)[path] is None


def test_the_last_valid_value_stays_during_a_write(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch(timing=Intervals(reconcile=3600, reread=0.3))
    before = watched.loaded()
    path = filled.automations / A_1
    text = path.read_text()
    path.write_text(text[:50])
    filled.automation("a-2", name="Later")
    watched.until(lambda fleet: fleet.automations["config/smart-sync-fork/a-2.json"].name == "Later")
    assert watched.fleet.automations[A_1] is before.automations[A_1]
    path.write_text(text.replace("A 1", "Whole"))
    watched.until(lambda fleet: fleet.automations[A_1].name == "Whole")
    assert not any(fleet.problems for fleet in watched.fleets)


def test_a_new_file_that_is_written_in_place_is_no_problem(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch(timing=Intervals(reconcile=3600, reread=0.3))
    watched.loaded()
    lock = filled.automations / "locks/new.lock"
    text = (filled.automations / "locks/github.com-user-one.lock").read_text()
    lock.touch()
    filled.automation("a-2", name="Later")
    watched.until(lambda fleet: fleet.automations["config/smart-sync-fork/a-2.json"].name == "Later")
    lock.write_text(text)
    watched.until(lambda fleet: "locks/new.lock" in fleet.locks)
    assert not any(fleet.problems for fleet in watched.fleets)


def test_a_value_that_stays_incomplete_is_a_problem_in_the_end(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    (filled.automations / A_1).write_text("{")
    (filled.automations / "locks/new.lock").touch()
    watched.until(lambda fleet: fleet.problems.keys() == {A_1, "locks/new.lock"})


def test_a_half_written_file_that_is_deleted_is_removed_from_the_fleet(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch(timing=Intervals(reconcile=3600, reread=3600))
    watched.loaded()
    path = filled.automations / A_1
    path.write_text("{")
    path.unlink()
    watched.until(lambda fleet: A_1 not in fleet.automations)


def test_a_directory_where_a_file_should_be_is_a_problem(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch()
    watched.loaded()
    odd = "config/smart-sync-fork/x.json"
    (filled.automations / odd).mkdir()
    watched.until(lambda fleet: "directory where a file" in (fleet.problems.get(odd) or ("", ""))[1])
    assert odd not in watched.fleet.automations
    (filled.automations / odd).rmdir()
    watched.until(lambda fleet: not fleet.problems and odd not in fleet.automations)


@pytest.mark.parametrize("section", ["config", "workspaces", "locks", "logs"])
def test_a_file_where_a_directory_should_be_is_a_problem(gateway: GatewayRoot, watch: Watch, section: str) -> None:
    watched = watch()
    watched.loaded()
    (gateway.automations / section).write_text("")
    watched.until(lambda fleet: "file where a directory" in (fleet.problems.get(section) or ("", ""))[1])
    (gateway.automations / section).unlink()
    (gateway.automations / section).mkdir()
    watched.until(lambda fleet: not fleet.problems)


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo])
@pytest.mark.parametrize("place", ["config/odd", "workspaces/odd", "logs/odd", "logs/dispatcher"])
def test_a_file_in_the_place_of_a_type_or_a_workspace_is_a_problem_until_it_is_a_directory(
    gateway: GatewayRoot, watch: Watch, place: str, make: Callable[[Path], object]
) -> None:
    path = gateway.automations / place
    path.parent.mkdir()
    watched = watch()
    watched.loaded()
    make(path)
    watched.until(lambda fleet: "file where a directory" in (fleet.problems.get(place) or ("", ""))[1])
    assert read_once(gateway.root).problems == watched.fleet.problems
    path.unlink()
    watched.until(lambda fleet: not fleet.problems)
    path.touch()
    watched.until(lambda fleet: place in fleet.problems)
    path.unlink()
    path.mkdir()
    watched.until(lambda fleet: not fleet.problems)


@pytest.mark.parametrize("place", ["locks", "config/linked", "workspaces/linked", "locks/linked", "logs/linked"])
def test_a_link_is_a_problem_and_its_target_is_not_read(
    gateway: GatewayRoot, watch: Watch, tmp_path: Path, place: str
) -> None:
    outside = GatewayRoot(tmp_path / "outside")
    outside.automation("b-1", type="linked")
    outside.state("linked")
    outside.lock("github.com/user/one", "b-1", "locks/linked/one.lock")
    outside.append_log("logs/linked/b-1-2025-01-26-10-00-00.jsonl", {"n": 1})
    link = gateway.automations / place
    link.parent.mkdir(exist_ok=True)
    watched = watch()
    watched.loaded()
    link.symlink_to(outside.automations / place)
    watched.until(lambda fleet: "link" in (fleet.problems.get(place) or ("", ""))[1])
    fleet = watched.fleet
    assert not readings(fleet) and not fleet.workspaces and not fleet.logs
    link.unlink()
    watched.until(lambda fleet: not fleet.problems)


def test_a_linked_file_is_a_problem(filled: GatewayRoot, watch: Watch, tmp_path: Path) -> None:
    target = tmp_path / "target.json"
    target.write_text((filled.automations / A_1).read_text())
    (filled.automations / "config/smart-sync-fork/b-1.json").symlink_to(target)
    fleet = watch().loaded()
    assert "link" in fleet.problems["config/smart-sync-fork/b-1.json"].message
    assert len(fleet.automations) == 3


def test_a_name_that_is_not_utf_8_is_a_problem_and_the_rest_is_still_watched(filled: GatewayRoot, watch: Watch) -> None:
    watched = watch(timing=QUICK)
    watched.loaded()
    odd = Path(os.fsdecode(os.fsencode(filled.automations) + b"/config/smart-sync-fork/caf\xe9.json"))
    for _ in range(3):
        odd.write_text("{}")
        watched.until(
            lambda fleet: "UTF-8" in (fleet.problems.get(r"config/smart-sync-fork/caf\xe9.json") or ("", ""))[1]
        )
        odd.unlink()
        watched.until(lambda fleet: not fleet.problems)
    filled.automation("a-1", name="Later")
    watched.until(lambda fleet: fleet.automations[A_1].name == "Later")
    wait_until(lambda: watched.fleet.watch == "watching")


def test_a_directory_whose_name_is_not_utf_8_stops_no_other(filled: GatewayRoot, watch: Watch) -> None:
    Path(os.fsdecode(os.fsencode(filled.automations) + b"/workspaces/caf\xe9")).mkdir()
    watched = watch(timing=EVENTS_ALONE)
    fleet = watched.loaded()
    assert fleet.watch == "watching"
    assert fleet.problems.keys() == {r"workspaces/caf\xe9"}
    filled.state("a-1", percentage=91)
    watched.until(lambda fleet: percentage(fleet, "a-1") == 91)


def test_a_file_without_read_permission_is_a_problem_until_it_is_readable(
    watch: Watch, unprivileged: GatewayRoot
) -> None:
    locks = unprivileged.lock("github.com/user/one", "a-1").parent
    watched = watch(root=unprivileged.root)
    before = watched.loaded()
    locks.chmod(0)
    watched.until(lambda fleet: "permission denied" in (fleet.problems.get("locks") or ("", ""))[1])
    locks.chmod(0o700)
    watched.until(lambda fleet: not fleet.problems)
    assert readings(watched.fleet) == readings(before)


def test_without_watchfiles_the_fleet_reports_it_and_everything_is_found(
    filled: GatewayRoot, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    watched = watch(timing=QUICK)
    fleet = watched.loaded()
    assert fleet.watch == "polling"
    assert "watchfiles cannot be loaded" in fleet.problems[""].message
    filled.automation("a-1", name="Found")
    watched.until(lambda fleet: fleet.automations[A_1].name == "Found")
    monkeypatch.undo()
    watched.model.rescan()
    watched.until(lambda fleet: fleet.watch == "watching" and not fleet.problems)
