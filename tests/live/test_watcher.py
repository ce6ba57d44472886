from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from clawtui.live.watcher import Notify, Watcher, _ThirdLook, rust_notify
from tests.live.watched import limit_reached
from tests.waiting import wait_until


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher()
    yield watcher
    watcher.close()


class Told:
    """The names of all that a watcher told."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self.names: set[str] = set()

    def listen(self) -> set[str]:
        self.names |= {path.rpartition("/")[2] for path in self._watcher.collect().paths}
        return self.names


def test_a_change_in_a_watched_directory_is_told_and_one_below_it_is_not(watcher: Watcher, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    watcher.watch([str(tmp_path)])
    (tmp_path / "below" / "hidden").touch()
    (tmp_path / "seen").touch()
    told = Told(watcher)
    wait_until(lambda: "seen" in told.listen())
    assert told.names == {"seen"}


def test_collecting_forgets_nothing_however_often_it_happens_to_find_nothing(watcher: Watcher, tmp_path: Path) -> None:
    watcher.watch([str(tmp_path)])
    script = 'i=0; while [ $i -lt 1000 ]; do : > "$1/$i"; i=$((i+1)); done'
    writer = subprocess.Popen(["sh", "-c", script, "sh", str(tmp_path)])
    told = Told(watcher)
    wait_until(lambda: len(told.listen()) == 1000)
    assert writer.wait() == 0
    assert told.names == set(map(str, range(1000)))


def test_what_comes_in_while_collecting_ends_is_told_the_next_time(
    watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Watcher()
    told_to_witness = Told(witness)

    class Late(_ThirdLook):
        """Lets a change come in between the last look and the end."""

        def is_set(self) -> bool:
            if self._looks == 2 and not (tmp_path / "late").exists():
                (tmp_path / "late").touch()
                wait_until(lambda: "late" in told_to_witness.listen())
            return super().is_set()

    witness.watch([str(tmp_path)])
    watcher.watch([str(tmp_path)])
    monkeypatch.setattr("clawtui.live.watcher._ThirdLook", Late)
    told = Told(watcher)
    told.listen()
    witness.close()
    assert (tmp_path / "late").exists()
    wait_until(lambda: "late" in told.listen())


def test_what_the_old_watcher_knew_is_told_when_the_new_one_takes_over(watcher: Watcher, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    watcher.watch([str(old)])
    told: set[str] = set()

    def rebuilt() -> bool:
        (old / "file").touch()
        told.update(watcher.watch([str(old), str(new)]).paths)
        return str(old / "file") in told

    wait_until(rebuilt)
    (new / "file").touch()
    wait_until(lambda: "file" in Told(watcher).listen())


def test_a_directory_that_vanished_is_left_out(watcher: Watcher, tmp_path: Path) -> None:
    hints = watcher.watch([str(tmp_path / "gone"), str(tmp_path)])
    assert watcher.serving and not hints.doubt
    (tmp_path / "file").touch()
    wait_until(lambda: "file" in Told(watcher).listen())


def test_a_file_name_that_is_not_utf_8_raises_doubt_once_and_a_new_watcher_serves(
    watcher: Watcher, tmp_path: Path
) -> None:
    watcher.watch([str(tmp_path)])
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")).touch()
    wait_until(lambda: watcher.collect().doubt)
    assert not watcher.serving and not watcher.collect().doubt
    watcher.watch([str(tmp_path)])
    (tmp_path / "file").touch()
    wait_until(lambda: "file" in Told(watcher).listen())


def test_a_directory_whose_name_is_not_utf_8_is_left_out(watcher: Watcher, tmp_path: Path) -> None:
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")
    Path(odd).mkdir()
    watcher.watch([odd])
    assert not watcher.serving
    watcher.watch([odd, str(tmp_path)])
    assert watcher.serving


def test_without_watches_nothing_serves_and_everything_is_in_doubt(tmp_path: Path) -> None:
    watcher = Watcher(limit_reached)
    assert watcher.watch([str(tmp_path)]).doubt
    assert not watcher.serving
    assert watcher.collect() == (frozenset(), False)


def test_without_another_watcher_nothing_serves(watcher: Watcher, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unused = os.open("/dev/null", os.O_RDONLY)
    os.close(unused)
    resource.setrlimit(resource.RLIMIT_NOFILE, (unused, hard))
    try:
        hints = watcher.watch([str(tmp_path)])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert hints.doubt and not watcher.serving


def test_where_old_and_new_together_are_too_much_the_old_one_goes_first(tmp_path: Path) -> None:
    built: list[Notify] = []
    refused: list[list[str]] = []

    def one_at_a_time(directories: list[str]) -> Notify:
        if len(built) == 1 and not refused:
            refused.append(directories)
            limit_reached(directories)
        built.append(rust_notify(directories))
        return built[-1]

    watcher = Watcher(one_at_a_time)
    watcher.watch([str(tmp_path)])
    hints = watcher.watch([str(tmp_path)])
    assert refused and watcher.serving
    assert hints.doubt, "nobody watched between the two"
    watcher.close()
