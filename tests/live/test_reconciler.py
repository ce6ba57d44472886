from __future__ import annotations

import os
from pathlib import Path

import pytest

from clawtui.live.reconciler import PORTIONS, SMALLEST_PORTION, Reconciler
from clawtui.live.stat_cache import StatCache


@pytest.fixture
def inventory(tmp_path: Path) -> StatCache:
    """Everything below the root as it is now."""
    inventory = StatCache(tmp_path)
    (tmp_path / "below").mkdir()
    for path in ("a", "b", "below/c"):
        (tmp_path / path).write_text(path)
    for path in ("", "a", "b", "below", "below/c"):
        inventory.note(path, inventory.look(path))
    return inventory


def a_pass(sweep: Reconciler, twice: bool = False) -> set[str]:
    sweep.hasten()
    return set(sweep.advance(1.0, 10.0, twice))


def test_what_is_as_it_was_is_not_named(inventory: StatCache) -> None:
    assert a_pass(Reconciler(inventory, 0.0)) == set()


def test_whatever_differs_is_named(inventory: StatCache, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("longer than before")
    (tmp_path / "below" / "c").unlink()
    assert a_pass(Reconciler(inventory, 0.0)) == {"a", "below", "below/c"}
    (tmp_path / "new").touch()
    assert a_pass(Reconciler(inventory, 0.0)) == {"a", "below", "below/c", ""}


def test_a_rewrite_that_keeps_size_and_time_is_named_as_is_a_change_of_mode(
    inventory: StatCache, tmp_path: Path
) -> None:
    status = (tmp_path / "a").stat()
    (tmp_path / "a").write_text("A")
    os.utime(tmp_path / "a", ns=(status.st_atime_ns, status.st_mtime_ns))
    (tmp_path / "b").chmod(0o600)
    (tmp_path / "b").chmod(0o640)
    assert a_pass(Reconciler(inventory, 0.0)) == {"a", "b"}


def test_a_change_is_named_in_the_next_pass_again_where_no_hint_would_tell(
    inventory: StatCache, tmp_path: Path
) -> None:
    sweep = Reconciler(inventory, 0.0)
    (tmp_path / "a").write_text("changed")
    assert a_pass(sweep, twice=True) == {"a"}
    inventory.note("a", inventory.look("a"))
    assert a_pass(sweep, twice=True) == {"a"}
    assert a_pass(sweep, twice=True) == set()


def test_passes_are_an_interval_apart(inventory: StatCache, tmp_path: Path) -> None:
    sweep = Reconciler(inventory, 100.0)
    (tmp_path / "a").write_text("changed")
    assert sweep.due(4.0) == 104.0
    assert sweep.advance(103.9, 4.0, twice=False) == []
    assert sweep.advance(104.0, 4.0, twice=False) == ["a"]
    assert sweep.advance(107.9, 4.0, twice=False) == []
    assert sweep.advance(108.0, 4.0, twice=False) == ["a"]
    assert sweep.passes == 2


def test_a_large_fleet_is_compared_in_portions_and_none_of_it_is_left_out(tmp_path: Path) -> None:
    inventory = StatCache(tmp_path)
    paths = {f"{n % 7}/{n}" for n in range(PORTIONS * SMALLEST_PORTION * 2)}
    for path in paths:
        inventory.note(path, None)
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "7").touch()
    sweep = Reconciler(inventory, 0.0)
    sweep.hasten()
    found = sweep.advance(1.0, 10.0, twice=False)
    portions = 1
    while sweep.running:
        found += sweep.advance(1.0, 10.0, twice=False)
        portions += 1
    assert found == ["0/7"]
    assert portions == PORTIONS


def test_what_is_forgotten_is_not_looked_at(inventory: StatCache, tmp_path: Path) -> None:
    (tmp_path / "a").unlink()
    inventory.forget("a")
    assert a_pass(Reconciler(inventory, 0.0)) == {""}
    assert set(inventory.names("")) == {"b", "below"}
    assert set(inventory.folders()) == {"", "below"}


def test_files_in_doubt_differ_from_whatever_is_there(inventory: StatCache) -> None:
    inventory.doubt_files()
    assert a_pass(Reconciler(inventory, 0.0)) == {"a", "b", "below/c"}
