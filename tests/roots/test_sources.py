"""The sources of several roots, over real directories."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from clawtui.live.source import ALL, Capabilities, Publish, Source
from clawtui.live.watching.intervals import DEFAULT_INTERVALS
from clawtui.model.fleet import Fleet
from clawtui.model.listed_root import ListedRoot
from clawtui.roots.sources import RootSources, local_source
from tests.gateway_root import GatewayRoot
from tests.waiting import wait_until


class Known:
    """Everything that the sources have announced so far."""

    def __init__(self, sources: RootSources) -> None:
        self._sources = sources
        self.fleets: dict[str, Fleet] = {}
        self.duplicates: dict[str, str] = {}

    def take(self) -> Known:
        changes = self._sources.take()
        self.fleets.update(changes.fleets)
        self.duplicates.update(changes.duplicates)
        return self

    def ids(self, name: str) -> set[str]:
        fleet = self.take().fleets.get(name)
        return set() if fleet is None else {each.id for each in fleet.automations.values()}


Make = Callable[..., RootSources]


@pytest.fixture
def start() -> Iterator[Make]:
    """Start sources, which end with the test."""
    made = []

    def make(*roots: ListedRoot, **options: object) -> RootSources:
        made.append(sources := RootSources(roots, **options))  # type: ignore[arg-type]
        sources.start()
        return sources

    yield make
    for sources in made:
        sources.stop()


def a_root(tmp_path: Path, name: str) -> ListedRoot:
    GatewayRoot(tmp_path / name).automation(f"of-{name}")
    return ListedRoot(name, name, "blue", str(tmp_path / name))


def test_a_directory_with_two_names_is_shown_once(tmp_path: Path, start: Make) -> None:
    home = a_root(tmp_path, "home")
    (tmp_path / "link").symlink_to(tmp_path / "home")
    link = ListedRoot("link", "link", "red", str(tmp_path / "link"))
    below = ListedRoot("below", "below", "red", str(tmp_path / "home" / "automations"))
    known = Known(start(home, link, a_root(tmp_path, "other"), below))
    wait_until(lambda: known.ids("other") and len(known.duplicates) == 2)
    (owner,) = {"home", "link", "below"} - known.duplicates.keys()  # whichever of the three was read first
    assert set(known.duplicates.values()) == {owner}
    wait_until(lambda: known.ids(owner) == {"of-home"})
    assert set(known.fleets) == {owner, "other"}


def test_the_pauses_after_the_first_fleets_end_with_the_first_frame_also_that_of_a_later_root(
    tmp_path: Path, start: Make
) -> None:
    patient = replace(DEFAULT_INTERVALS, first_slice=3600, first_rest=3600)
    may_start = threading.Event()

    def make(root: ListedRoot) -> Source | None:
        if root.name == "late":
            may_start.wait(60)
        return local_source(root, patient)

    home, late = a_root(tmp_path, "home"), a_root(tmp_path, "late")
    sources = start(home, late, make=make)
    known = Known(sources)
    wait_until(lambda: known.ids("home"))
    assert not known.fleets["home"].loaded
    sources.end_pauses()
    wait_until(lambda: known.take().fleets["home"].loaded)
    may_start.set()
    wait_until(lambda: known.ids("late") and known.take().fleets["late"].loaded)


def test_a_directory_that_appears_later_is_compared_too(tmp_path: Path, start: Make) -> None:
    home, late = a_root(tmp_path, "home"), ListedRoot("late", "late", "red", str(tmp_path / "late"))
    known = Known(start(home, late))
    wait_until(lambda: known.ids("home") and known.take().fleets.get("late") is not None)
    assert not known.duplicates
    (tmp_path / "late").symlink_to(tmp_path / "home")
    wait_until(lambda: known.take().duplicates == {"late": "home"})
    assert known.ids("home") == {"of-home"}


def test_a_directory_that_replaces_a_deleted_one_is_no_duplicate(tmp_path: Path, start: Make) -> None:
    home, late = a_root(tmp_path, "home"), ListedRoot("late", "late", "red", str(tmp_path / "late"))
    known = Known(start(home, late))
    wait_until(lambda: known.ids("home") and known.take().fleets.get("late") is not None)
    (tmp_path / "home").rename(tmp_path / "late")  # with its device and inode
    wait_until(lambda: known.ids("late") == {"of-home"})
    assert not known.duplicates


def test_sources_continue_without_a_listener(tmp_path: Path, start: Make) -> None:
    sources = start(a_root(tmp_path, "home"))
    notified = threading.Event()
    sources.listen(notified.set)
    assert notified.wait(30)
    sources.listen(None)
    sources.take()
    GatewayRoot(tmp_path / "home").automation("another")
    sources.listen(notified.set)
    known = Known(sources)
    wait_until(lambda: known.ids("home") == {"of-home", "another"})


class Hanging:
    """A source whose file system hangs, from its start to the end."""

    capabilities: Capabilities = ALL

    def __init__(self) -> None:
        self.released = threading.Event()
        self.asked_to_stop = False

    def start(self, publish: Publish) -> None:
        def run() -> None:
            self.released.wait(60)
            publish(Fleet("late"))

        threading.Thread(target=run, daemon=True).start()

    def follow(self, log: str | None) -> None: ...

    def rescan(self) -> None: ...

    def stop(self) -> None:
        self.asked_to_stop = True


def test_a_source_that_hangs_delays_no_other_one(tmp_path: Path, start: Make) -> None:
    hanging = Hanging()

    def make(root: ListedRoot) -> Source | None:
        return hanging if root.name == "hanging" else local_source(root)

    roots = [ListedRoot("hanging", "hanging", "red", "/gone"), a_root(tmp_path, "home"), a_root(tmp_path, "other")]
    sources = start(*roots, make=make)
    known = Known(sources)
    wait_until(lambda: known.ids("home") and known.ids("other"))
    assert "hanging" not in known.fleets
    hanging.released.set()
    wait_until(lambda: "hanging" in known.take().fleets)
    sources.stop()
    assert hanging.asked_to_stop


def test_a_root_on_another_host_has_no_source(tmp_path: Path, start: Make) -> None:
    known = Known(start(ListedRoot("work", "work", "red", host="gw1"), a_root(tmp_path, "home")))
    wait_until(lambda: known.ids("home"))
    assert set(known.fleets) == {"home"}
