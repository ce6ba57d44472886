from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.live import inotify
from clawtui.live.inotify import Event, InotifyWatcher, events
from tests.live.test_live_cost import inotify_watches

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has it")


@pytest.fixture
def watcher() -> Iterator[InotifyWatcher]:
    watcher = InotifyWatcher()
    yield watcher
    watcher.close()


def told(watcher: InotifyWatcher) -> set[str]:
    hints = watcher.collect()
    assert not hints.doubt
    return set(hints.paths)


names = st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name)


@given(st.lists(st.tuples(st.integers(1, 2**31 - 1), st.integers(0, 2**32 - 1), names, st.integers(1, 16))))
def test_every_event_of_a_read_is_found_whatever_its_name_and_padding(
    sent: list[tuple[int, int, bytes, int]],
) -> None:
    data = b""
    for watch, mask, name, padding in sent:
        padded = name + bytes(padding)
        data += watch.to_bytes(4, sys.byteorder) + mask.to_bytes(4, sys.byteorder) + bytes(4)
        data += len(padded).to_bytes(4, sys.byteorder) + padded
    assert list(events(data)) == [Event(watch, mask, name) for watch, mask, name, _ in sent]


def test_a_change_in_a_watched_directory_is_told_at_once_and_one_below_it_is_not(
    watcher: InotifyWatcher, tmp_path: Path
) -> None:
    (tmp_path / "below").mkdir()
    watcher.watch([str(tmp_path)])
    (tmp_path / "below" / "hidden").touch()
    (tmp_path / "seen").touch()
    assert told(watcher) == {str(tmp_path / "seen")}


def test_a_directory_is_added_without_losing_what_the_others_had_to_tell(
    watcher: InotifyWatcher, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    watcher.watch([str(old)])
    (old / "before").touch()
    hints = watcher.watch([str(old), str(new)], anew=[str(new)])
    (new / "after").touch()
    (old / "after").touch()
    assert hints.paths | told(watcher) == {str(old / "before"), str(new / "after"), str(old / "after")}


def test_adding_one_directory_among_many_asks_the_kernel_once(
    watcher: InotifyWatcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [tmp_path / f"{number}" for number in range(200)]
    for directory in many:
        directory.mkdir()
    watcher.watch(list(map(str, many[1:])))
    calls = []
    call = inotify._call

    def counted(name: str, *arguments: int | bytes | None) -> int:
        calls.append(name)
        return call(name, *arguments)

    monkeypatch.setattr(inotify, "_call", counted)
    watcher.watch(list(map(str, many)), anew=[str(many[0])])
    assert calls == ["inotify_add_watch"]


def test_a_directory_that_is_made_again_is_told_and_can_be_watched_again(
    watcher: InotifyWatcher, tmp_path: Path
) -> None:
    directory = tmp_path / "directory"
    directory.mkdir()
    watcher.watch([str(directory)])
    directory.rmdir()
    assert told(watcher) == {str(directory)}
    directory.mkdir()
    watcher.watch([str(directory)], anew=[str(directory)])
    (directory / "file").touch()
    assert str(directory / "file") in told(watcher)


def test_a_directory_that_was_renamed_is_never_told_of_under_its_old_name(
    watcher: InotifyWatcher, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    watcher.watch([str(old)])
    old.rename(new)
    (new / "file").touch()
    assert str(old) in told(watcher)
    (new / "another").touch()
    assert told(watcher) == set()
    watcher.watch([str(new)], anew=[str(new)])
    (new / "file").unlink()
    assert told(watcher) == {str(new / "file")}


def test_one_directory_under_two_names_in_turn_is_told_of_under_the_last(
    watcher: InotifyWatcher, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    watcher.watch([str(old)])
    old.rename(new)
    watcher.watch([str(old), str(new)], anew=[str(new)])
    watcher.watch([str(new)], anew=[str(new)])
    (new / "file").touch()
    assert str(new / "file") in told(watcher)


def test_directories_that_are_not_wanted_any_more_are_not_watched(watcher: InotifyWatcher, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    watcher.watch([str(one), str(other)])
    watcher.watch([str(one)], anew=[])
    assert one.stat().st_ino in inotify_watches()
    assert other.stat().st_ino not in inotify_watches()


def test_a_file_a_missing_directory_and_one_that_cannot_be_read_are_left_out(
    watcher: InotifyWatcher, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    hints = watcher.watch([str(tmp_path / "gone"), str(tmp_path / "file"), str(tmp_path)])
    assert watcher.serving and not hints.doubt
    (tmp_path / "another").touch()
    assert told(watcher) == {str(tmp_path / "another")}


def test_a_name_that_is_not_utf_8_has_its_directory_looked_at(watcher: InotifyWatcher, tmp_path: Path) -> None:
    watcher.watch([str(tmp_path)])
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")).touch()
    assert told(watcher) == {str(tmp_path)}


def test_hints_that_were_lost_put_everything_in_doubt(watcher: InotifyWatcher, tmp_path: Path) -> None:
    watcher.watch([str(tmp_path)])
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    script = 'i=0; while [ $i -lt $1 ]; do : > "$2/$((i % 2))"; i=$((i+1)); done'
    subprocess.run(["sh", "-c", script, "sh", str(limit), str(tmp_path)], check=True)
    assert watcher.collect().doubt
    assert watcher.serving and not watcher.collect().doubt


def test_without_another_instance_nothing_serves(watcher: InotifyWatcher, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unused = os.open("/dev/null", os.O_RDONLY)
    os.close(unused)
    resource.setrlimit(resource.RLIMIT_NOFILE, (unused, hard))
    try:
        hints = watcher.watch([str(tmp_path)])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert hints.doubt and not watcher.serving and watcher.descriptor is None
    assert not watcher.watch([str(tmp_path)]).doubt and watcher.serving


def test_without_another_watch_nothing_serves_and_nothing_is_left_open(
    watcher: InotifyWatcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = inotify._call

    def full(name: str, *arguments: int | bytes | None) -> int:
        if name == "inotify_add_watch":
            raise OSError(errno.ENOSPC, "no space")
        return call(name, *arguments)

    monkeypatch.setattr(inotify, "_call", full)
    before = len(list(Path("/proc/self/fd").iterdir()))
    assert watcher.watch([str(tmp_path)]).doubt
    assert not watcher.serving
    assert len(list(Path("/proc/self/fd").iterdir())) == before
