from __future__ import annotations

import os
from pathlib import Path

import pytest

from clawtui.live.reconciler import PORTIONS, SMALLEST_PORTION, Reconciler
from clawtui.live.stat_cache import StatCache

LATER = 2 << 60
"""Nanoseconds: a time at which no file has just been changed."""


@pytest.fixture
def stats(tmp_path: Path) -> StatCache:
    """Return a cache of everything below the root as it is now."""
    stats = StatCache(tmp_path, clock=lambda: LATER)
    (tmp_path / "below").mkdir()
    for path in ("a", "b", "below/c"):
        (tmp_path / path).write_text(path)
    for path in ("", "a", "b", "below", "below/c"):
        stats.store(path, stats.stat(path))
    return stats


def a_pass(reconciler: Reconciler, twice: bool = False) -> set[str]:
    reconciler.run_soon()
    return set(reconciler.advance(1.0, 10.0, twice))


def test_unchanged_files_are_not_reported(stats: StatCache) -> None:
    assert a_pass(Reconciler(stats, 0.0)) == set()


def test_changed_files_are_reported(stats: StatCache, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("longer than before")
    (tmp_path / "below" / "c").unlink()
    assert a_pass(Reconciler(stats, 0.0)) == {"a", "below", "below/c"}
    (tmp_path / "new").touch()
    assert a_pass(Reconciler(stats, 0.0)) == {"a", "below", "below/c", ""}


def test_a_rewrite_that_keeps_size_and_time_is_named_as_is_a_change_of_mode(stats: StatCache, tmp_path: Path) -> None:
    status = (tmp_path / "a").stat()
    (tmp_path / "a").write_text("A")
    os.utime(tmp_path / "a", ns=(status.st_atime_ns, status.st_mtime_ns))
    (tmp_path / "b").chmod(0o600)
    (tmp_path / "b").chmod(0o640)
    assert a_pass(Reconciler(stats, 0.0)) == {"a", "b"}


def test_a_change_is_named_in_the_next_pass_again_where_the_kernel_would_not_report_it(
    stats: StatCache, tmp_path: Path
) -> None:
    reconciler = Reconciler(stats, 0.0)
    (tmp_path / "a").write_text("changed")
    assert a_pass(reconciler, twice=True) == {"a"}
    stats.store("a", stats.stat("a"))
    assert a_pass(reconciler, twice=True) == {"a"}
    assert a_pass(reconciler, twice=True) == set()


def test_passes_are_an_interval_apart(stats: StatCache, tmp_path: Path) -> None:
    reconciler = Reconciler(stats, 100.0)
    (tmp_path / "a").write_text("changed")
    assert reconciler.due(4.0) == 104.0
    assert reconciler.advance(103.9, 4.0, twice=False) == []
    assert reconciler.advance(104.0, 4.0, twice=False) == ["a"]
    assert reconciler.advance(107.9, 4.0, twice=False) == []
    assert reconciler.advance(108.0, 4.0, twice=False) == ["a"]
    assert reconciler.passes == 2


def test_a_large_fleet_is_compared_in_portions_and_none_of_it_is_left_out(tmp_path: Path) -> None:
    stats = StatCache(tmp_path, clock=lambda: LATER)
    paths = {f"{n % 7}/{n}" for n in range(PORTIONS * SMALLEST_PORTION * 2)}
    for path in paths:
        stats.store(path, None)
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "7").touch()
    reconciler = Reconciler(stats, 0.0)
    reconciler.run_soon()
    found = reconciler.advance(1.0, 10.0, twice=False)
    portions = 1
    while reconciler.running:
        found += reconciler.advance(1.0, 10.0, twice=False)
        portions += 1
    assert found == ["0/7"]
    assert portions == PORTIONS


def test_removed_directories_are_not_compared(stats: StatCache, tmp_path: Path) -> None:
    (tmp_path / "a").unlink()
    stats.remove("a")
    assert a_pass(Reconciler(stats, 0.0)) == {""}
    assert set(stats.names("")) == {"b", "below"}
    assert set(stats.directories()) == {"", "below"}


def test_invalidated_files_differ_from_any_file(stats: StatCache) -> None:
    stats.invalidate_files()
    assert a_pass(Reconciler(stats, 0.0)) == {"a", "b", "below/c"}


@pytest.mark.parametrize("twice", [False, True])
def test_a_file_that_was_read_right_after_a_change_is_named_once_more(tmp_path: Path, twice: bool) -> None:
    """It may have changed again within the same tick of the file system's clock, before the kernel reported changes."""
    stats = StatCache(tmp_path)
    (tmp_path / "a").write_text("a")
    stats.store("a", stats.stat("a"))
    reconciler = Reconciler(stats, 0.0)
    if not twice:
        reconciler.run_soon()
    assert reconciler.advance(10.0, 10.0, twice) == ["a"]
    reconciler.run_soon()
    assert reconciler.advance(11.0, 10.0, twice) == []


def test_while_the_kernel_reports_changes_a_file_is_read_once(tmp_path: Path) -> None:
    stats = StatCache(tmp_path)
    (tmp_path / "a").write_text("a")
    stats.store("a", stats.stat("a"))
    reconciler = Reconciler(stats, 0.0)
    assert reconciler.advance(10.0, 10.0, twice=False) == []
    reconciler.run_soon()
    assert reconciler.advance(11.0, 10.0, twice=False) == [], "it has been read long before"


def test_a_pass_over_urgent_paths_forgets_no_fresh_file(tmp_path: Path) -> None:
    stats = StatCache(tmp_path)
    (tmp_path / "a").write_text("a")
    stats.store("a", stats.stat("a"))
    assert Reconciler(stats, 0.0, lambda: ["a"]).advance(10.0, 10.0, twice=True) == []
    assert stats.take_fresh() == {"a"}


def test_many_files_of_one_directory_are_compared_without_an_access_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are compared through a descriptor whose opening the kernel does not report."""
    stats = StatCache(tmp_path)
    names = [f"{number}.json" for number in range(100)]
    for directory in ("many", "few"):
        (tmp_path / directory).mkdir()
        for name in names if directory == "many" else names[:3]:
            (tmp_path / directory / name).write_text("{}")
            stats.store(f"{directory}/{name}", stats.stat(f"{directory}/{name}"))
    assert stats.differing(stats.paths()) == []
    (tmp_path / "many" / "7.json").write_text("changed")
    (tmp_path / "many" / "8.json").unlink()
    (tmp_path / "few" / "1.json").chmod(0o640)
    stats.store("gone/1.json", stats.stat("many/1.json"))
    changed = {"many/7.json", "many/8.json", "few/1.json", "gone/1.json"}
    opened: list[int] = []
    open_ = os.open

    def recorded(path: str, flags: int) -> int:
        opened.append(flags)
        return open_(path, flags)

    monkeypatch.setattr(os, "open", recorded)
    for known in (list(stats.paths()), sorted(stats.paths(), key=lambda path: path.rpartition("/")[2])):
        assert set(stats.differing(known)) == changed
    if hasattr(os, "O_PATH"):
        assert len(opened) == 2 and all(flags & os.O_PATH for flags in opened)
    monkeypatch.delattr(os, "O_PATH", raising=False)
    assert set(stats.differing(stats.paths())) == changed


def test_directories_get_no_second_look(tmp_path: Path) -> None:
    """They are listed when they are watched. To list them once more finds new ones before their events, which cause
    another generator each."""
    stats = StatCache(tmp_path)
    (tmp_path / "below").mkdir()
    stats.store("below", stats.stat("below"))
    assert stats.take_fresh() == set()
