"""Two roots on one file system that two hosts share: shown once, and both still judge locks."""

from __future__ import annotations

from clawtui.live.source import NONE, Capabilities, Publish
from clawtui.model.checked.reading import made
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.listed_root import ListedRoot
from clawtui.roots.sources import RootSources
from tests.gateway_root import NOON, iso
from tests.waiting import wait_until

LOCK = {
    "repoUrl": "https://github.com/user/r.git",
    "repoKey": "github.com/user/r",
    "automationId": "r",
    "sessionId": "cron:r",
    "acquiredAt": iso(NOON),
    "pid": 77,
    "hostname": "gw2",
    "lockType": "repository",
}


def seen_from(device: int, inode: int = 5) -> Fleet:
    """The fleet with one lock and its workspace, as a host sees it that gives the file system this number."""
    state: Reading[RuntimeState] = Reading("s", None, Problem("s", "is not JSON5"), Stamp(device, inode + 1, 1, 1))
    held = Reading("locks/r.lock", made(RepositoryLock, LOCK), None, Stamp(device, inode, 10, 1))
    return Fleet("", loaded=True, locks={"locks/r.lock": held}, workspaces={"r": Workspace("r", state=state)})


class GivenSource:
    """A source with one fleet."""

    capabilities: Capabilities = NONE

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.publish: Publish = lambda fleet: None
        self.has_stopped = False

    def start(self, publish: Publish) -> None:
        self.publish = publish
        publish(self.fleet)

    def follow(self, log: str | None) -> None:
        pass

    def rescan(self) -> None:
        pass

    def stop(self) -> None:
        self.has_stopped = True


def test_the_first_of_two_roots_on_one_store_is_shown_and_the_other_source_continues() -> None:
    roots = [ListedRoot(name, name, "blue", host=name) for name in ("one", "two", "three")]
    given = {"one": seen_from(1), "two": seen_from(2), "three": seen_from(1, inode=50)}
    made = {name: GivenSource(fleet) for name, fleet in given.items()}
    sources = RootSources(roots, lambda root: made[root.name], stagger=0.0)
    duplicates: dict[str, str] = {}
    shown: set[str] = set()

    def take() -> bool:
        changes = sources.take()
        duplicates.update(changes.duplicates)
        shown.update(changes.fleets)
        return "three" in shown and bool(duplicates)

    sources.start()
    wait_until(take, what="all roots")
    assert duplicates == {"two": "one"}
    assert {"one", "three"} <= shown
    made["two"].publish(seen_from(2))
    assert sources.take().fleets == {}, "it stays hidden"
    assert not made["two"].has_stopped
    sources.stop()
    assert made["two"].has_stopped
