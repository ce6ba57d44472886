"""However the demo ends, no process of it is left, and no directory."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from clawtui.demo.gateway_process import GatewayFailed, GatewayProcess
from clawtui.demo.home import MARKER, NotOurs, in_use, kept_home, make_temporary, temporary_name
from tests.e2e.terminal import Terminal
from tests.waiting import has_ended, wait_until

GATEWAY = "clawtui.demo.gateway.main"


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    """Return the directory in which the demo makes its temporary files."""
    directory = tmp_path / "temp"
    directory.mkdir()
    return directory


DEMO = [sys.executable, "-m", "clawtui", "demo", "--speed=20", "--seed=5"]


@pytest.fixture
def terminal(temp: Path) -> Iterator[Terminal]:
    """Yield the demo once its dashboard is shown and its first runs have begun."""
    with Terminal(DEMO, env={"TMPDIR": str(temp)}) as terminal:
        wait_until(lambda: "sync-ripgrep" in terminal.text or "Sync ripgrep" in terminal.text, 30, "the dashboard")
        yield terminal
    wait_until(lambda: not _processes_in(temp), what="the end of every process")


def _processes_in(directory: Path) -> list[psutil.Process]:
    """Return every process that names ``directory``: the gateway its root, and its gits their remotes."""
    found = []
    for process in psutil.process_iter(["cmdline", "ppid", "status"]):
        words = " ".join(process.info["cmdline"] or ())
        if str(directory) in words and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def _gateway_in(directory: Path) -> psutil.Process:
    """Return the gateway without its children, which have its command line between fork and exec."""
    alike = [process for process in _processes_in(directory) if GATEWAY in process.info["cmdline"]]
    (gateway,) = [process for process in alike if process.info["ppid"] not in {other.pid for other in alike}]
    return gateway


def _nothing_left(temp: Path) -> bool:
    return not _processes_in(temp) and not list(temp.iterdir())


def _by_q(terminal: Terminal) -> None:
    terminal.press("q")


def _by_sigterm(terminal: Terminal) -> None:
    terminal.signal(signal.SIGTERM)


def _by_sighup(terminal: Terminal) -> None:
    terminal.signal(signal.SIGHUP)


def _by_sigkill(terminal: Terminal) -> None:
    terminal.signal(signal.SIGKILL)


def _by_closing_the_window(terminal: Terminal) -> None:
    terminal.hang_up()


@pytest.mark.slow
@pytest.mark.parametrize(
    "end",
    [
        _by_q,
        _by_sigkill,
        _by_closing_the_window,
        pytest.param(_by_sigterm, marks=pytest.mark.exhaustive),
        pytest.param(_by_sighup, marks=pytest.mark.exhaustive),
    ],
)
def test_the_demo_ends_with_its_dashboard(terminal: Terminal, temp: Path, end: Callable[[Terminal], None]) -> None:
    assert _gateway_in(temp)
    end(terminal)
    wait_until(lambda: _nothing_left(temp), 15, "the end of every process and directory")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_end_before_the_dashboard_leaves_no_files_and_processes(temp: Path, number: int) -> None:
    with Terminal(DEMO, env={"TMPDIR": str(temp)}) as terminal:
        wait_until(lambda: list(temp.glob("clawtui-demo-*")), 30, "the directory")
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        wait_until(lambda: _nothing_left(temp), what="the end of every process and directory")


@pytest.mark.slow
def test_a_gateway_that_is_killed_leaves_its_directory_to_the_dashboard(terminal: Terminal, temp: Path) -> None:
    _gateway_in(temp).kill()
    wait_until(lambda: not _processes_in(temp), what="the end of the gateway")
    assert list(temp.iterdir())
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert _nothing_left(temp)


@pytest.mark.slow
def test_the_terminals_interrupt_does_not_reach_the_gateway(terminal: Terminal, temp: Path) -> None:
    gateway = _gateway_in(temp)
    assert os.getsid(gateway.pid) == gateway.pid
    for number in (signal.SIGINT, signal.SIGHUP):
        gateway.send_signal(number)
    log = next(temp.glob("clawtui-demo-*/automations/logs/dispatcher/*.jsonl"))
    size = log.stat().st_size
    wait_until(lambda: log.stat().st_size > size, what="the next dispatch")
    assert gateway.is_running()


class _Broken(Exception):
    pass


def _started(home: Path, *arguments: str) -> GatewayProcess:
    return GatewayProcess(home, ["--speed=20", "--seed=5", *arguments])


def test_an_exception_of_the_dashboard_ends_the_gateway(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "kept")
    with pytest.raises(_Broken), _started(home) as gateway:
        assert psutil.pid_exists(gateway.pid)
        raise _Broken
    assert not _processes_in(home)
    assert (home / "automations").is_dir()


def test_a_gateway_whose_directory_is_removed_ends_by_itself_and_quietly(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "kept")
    with _started(home) as gateway:
        process = psutil.Process(gateway.pid)
        home.rename(tmp_path / "away")
        wait_until(lambda: has_ended(process), what="the end of the gateway")
    assert (tmp_path / "away" / "demo-errors.log").read_text() == ""
    assert not home.exists()


def test_a_gateway_that_is_terminated_cancels_its_runs_and_releases_everything(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "kept")
    slots = home / "automations" / "config" / "concurrency-state.json"
    with _started(home):
        wait_until(lambda: "cron:" in slots.read_text(), what="a slot that is taken")
    assert '"activeSlots": []' in slots.read_text()
    mine = [path for path in (home / "automations" / "locks").glob("*.lock") if "ripgrep" in path.name]
    assert not mine


def test_a_gateway_that_cannot_start_reports_the_reason(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "kept")
    with pytest.raises(GatewayFailed, match=r"did not start: .*invalid float"), _started(home, "--speed=fast"):
        raise AssertionError("it started")
    assert not _processes_in(home)


def _command(temp: Path, *options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clawtui", "demo", *options]
    environment = os.environ | {"TMPDIR": str(temp)}
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, check=False, timeout=60
    )


def test_without_a_terminal_the_demo_is_refused_and_leaves_nothing(temp: Path) -> None:
    ended = _command(temp)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("clawtui: the dashboard needs a terminal")
    assert _nothing_left(temp)


def test_a_directory_with_other_files_is_refused(temp: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()
    with Terminal([*DEMO, "--keep", tmp_path / "mine"], env={"TMPDIR": str(temp)}) as terminal:
        assert terminal.wait_exit(30) == 3
        assert "name an empty or a new directory" in " ".join(terminal.text.split())
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_a_kept_directory_is_used_again_by_the_next_demo(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "kept")
    (home / "automations").mkdir()
    (home / "automations" / "left-over").touch()
    assert kept_home(home) == home
    assert [path.name for path in home.iterdir()] == [MARKER]


def test_a_directory_with_anything_else_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "automations").mkdir()
    with pytest.raises(NotOurs, match="no demo made it"):
        kept_home(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["automations"]


def test_a_directory_in_which_a_demo_is_going_on_is_refused(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "kept")
    with in_use(home), pytest.raises(NotOurs, match="another demo is running"):
        kept_home(home)


def test_temporary_homes_are_private_and_never_the_same(monkeypatch: pytest.MonkeyPatch, temp: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    homes = [temporary_name(), temporary_name()]
    for home in homes:
        make_temporary(home)
    assert len(set(homes)) == 2
    assert all(home.parent == temp and home.stat().st_mode & 0o777 == 0o700 for home in homes)
    with pytest.raises(FileExistsError):
        make_temporary(homes[0])


def test_the_demo_says_that_it_is_starting_before_the_costly_imports(temp: Path) -> None:
    command = [sys.executable, "-X", "importtime", *DEMO[1:]]
    with Terminal(command, cols=200, env={"TMPDIR": str(temp)}) as terminal:
        wait_until(lambda: b"textual" in terminal.since(0), 30, "the import of textual")
        output = terminal.since(0)
    assert 0 <= output.find("Starting the simulated gateway …".encode()) < output.index(b"textual")
    wait_until(lambda: not _processes_in(temp), what="the end of every process")
