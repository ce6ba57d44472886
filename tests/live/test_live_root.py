"""A root that is missing, appears, vanishes or is replaced."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from clawtui.live.watching.events import Generate, watch_directories
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from tests.gateway_root import GatewayRoot
from tests.live.conftest import Watch
from tests.live.watched import EVENTS_ALONE, Watched, limit_reached

AT_ONCE = Intervals(reconcile=3600, poll=0.05, root=0.05)


def names(fleet: Fleet) -> set[str]:
    return {automation.id for automation in fleet.automations.values()} if fleet.watch != "waiting" else set()


def is_waiting(watched: Watched) -> None:
    watched.until(lambda fleet: fleet.watch == "waiting" and fleet.loaded and not fleet.automations)


def only(*ids: str) -> Callable[[Fleet], bool]:
    return lambda fleet: names(fleet) == set(ids)


@pytest.mark.parametrize("factory", [watch_directories, limit_reached])
def test_a_root_that_is_missing_is_waited_for_however_deep(tmp_path: Path, watch: Watch, factory: Generate) -> None:
    root = tmp_path / "not" / "yet" / "there"
    watched = watch(root=root, factory=factory, timing=Intervals(reconcile=3600, root=3600, poll=0.05))
    is_waiting(watched)
    GatewayRoot(root).automation("a-1")
    watched.until(lambda fleet: names(fleet) == {"a-1"} and fleet.loaded)
    assert watched.fleet.watch == ("polling" if factory is limit_reached else "watching")
    assert watched.fleet.root == str(root)


def test_a_root_without_automations_is_waited_for(gateway: GatewayRoot, watch: Watch) -> None:
    gateway.automations.rmdir()
    watched = watch()
    is_waiting(watched)
    gateway.automation("a-1")
    watched.until(only("a-1"))


def delete(gateway: GatewayRoot) -> None:
    for path in sorted(gateway.root.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()
    gateway.root.rmdir()


def test_a_root_that_is_deleted_and_made_again_is_watched_again(gateway: GatewayRoot, watch: Watch) -> None:
    gateway.automation("a-1")
    watched = watch(timing=AT_ONCE)
    watched.until(only("a-1"))
    for id in ("a-2", "a-3"):
        delete(gateway)
        is_waiting(watched)
        gateway.automation(id)
        watched.until(only(id))
        gateway.automation("a-9")
        watched.until(lambda fleet: "a-9" in names(fleet))


def test_a_root_that_is_deleted_and_made_again_in_between_two_looks_is_watched_again(
    gateway: GatewayRoot, watch: Watch
) -> None:
    gateway.automation("a-1")
    watched = watch(timing=AT_ONCE)
    watched.loaded()
    delete(gateway)
    gateway.automation("a-2")
    watched.until(only("a-2"))
    gateway.automation("a-3")
    watched.until(only("a-2", "a-3"))


@pytest.mark.parametrize("part", [lambda gateway: gateway.root, lambda gateway: gateway.automations])
def test_a_root_that_is_renamed_away_is_missing_until_it_is_back(
    gateway: GatewayRoot, watch: Watch, part: Callable[[GatewayRoot], Path]
) -> None:
    gateway.automation("a-1")
    watched = watch(timing=AT_ONCE)
    watched.loaded()
    moved = part(gateway).rename(part(gateway).with_name("elsewhere"))
    is_waiting(watched)
    moved.rename(part(gateway))
    watched.until(only("a-1"))
    gateway.automation("a-2")
    watched.until(only("a-1", "a-2"))


def test_the_kernel_reports_that_automations_is_gone(gateway: GatewayRoot, watch: Watch) -> None:
    watched = watch(timing=Intervals(reconcile=3600, root=3600))
    watched.loaded()
    gateway.automations.rename(gateway.root / "elsewhere")
    is_waiting(watched)


def test_a_link_to_the_root_is_followed_and_its_new_target_noticed(
    gateway: GatewayRoot, watch: Watch, tmp_path: Path
) -> None:
    other = GatewayRoot(tmp_path / "other")
    gateway.automation("a-1")
    other.automation("b-1")
    link = tmp_path / "link"
    link.symlink_to(gateway.root)
    watched = watch(root=link, timing=AT_ONCE)
    watched.until(only("a-1"))
    gateway.automation("a-2")
    watched.until(only("a-1", "a-2"))
    fresh = tmp_path / "fresh"
    fresh.symlink_to(other.root)
    fresh.replace(link)
    watched.until(only("b-1"))
    other.automation("b-2")
    watched.until(only("b-1", "b-2"))


def test_a_link_into_nowhere_is_waited_for_where_it_leads(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "there").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "there" / "far" / "state")
    watched = watch(root=link)
    is_waiting(watched)
    GatewayRoot(tmp_path / "there" / "far" / "state").automation("a-1")
    watched.until(only("a-1"))


def test_a_root_that_is_a_file_is_a_problem_until_it_is_a_directory(tmp_path: Path, watch: Watch) -> None:
    root = tmp_path / "odd"
    root.mkdir()
    (root / "automations").write_text("not a directory")
    watched = watch(root=root)
    watched.until(lambda fleet: fleet.watch == "waiting" and "file where a directory" in fleet.problems[""].message)
    (root / "automations").unlink()
    GatewayRoot(root).automation("a-1")
    watched.until(lambda fleet: names(fleet) == {"a-1"} and not fleet.problems)


def test_a_link_that_leads_in_a_circle_is_a_problem(tmp_path: Path, watch: Watch) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    watched = watch(root=tmp_path / "one")
    watched.until(lambda fleet: fleet.watch == "waiting" and "circle" in fleet.problems[""].message)


def test_the_automations_directory_itself_may_be_named_as_the_root(gateway: GatewayRoot, watch: Watch) -> None:
    gateway.automation("a-1")
    watched = watch(root=gateway.automations, timing=EVENTS_ALONE)
    watched.until(only("a-1"))
    gateway.automation("a-2")
    watched.until(only("a-1", "a-2"))


def test_a_root_that_is_gone_is_not_shown_as_one_without_automations(gateway: GatewayRoot, watch: Watch) -> None:
    for number in range(3):
        gateway.automation(f"a-{number}")
    watched = watch(timing=Intervals(reconcile=0.01, poll=0.01, root=3600))  # what is missing is found before the root
    watched.until(only("a-0", "a-1", "a-2"))
    watched.loaded()
    gateway.root.rename(gateway.root.with_name("elsewhere"))
    is_waiting(watched)
    assert [len(fleet.automations) for fleet in watched.fleets if fleet.loaded and fleet.watch != "waiting"][-1] == 3
