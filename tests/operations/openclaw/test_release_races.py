"""Races for a stock gateway's lock with a process that takes it as the gateway does."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from clawtui.files.fs import renameat2
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.operations.evidence.processes import why_hidden
from clawtui.operations.openclaw.release_lock import ReleasedOwnedLock, look_at_owned_lock
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.user.audit import Audit
from tests.openclaw.gateway_store import json_store
from tests.operations.openclaw.lock_taker import NO_PID
from tests.operations.openclaw.test_release_lock import GATEWAY, Stock, now

TAKER = Path(__file__).with_name("lock_taker.py")

pytestmark = pytest.mark.skipif(why_hidden() is not None, reason="not all processes can be seen from here")


@contextmanager
def taker(path: Path, mode: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(TAKER), str(path), mode]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        try:
            yield process
        finally:
            process.stdin.close()
            process.wait()


def test_a_process_that_takes_the_lock_while_it_is_released_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the comparison and the rename, so that its lock is moved, and put back."""
    json_store(tmp_path / "root", [])
    stock = Stock(tmp_path / "root", tmp_path / "own")
    file, rename = stock.lock(GATEWAY), renameat2.rename_aside
    processes = []

    def taken_first(directory: int, name: str, aside: str, *, final: bool = False) -> None:
        process = subprocess.Popen(
            [sys.executable, str(TAKER), str(file), "once"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        processes.append(process)
        assert process.stdout is not None and process.stdout.readline() == "taken\n"
        rename(directory, name, aside, final=final)

    monkeypatch.setattr("clawtui.storage.locks.lock_file.rename_aside", taken_first)
    try:
        with pytest.raises(Changed, match="is another lock by now"):
            stock.release(GATEWAY)
        assert [path.name for path in file.parent.iterdir()] == [file.name]
        assert look_at_owned_lock(stock.root, GATEWAY, now()).judged.verdict == "live"
        assert Audit(stock.own).recent()[-1].outcome == "changed"
    finally:
        for process in processes:
            process.communicate()


def test_no_lock_is_lost_in_a_race_with_a_process_that_acquires_it(tmp_path: Path) -> None:
    json_store(tmp_path / "root", [])
    stock = Stock(tmp_path / "root", tmp_path / "own")
    stock.lock(GATEWAY)
    released: list[ReleasedOwnedLock] = []
    until = time.monotonic() + 60
    with taker(stock.root / GATEWAY, "race") as process:
        while len(released) < 3 and time.monotonic() < until:
            try:
                released.append(stock.release(GATEWAY))
            except Overlap as error:
                pytest.fail(str(error))
            except (Changed, NoSuch, Refused):
                continue
        output, _ = process.communicate("end\n")
    assert json.loads(output)["lost"] == []
    assert len(released) == 3
    moved = [json.loads((stock.root / each.aside.path).read_text()) for each in released]
    assert {lock["pid"] for lock in moved} == {NO_PID}
