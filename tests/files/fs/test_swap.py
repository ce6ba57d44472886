"""Replacing a file that a gateway saves at the same time: no save is lost, and none is put over a newer one."""

from __future__ import annotations

import itertools
import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.files.fs import renameat2, swap
from clawtui.files.fs.atomic import remove, sweep_temp_files, write_atomic
from clawtui.files.fs.reading import read_bytes
from clawtui.model.errors import Changed
from clawtui.storage.stores.saving import retried
from tests.operations.killing import killed_at
from tests.renaming import around_rename, without_renameat2
from tests.storage.processes import forked

NAME = "state.json"
STEPS = (
    write_atomic,
    swap.replace_version,
    swap.remove_version,
    swap._put_back,
    swap._replace_weakly,
    renameat2.exchange,
    renameat2.rename_aside,
    renameat2.renameat2,
)


def save(base: Path, content: str) -> None:
    """Write a temp file and rename it, as the gateway does."""
    temp = base / f"{NAME}.gateway.{os.getpid()}"
    temp.write_text(content)
    temp.rename(base / NAME)


def read(base: Path) -> str:
    return (base / NAME).read_text()


def later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def test_a_save_at_the_last_instant_is_put_back_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = write_atomic(tmp_path, NAME, b"read")
    around_rename(monkeypatch, lambda: save(tmp_path, "fresh"))
    with pytest.raises(Changed, match="changed since it was read"):
        write_atomic(tmp_path, NAME, b"ours", stamp)
    assert read(tmp_path) == "fresh"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_save_before_and_one_after_the_exchange_leave_the_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = write_atomic(tmp_path, NAME, b"read")
    around_rename(monkeypatch, lambda: save(tmp_path, "fresh"), lambda: save(tmp_path, "fresher"))
    with pytest.raises(Changed):
        write_atomic(tmp_path, NAME, b"ours", stamp)
    assert read(tmp_path) == "fresher"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_save_before_every_exchange_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = write_atomic(tmp_path, NAME, b"read")
    serial = itertools.count(1)
    left = 7

    def overtake() -> None:
        nonlocal left
        if left:
            left -= 1
            save(tmp_path, f"save {next(serial)}")

    around_rename(monkeypatch, overtake, always=True)
    with pytest.raises(Changed):
        write_atomic(tmp_path, NAME, b"ours", stamp)
    assert read(tmp_path) == f"save {next(serial) - 1}"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_file_that_is_deleted_at_the_last_instant_stays_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = write_atomic(tmp_path, NAME, b"read")
    around_rename(monkeypatch, (tmp_path / NAME).unlink)
    with pytest.raises(Changed, match="gone"):
        write_atomic(tmp_path, NAME, b"ours", stamp)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("saves", [0, 1, 2, 3])
@pytest.mark.parametrize("act", ["write", "remove"])
def test_a_writer_killed_at_any_line_loses_no_save(tmp_path: Path, saves: int, act: str) -> None:
    for step in itertools.count(1):
        base = tmp_path / str(step)
        base.mkdir()
        stamp = write_atomic(base, NAME, b"read")
        serial = itertools.count(1)

        def work(base: Path = base, stamp: object = stamp, serial: itertools.count[int] = serial) -> None:
            with pytest.MonkeyPatch.context() as patch:

                def overtake() -> None:
                    if (number := next(serial)) <= saves:
                        time.sleep(0.005)  # longer than the clock of files takes from tick to tick
                        save(base, f"save {number}")
                        (base.parent / "last").write_text(str(number))

                around_rename(patch, overtake, always=True)
                try:
                    if act == "write":
                        write_atomic(base, NAME, b"ours", stamp)  # type: ignore[arg-type]
                    else:
                        remove(base, NAME, stamp)  # type: ignore[arg-type]
                except Changed:
                    assert saves

        (tmp_path / "last").write_text("0")
        killed = killed_at(step, STEPS, work)
        last = int((tmp_path / "last").read_text())
        sweep_temp_files(base, "", later())
        if last:
            assert read(base) == f"save {last}", step
        elif (base / NAME).exists():
            assert read(base) in ("read", "ours")
        else:
            assert act == "remove"
        assert len(list(base.iterdir())) <= 1
        if not killed:
            return


@pytest.mark.exhaustive
def test_no_save_of_a_fast_writer_is_lost(tmp_path: Path) -> None:
    """Both count in one document; each save reports to the reader what the one before it had."""
    save(tmp_path, json.dumps({"gateway": 0, "ours": 0}))

    def gateway() -> None:
        for _ in itertools.count():
            expected = int((tmp_path / "count").read_text()) if (tmp_path / "count").exists() else 0
            end = time.monotonic() + 1  # between an exchange and its undoing an earlier one is seen for an instant
            while (document := json.loads(read(tmp_path)))["gateway"] < expected and time.monotonic() < end:
                pass
            seen = document["gateway"]
            if seen < expected:
                with (tmp_path / "lost").open("a") as file:
                    file.write(f"{expected} {seen}\n")
            document["gateway"] = expected + 1
            save(tmp_path, json.dumps(document))
            temp = tmp_path / "count.new"
            temp.write_text(str(expected + 1))
            temp.rename(tmp_path / "count")
            time.sleep(0.002)

    def ours() -> None:
        data, stamp = read_bytes(tmp_path, NAME)
        document = json.loads(data)
        document["ours"] += 1
        write_atomic(tmp_path, NAME, json.dumps(document).encode(), stamp)

    updates = 0
    with forked(gateway):
        end = time.monotonic() + 6
        while time.monotonic() < end:
            retried(ours)
            updates += 1
    saves = int((tmp_path / "count").read_text())
    assert not (tmp_path / "lost").exists(), (saves, updates, (tmp_path / "lost").read_text())
    assert saves > 100
    assert updates > 20
    assert not [path.name for path in tmp_path.iterdir() if path.name.endswith(".tmp")]


def test_without_renameat2_the_file_is_compared_again_and_the_weaker_guarantee_reported_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = write_atomic(tmp_path, NAME, b"read")
    assert swap.weaker_guarantee() is None
    without_renameat2(monkeypatch)
    around_rename(monkeypatch, lambda: save(tmp_path, "fresh"))
    with pytest.raises(Changed):
        write_atomic(tmp_path, NAME, b"ours", stamp)
    assert read(tmp_path) == "fresh"
    write_atomic(tmp_path, NAME, b"ours", read_bytes(tmp_path, NAME)[1])
    assert read(tmp_path) == "ours"
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    note = swap.weaker_guarantee()
    assert note is not None
    assert "no renameat2" in note
    assert swap.weaker_guarantee() is None


@pytest.mark.parametrize(
    ("there", "expected"), [("ours", "save 1"), ("newer", "newer"), ("older", "save 1"), (None, "save 1")]
)
def test_a_captured_save_is_recovered_unless_there_is_a_newer_one(
    tmp_path: Path, there: str | None, expected: str
) -> None:
    stamp = write_atomic(tmp_path, NAME, b"read")

    save(tmp_path, "save 1")
    os.utime(tmp_path / NAME, (1000, 1000))
    saved = tmp_path / NAME
    aside = saved.rename(tmp_path / swap._swap_name(NAME, stamp, stamp))
    _put(there, tmp_path)
    if there == "ours":
        own = read_bytes(tmp_path, NAME)[1]
        aside = aside.rename(tmp_path / swap._swap_name(NAME, own, stamp))
    directory = os.open(tmp_path, os.O_RDONLY)
    try:
        assert swap.is_captured(directory, aside.name)
    finally:
        os.close(directory)
    sweep_temp_files(tmp_path, "", later())
    assert read(tmp_path) == expected
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def _put(there: str | None, base: Path) -> None:
    if there is not None:
        save(base, there)
        moment = 500 if there == "older" else 2000
        os.utime(base / NAME, (moment, moment))
