"""A log that is rotated while it is followed."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from clawtui.files.logs.followed_log import FollowedLog

NAME = "a.jsonl"

ROTATING_WRITER = """
import os, sys
name, count, kept = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
log = open(name, "ab", buffering=0)
for number in range(count):
    log.write(b"%d\\n" % number)
    if number % 50 == 49:
        for part in range(kept, 0, -1):
            if os.path.exists(f"{name}.{part}"):
                os.rename(f"{name}.{part}", f"{name}.{part + 1}")
        os.rename(name, f"{name}.1")
        log.write(b"%d late\\n" % number)
        log = open(name, "ab", buffering=0)
"""


def lines(log: FollowedLog, *, final: bool = False) -> list[str]:
    return [line.decode() for block in log.read_blocks(final=final) for line in block]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / NAME


def test_a_writer_that_rotates_all_the_time_loses_no_line_and_none_is_read_twice(tmp_path: Path, log: Path) -> None:
    count = 3000
    writer = subprocess.Popen([sys.executable, "-c", ROTATING_WRITER, str(log), str(count), "90"])
    found: list[str] = []
    deadline = time.monotonic() + 60
    with closing(FollowedLog(tmp_path, NAME)) as followed:
        while writer.poll() is None and time.monotonic() < deadline:
            found += lines(followed)
        found += lines(followed, final=True)
    assert writer.wait(60) == 0
    late = [f"{number} late" for number in range(49, count, 50)]
    assert sorted(found) == sorted([*map(str, range(count)), *late])
    assert [line for line in found if line.isdigit()] == [*map(str, range(count))]


def test_parts_that_came_and_went_between_two_reads_are_read_also_where_they_are_compressed(
    tmp_path: Path, log: Path
) -> None:
    log.write_text("1\n")
    with closing(FollowedLog(tmp_path, NAME)) as followed:
        assert lines(followed) == ["1"]
        with log.open("a") as stream:
            stream.write("2\n")
        log.rename(f"{log}.3")
        Path(f"{log}.2.gz").write_bytes(gzip.compress(b"3\n4"))
        Path(f"{log}.1").write_text("5\n")
        log.write_text("6\n")
        assert lines(followed) == ["2", "3", "4", "5", "6"]
        assert lines(followed, final=True) == []


def test_of_a_log_that_is_copied_and_truncated_the_copy_has_the_rest(tmp_path: Path, log: Path) -> None:
    log.write_text("1\n")
    with closing(FollowedLog(tmp_path, NAME)) as followed:
        assert lines(followed) == ["1"]
        with log.open("a") as stream:
            stream.write("2\n3\n")
        shutil.copy(log, f"{log}.1")
        os.truncate(log, 0)
        with log.open("a") as stream:
            stream.write("4\n")
        assert lines(followed) == ["2", "3", "4"]
        os.truncate(log, 0)
        with log.open("a") as stream:
            stream.write("5 and no copy\n")
        assert lines(followed) == ["5 and no copy"]


def test_parts_of_before_are_read_once_and_a_log_that_is_missing_for_a_moment_is_no_other(
    tmp_path: Path, log: Path
) -> None:
    Path(f"{log}.1").write_text("1\n")
    log.write_text("2\n")
    with closing(FollowedLog(tmp_path, NAME)) as followed:
        assert lines(followed) == ["1", "2"]
        Path(f"{log}.1").rename(f"{log}.2")
        log.rename(f"{log}.1")
        with Path(f"{log}.1").open("a") as stream:
            stream.write("3\nhalf of")
            stream.flush()
            assert lines(followed) == ["3"]
            log.write_text("4\n")
            assert lines(followed) == ["4"]
            stream.write(" a line\n")
        assert lines(followed, final=True) == ["half of a line"]
