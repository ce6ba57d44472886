"""After any change of the watch or the root the screen is right within seconds, and shows how it is watched."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from tests.gateway_root import GatewayRoot, iso
from tests.hard.apart import ApartTerminal
from tests.hard.terminals import HardTerminal, hard_dashboard
from tests.waiting import wait_until

SOON = 30.0
"""Five seconds are promised; a machine that has other things to do gets more."""
CHANGES = 20_000
QUEUE = Path("/proc/sys/fs/inotify/max_queued_events")

_ON_A_NETWORK = """
import sys
from clawtui.live import watch_session
watch_session.is_remote = lambda device: True
from clawtui.cli.main import main
main(sys.argv[1:])
"""
"""A file system of another machine cannot be had here: this is the one place that asks whether it is one."""

_WITHOUT_WATCHFILES = """
import sys
sys.modules["watchfiles"] = None
from clawtui.cli.main import main
main(sys.argv[1:])
"""


def shows(terminal: HardTerminal, watch: str, *names: str, of: tuple[str, ...]) -> None:
    """Wait until exactly ``names`` of all names are on the screen, and how the root is watched."""

    def holds(rows: list[str]) -> bool:
        there = {name for name in of if any(f" {name} " in row for row in rows)}
        return rows[0].rstrip().endswith(watch) and there == set(names)

    terminal.wait_for(holds, SOON)


ROOTS = ("Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta", "Iota", "Kappa")


def just_now() -> dict[str, object]:
    """Return the times of a run that began now, not at the start of a suite that takes long."""
    now = iso(datetime.now(UTC))
    return {"startTime": now, "lastUpdate": now}


def place(root: Path, *names: str) -> GatewayRoot:
    gateway = GatewayRoot(root)
    for name in names:
        gateway.automation(f"sync-{name.lower()}", name=name)
    return gateway


@pytest.mark.slow
def test_any_change_of_the_root_itself_is_shown(tmp_path: Path) -> None:
    """One dashboard over a link to a root; a change after each step must be shown too."""
    first, second = place(tmp_path / "first", "Alpha"), place(tmp_path / "second", "Beta")
    link = tmp_path / "link"
    link.symlink_to(first.root)
    with ApartTerminal(link) as terminal:

        def see(watch: str, *names: str) -> None:
            shows(terminal, watch, *names, of=ROOTS)

        see("watching", "Alpha")
        away = first.root.rename(tmp_path / "away")  # renamed
        see("waiting")
        away.rename(first.root)  # and back
        see("watching", "Alpha")
        place(first.root, "Gamma")
        see("watching", "Alpha", "Gamma")

        terminal.inside('mount --bind "$1" "$2"', second.root, first.root)  # another file system over it
        see("watching", "Beta")
        place(second.root, "Delta")
        see("watching", "Beta", "Delta")
        place(first.root, "Epsilon")  # what happens below it meanwhile
        terminal.inside('umount "$1"', first.root)
        see("watching", "Alpha", "Gamma", "Epsilon")

        terminal.inside('mount -t tmpfs tmpfs "$1"', first.root)  # an empty one
        see("waiting")
        terminal.inside('umount "$1"', first.root)
        see("watching", "Alpha", "Gamma", "Epsilon")
        part = first.automations / "config"
        terminal.inside('mount --bind "$1" "$2"', second.automations / "config", part)  # over a part of it alone
        see("watching", "Beta", "Delta")
        place(second.root, "Zeta")
        see("watching", "Beta", "Delta", "Zeta")
        terminal.inside('umount "$1"', part)
        see("watching", "Alpha", "Gamma", "Epsilon")

        fresh = tmp_path / "fresh"
        fresh.symlink_to(second.root)
        fresh.replace(link)  # the link leads elsewhere
        see("watching", "Beta", "Delta", "Zeta")
        place(second.root, "Eta")
        see("watching", "Beta", "Delta", "Zeta", "Eta")
        link.unlink()  # and nowhere
        see("waiting")
        link.symlink_to(first.root)
        see("watching", "Alpha", "Gamma", "Epsilon")

        shutil.rmtree(first.root)  # removed
        see("waiting")
        place(first.root, "Theta")  # and made again
        see("watching", "Theta")
        place(first.root, "Iota")
        see("watching", "Theta", "Iota")
        shutil.rmtree(first.automations / "config/smart-sync-fork")  # a part of it, removed and made again at once
        place(first.root, "Kappa")
        see("watching", "Kappa")
        place(first.root, "Alpha")
        see("watching", "Alpha", "Kappa")


def test_exhausted_watches_are_replaced_by_polling_until_there_are_some_again(tmp_path: Path) -> None:
    """Instances are short at the start, watches later, by the kernel's limits of a user namespace."""
    gateway = place(tmp_path / "state", "Alpha")
    with ApartTerminal(gateway.root, "echo 0 > /proc/sys/user/max_inotify_instances") as terminal:

        def see(watch: str, *names: str) -> None:
            shows(terminal, watch, *names, of=ROOTS)

        def allow(what: str, number: int) -> None:
            terminal.inside(f"echo {number} > /proc/sys/user/max_inotify_{what}")

        see("polling", "Alpha")
        place(gateway.root, "Beta")
        see("polling", "Alpha", "Beta")
        gateway.lock("github.com/user/deep", "sync-alpha", "locks/github.com/user/deep.lock")
        terminal.wait_for("github.com/user/deep", SOON)

        allow("instances", 1)
        allow("watches", 14)
        terminal.press("R")
        see("watching", "Alpha", "Beta")
        place(gateway.root, "Gamma")
        see("watching", "Alpha", "Beta", "Gamma")

        for number in range(20):
            gateway.state(f"other-{number}")
        gateway.state(
            "sync-beta",
            percentage=42,
            milestone="Merging 42",
            startTime=iso(datetime.now(UTC)),
            lastUpdate=iso(datetime.now(UTC)),
        )
        see("polling", "Alpha", "Beta", "Gamma")
        terminal.wait_for("42% Merging 42", SOON)
        gateway.state(
            "sync-beta",
            percentage=43,
            milestone="Merging 43",
            startTime=iso(datetime.now(UTC)),
            lastUpdate=iso(datetime.now(UTC)),
        )
        terminal.wait_for("43% Merging 43", SOON)
        assert watch_descriptors(terminal) == 0, "what serves only in part is not kept"

        allow("watches", 1000)
        terminal.press("R")
        see("watching", "Alpha", "Beta", "Gamma")
        gateway.state(
            "sync-beta",
            percentage=44,
            milestone="Merging 44",
            startTime=iso(datetime.now(UTC)),
            lastUpdate=iso(datetime.now(UTC)),
        )
        terminal.wait_for("44% Merging 44", SOON)
        assert watch_descriptors(terminal) == 1


def watch_descriptors(terminal: HardTerminal) -> int:
    """Return how many of the process's descriptors are the kernel's for watching."""
    descriptors = Path(f"/proc/{terminal.process.pid}/fd").iterdir()
    return sum("inotify" in str(path.readlink()) for path in descriptors)


def test_a_network_s_file_system_is_looked_at_and_nothing_is_asked_of_the_kernel(tmp_path: Path) -> None:
    gateway = place(tmp_path / "state", "Alpha")
    own = {"XDG_STATE_HOME": f"{tmp_path}/own-state", "XDG_CONFIG_HOME": f"{tmp_path}/own-config", "TZ": "UTC"}
    with HardTerminal([sys.executable, "-c", _ON_A_NETWORK, "--root", gateway.root], env=own) as terminal:
        shows(terminal, "polling", "Alpha", of=ROOTS)
        place(gateway.root, "Beta")
        shows(terminal, "polling", "Alpha", "Beta", of=ROOTS)
        gateway.automation("sync-alpha", name="Gamma")
        shows(terminal, "polling", "Beta", "Gamma", of=ROOTS)
        terminal.press("R")
        (gateway.automations / "config/smart-sync-fork/sync-beta.json").unlink()
        shows(terminal, "polling", "Gamma", of=ROOTS)
        assert watch_descriptors(terminal) == 0


def test_without_watchfiles_the_dashboard_polls_and_shows_it(tmp_path: Path) -> None:
    gateway = place(tmp_path / "state", "Alpha")
    own = {"XDG_STATE_HOME": f"{tmp_path}/own-state", "XDG_CONFIG_HOME": f"{tmp_path}/own-config", "TZ": "UTC"}
    with HardTerminal([sys.executable, "-c", _WITHOUT_WATCHFILES, "--root", gateway.root], env=own) as terminal:
        terminal.wait_for(lambda rows: "watchfiles cannot be loaded" in " ".join(" ".join(rows).split()), SOON)
        shows(terminal, "polling", "Alpha", of=ROOTS)
        place(gateway.root, "Beta")
        shows(terminal, "polling", "Alpha", "Beta", of=ROOTS)


@pytest.fixture
def stopped(gateway: GatewayRoot) -> Iterator[Callable[[Callable[[], None]], HardTerminal]]:
    """Do something while the dashboard is stopped, so that the kernel's queue overflows."""
    with hard_dashboard(gateway.root) as terminal:

        def meanwhile(change: Callable[[], None]) -> HardTerminal:
            shows(terminal, "watching", "Alpha", "Beta", of=ROOTS)
            terminal.settle()
            terminal.signal(signal.SIGSTOP)
            process = psutil.Process(terminal.process.pid)
            wait_until(lambda: process.status() == psutil.STATUS_STOPPED, what="the stop")
            change()
            terminal.signal(signal.SIGCONT)
            return terminal

        yield meanwhile


@pytest.mark.exhaustive
@pytest.mark.skipif(not QUEUE.exists() or int(QUEUE.read_text()) >= CHANGES, reason="the kernel would keep all of them")
def test_changes_that_overflow_the_kernel_s_queue_are_found(
    gateway: GatewayRoot, stopped: Callable[[Callable[[], None]], HardTerminal]
) -> None:
    """20,000 files change while it is stopped; the one that matters changes last, and its event is lost."""
    place(gateway.root, "Alpha", "Beta")
    gateway.append_log("logs/smart-sync-fork/other-2025-01-26-10-00-00.jsonl", {"n": 1})
    gateway.state("sync-alpha", percentage=1, milestone="Cloning", **just_now())
    logs = gateway.automations / "logs/smart-sync-fork"

    def change() -> None:
        for number in range(CHANGES):
            (logs / f"other-2025-01-26-{number // 3600:02}-{number // 60 % 60:02}-{number % 60:02}.jsonl").touch()
        (gateway.automations / "config/smart-sync-fork/sync-beta.json").unlink()
        place(gateway.root, "Gamma")
        gateway.state(
            "sync-alpha",
            percentage=77,
            milestone="Merging",
            startTime=iso(datetime.now(UTC)),
            lastUpdate=iso(datetime.now(UTC)),
        )
        gateway.lock("github.com/user/new", "sync-alpha")

    terminal = stopped(change)
    shows(terminal, "watching", "Alpha", "Gamma", of=ROOTS)
    terminal.wait_for("77% Merging", SOON)
    terminal.wait_for("github.com/user/new", SOON)
    place(gateway.root, "Delta")
    shows(terminal, "watching", "Alpha", "Gamma", "Delta", of=ROOTS)
