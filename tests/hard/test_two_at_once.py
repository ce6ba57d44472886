"""Two of them on one root doing the same thing: it ends as if one had come after the other, or one is refused."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from clawtui.files.json5.document import Malformed, parse_json5
from clawtui.model.documents.ui_state import UiState
from clawtui.model.documents.workspace import Milestone
from clawtui.operations.user.ui_state import save_arrangement
from clawtui.storage.stores.dispatcher import ConcurrencyStore
from clawtui.storage.workspaces.manager import WorkspaceManager
from tests.cli.processes import run
from tests.gateway_root import GatewayRoot, iso
from tests.hard.disk_state import Contents, contents, is_log, temp_files
from tests.hard.terminals import HardTerminal, hard_dashboard
from tests.hard.writers import NOW, WORKS, Site, Work, call, command, furnish
from tests.storage.processes import forked, together
from tests.waiting import wait_until

ROUNDS = 4
REFUSED = {1, 3, 4, 5}
"""What one may end with where the other was first: it could not, may not, it changed, or there is no such thing."""

ENABLE_ON, DISABLE_ON = command("automation", "enable", "on"), command("automation", "disable", "on")
PAIRS: dict[str, tuple[Work, Work]] = {
    "enable and disable": (ENABLE_ON, DISABLE_ON),
    "delete and disable": (WORKS["delete"], DISABLE_ON),
    "delete and delete": (WORKS["delete"], WORKS["delete"]),
    "record a run and disable": (WORKS["record-run"], DISABLE_ON),
    "edit and disable": (WORKS["edit"], DISABLE_ON),
    "import and import": (WORKS["import"], WORKS["import"]),
    "import and import, unless there": (command("import", "HOME/export.json"), command("import", "HOME/export.json")),
    "import and delete": (WORKS["import"], command("automation", "delete", "a", "--yes")),
    "migrate and migrate": (WORKS["migrate"], WORKS["migrate"]),
    "slot free and slot free": (WORKS["slot-free"], WORKS["slot-free"]),
    "slot free and acquire": (WORKS["slot-free"], WORKS["slot-acquire"]),
    "slot release and acquire": (WORKS["slot-release"], WORKS["slot-acquire"]),
    "prune and prune": (WORKS["prune"], WORKS["prune"]),
    "clean and clean": (WORKS["workspace-clean"], WORKS["workspace-clean"]),
    "release and take": (WORKS["lock-release"], WORKS["lock-let-go"]),
    "restore and release": (WORKS["lock-restore"], command("lock", "release", "github.com/user/aside", "--yes")),
    "doctor and doctor": (WORKS["doctor-fix"], WORKS["doctor-fix"]),
    "arrange and arrange": (
        call(lambda paths: save_arrangement(UiState(rows=(1, 2)))),
        call(lambda paths: save_arrangement(UiState(rows=(3, 4)))),
    ),
}
OF_MANY_PARTS = {"import and import", "import and import, unless there", "doctor and doctor"}
"""Each of the two may come first with a part of it, and be refused with another."""


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Yield the directory of the sites, in memory if possible; each has a directory for clawtui itself."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as directory:
        monkeypatch.setenv("XDG_STATE_HOME", f"{directory}/place/own")
        yield Path(directory)


@pytest.mark.parametrize("pair", PAIRS)
def test_two_at_once_end_as_one_after_the_other(shelf: Path, pair: str) -> None:
    template = furnish(shelf / "template")
    for number in range(30):
        (template.gateway.automations / f"workspaces/done/repo/{number}/deep").mkdir(parents=True)
    place = Site(shelf / "place")
    serial = [after_one_another(template, place, works) for works in orders(PAIRS[pair])]
    for _ in range(ROUNDS):
        copy_again(template, place)
        before = contents(place)
        with nothing_torn(place):
            statuses = together(*[lambda work=work: work(place).status for work in PAIRS[pair]])
        assert 0 in statuses or pair in OF_MANY_PARTS, "one of them at least is done"
        assert set(statuses) - {0} <= REFUSED
        after = one_copy(contents(place))
        assert temp_files(after) == set()
        for path in before.keys() | after.keys():
            if not is_log(path) and "/drafts" not in path:
                possible = [now.get(path) for now in (before, *serial)]
                assert after.get(path) in possible, f"{path} is as after neither order"


def orders(works: tuple[Work, Work]) -> Iterator[tuple[Work, ...]]:
    """Yield each work alone, and both in either order."""
    for count in (1, 2):
        yield from itertools.permutations(works, count)


def copy_again(template: Site, place: Site) -> None:
    shutil.rmtree(place.home, ignore_errors=True)
    shutil.copytree(template.home, place.home)


def after_one_another(template: Site, place: Site, works: tuple[Work, ...]) -> Contents:
    copy_again(template, place)
    for work in works:
        work(place)
    return one_copy(contents(place))


def one_copy(found: Contents) -> Contents:
    """Ignore the number of the copy: if the first work is refused, the copy of the second has the second name."""
    return {path.replace("-2.bak", ".bak"): now for path, now in found.items()}


@contextmanager
def nothing_torn(place: Site) -> Iterator[None]:
    """Read every document repeatedly, as the gateway might: each that exists is complete."""
    documents = [place.gateway.automations / path for path in ("config", "config/smart-sync-fork", "locks")]
    ours, theirs = os.pipe()

    def read_on() -> None:
        while True:
            for path in [path for directory in documents for path in directory.iterdir()]:
                if path.suffix not in (".json", ".lock"):
                    continue
                try:
                    parse_json5(path.read_bytes())
                except FileNotFoundError:
                    continue
                except Malformed as error:
                    os.write(theirs, f"{path}: {error}\n".encode())

    with forked(read_on):
        yield
    os.close(theirs)
    with os.fdopen(ours, "rb") as torn:
        assert torn.read() == b""


def test_no_update_of_many_is_lost(shelf: Path) -> None:
    """Processes that all begin with the same file add milestones and slots."""
    place = furnish(shelf / "place")
    workspaces, slots = WorkspaceManager(place.paths), ConcurrencyStore(place.paths)

    def report(writer: int) -> Callable[[], None]:
        def work() -> None:
            for number in range(2):
                title, at = f"{writer}/{number}", NOW + timedelta(seconds=number)
                workspaces.update_progress("on", Milestone(timestamp=at, milestone=title, percentage=number))
                slots.acquire("on", f"cron:{title}", NOW, 10)

        return work

    assert together(*map(report, range(4))) == [0] * 4
    expected = {f"{writer}/{number}" for writer in range(4) for number in range(2)}
    progress, state = workspaces.progress("on"), slots.load()
    assert progress is not None and progress.value is not None
    assert expected <= {milestone.milestone for milestone in progress.value.timeline}
    assert state is not None and state.value is not None
    assert {f"cron:{title}" for title in expected} <= {slot.session_id for slot in state.value.active_slots}
    numbers = [slot.slot_number for slot in state.value.active_slots]
    assert len(numbers) == len(set(numbers)) == 9


# Two dashboards and a command


def is_disabled(gateway: GatewayRoot) -> bool:
    document = parse_json5((gateway.automations / "config/smart-sync-fork/sync-main.json").read_bytes())
    assert isinstance(document, dict)
    return document["enabled"] is False


def shows_what_is(terminal: HardTerminal, gateway: GatewayRoot) -> bool:
    return says_disabled(terminal) == is_disabled(gateway)


def says_disabled(terminal: HardTerminal) -> bool:
    (row,) = [row for row in terminal.screen() if " Sync Main " in row and "Timeline" not in row]
    return "disabled" in row


@pytest.mark.slow
def test_two_dashboards_and_a_command_agree_with_the_disk_in_the_end(gateway: GatewayRoot) -> None:
    gateway.automation("sync-main", name="Sync Main")
    gateway.lock("github.com/user/dead", "sync-main", pid=999_999_999, acquiredAt=iso(NOW - timedelta(hours=1)))
    with hard_dashboard(gateway.root) as one, hard_dashboard(gateway.root) as other:
        both = (one, other)
        for terminal in both:
            terminal.wait_for("Sync Main")
            terminal.wait_for("orphaned")
        for number in range(4):
            one.press("-" if number % 2 else "+")
            other.press("+" if number % 2 else "-")
            word = ("enable", "disable")[number % 2]
            assert run("--root", str(gateway.root), "automation", word, "sync-main").returncode in (0, 4)
            for terminal in both:
                wait_until(partial(shows_what_is, terminal, gateway))

        for terminal in both:
            terminal.press("4", "X")
            terminal.wait_for("[ Release ]")
            terminal.press("right")
            terminal.wait_for("› Release ‹")
        for terminal in both:
            terminal.press("enter")
        done = gateway.automations / "locks"
        wait_until(lambda: not list(done.glob("*.lock")), what="the release")
        wait_until(lambda: len(list(done.glob("*.released"))) == 1, what="one of them to keep it for an undo")
        assert not list(done.glob("*.aside"))
        for terminal in both:
            terminal.wait_for(lambda rows: any("4 Locks  0" in row for row in rows))
            terminal.press("esc")
            terminal.press("ctrl+c")
            assert terminal.wait_exit() == 0
