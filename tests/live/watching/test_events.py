"""The defaults of watchfiles that would be wrong here, and how they are replaced."""

from __future__ import annotations

import logging
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import clawtui
from clawtui.live.watching.events import WatchThread, watch_directories
from tests.live.test_live_cost import inotify_watches
from tests.waiting import wait_until

STEP = 0.003
Start = Callable[..., WatchThread]


class Reports:
    """The names that a thread has reported."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def add(self, paths: frozenset[str]) -> None:
        self.names += [path.rpartition("/")[2] for path in paths]


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def start(reports: Reports) -> Iterator[Start]:
    started: list[WatchThread] = []

    def begin(*directories: Path, step: float = STEP) -> WatchThread:
        thread = WatchThread(watch_directories, list(map(str, directories)), step, reports.add)
        started.append(thread)
        thread.start(10)
        return thread

    yield begin
    for thread in started:
        thread.stop()
        thread.join(10)
        assert not thread.alive


def test_only_the_public_interface_is_used() -> None:
    sources = Path(clawtui.__file__).parent.rglob("*.py")
    assert not [path for path in sources if "_rust_notify" in path.read_text() or "inotify_" in path.read_text()]


def test_it_is_known_when_the_directories_are_watched(tmp_path: Path, start: Start) -> None:
    """watchfiles watches from its first `next()` and does not say when; its first question to the stop event does."""
    thread = start(tmp_path)
    assert thread.alive
    if sys.platform == "linux":
        assert tmp_path.stat().st_ino in inotify_watches()


@pytest.mark.parametrize(
    "variable",
    ["WATCHFILES_FORCE_POLLING", "WATCHFILES_IGNORE_PERMISSION_DENIED", "WATCHFILES_DEBUG", "WATCHFILES_POLL_DELAY_MS"],
)
def test_environment_variables_do_not_affect_watching(
    tmp_path: Path,
    start: Start,
    reports: Reports,
    variable: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, "1")
    start(tmp_path)
    (tmp_path / "file").touch()
    wait_until(lambda: "file" in reports.names)
    if sys.platform == "linux":
        assert tmp_path.stat().st_ino in inotify_watches()
    assert isinstance(start(tmp_path / "gone").error, FileNotFoundError)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be taken for WSL")
def test_the_kernel_is_asked_even_where_watchfiles_takes_the_system_for_wsl(
    tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    wsl = platform.uname()._replace(release="5.15.90.1-microsoft-standard-WSL2")
    monkeypatch.setattr(platform, "uname", lambda: wsl)
    start(tmp_path)
    assert tmp_path.stat().st_ino in inotify_watches()


@pytest.mark.parametrize("name", ["node_modules", ".git", "x.pyc", "x.swp", "x~", ".DS_Store"])
def test_no_name_is_filtered_out(tmp_path: Path, start: Start, reports: Reports, name: str) -> None:
    start(tmp_path)
    (tmp_path / name).touch()
    wait_until(lambda: name in reports.names)


def test_a_stream_of_changes_is_not_held_back_until_it_ends(tmp_path: Path, start: Start, reports: Reports) -> None:
    """By default the first of them would be reported after 1.6 s."""
    start(tmp_path, step=0.05)
    end = time.monotonic() + 1.2
    number = 0
    while not reports.names and time.monotonic() < end:
        (tmp_path / f"{number}").touch()
        number += 1
    assert reports.names


def test_nothing_is_reported_without_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A timeout would drop what arrives while it ends, so there is none: an hour of silence is no report."""
    given: dict[str, object] = {}

    def record(*directories: str, **options: object) -> Iterator[set[tuple[int, str]]]:
        given.update(options)
        return iter(())

    monkeypatch.setattr("watchfiles.watch", record)
    watch_directories([str(tmp_path)], 3, threading.Event())
    assert given["rust_timeout"] == 0 and given["yield_on_timeout"] is False
    assert given["poll_delay_ms"] == 24 * 3600 * 1000


def test_a_retired_thread_reports_pending_changes_and_ends(tmp_path: Path, start: Start, reports: Reports) -> None:
    for number in range(10):
        thread = start(tmp_path, step=0.02)
        (tmp_path / f"{number}").touch()
        thread.retire()
        thread.join(10)
        assert not thread.alive
        assert f"{number}" in reports.names


@pytest.mark.parametrize("step", [0.003, 0.034, 0.2])
def test_a_retired_thread_looks_several_times_more_and_for_a_while(tmp_path: Path, step: float) -> None:
    thread = WatchThread(watch_directories, [str(tmp_path)], step, lambda paths: None)
    assert not thread.is_set()
    thread.retire()
    looks = 0
    while not thread.is_set():
        looks += 1
    assert looks >= 5
    assert 0.2 <= looks * step <= 1


def test_a_missing_directory_is_an_error(tmp_path: Path, start: Start) -> None:
    thread = start(tmp_path / "gone")
    assert not thread.alive
    assert isinstance(thread.error, FileNotFoundError)


def test_nothing_is_logged(
    tmp_path: Path, start: Start, reports: Reports, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    start(tmp_path)
    (tmp_path / "file").touch()
    wait_until(lambda: "file" in reports.names)
    assert capfd.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_thread_that_is_never_stopped_does_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from clawtui.live.watching.events import WatchThread, watch_directories\n"
        "thread = WatchThread(watch_directories, [sys.argv[1]], 0.001, lambda paths: None)\n"
        "assert thread.start(10)\n"
    )
    for _ in range(10):
        result = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], timeout=20, capture_output=True, text=True
        )
        assert (result.returncode, result.stderr) == (0, "")
