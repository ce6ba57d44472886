"""Sizes of directories, and sizes as text."""

from __future__ import annotations

import os
import subprocess
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.fs.sizes import directory_size
from clawtui.model.text.units import format_bytes


def test_all_regular_files_count_at_any_depth(tmp_path: Path) -> None:
    for n in range(1, 30):
        directory = tmp_path / "/".join("abc"[: n % 4])
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"file{n}").write_bytes(b"x" * n)
    assert directory_size(tmp_path) == sum(range(1, 30))


def test_links_are_not_followed_and_pipes_not_opened(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "big").write_bytes(b"x" * 10_000)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "real").write_bytes(b"x" * 7)
    (tree / "file-link").symlink_to(outside / "big")
    (tree / "directory-link").symlink_to(outside)
    (tree / "loop").symlink_to(tree)
    os.mkfifo(tree / "pipe")
    assert directory_size(tree) == 7
    assert directory_size(tree / "directory-link") == 0


def test_a_path_that_is_no_directory_has_no_size(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert directory_size(tmp_path / "file") == 0
    assert directory_size(tmp_path / "missing") == 0


def test_names_that_are_no_text_count_too(tmp_path: Path) -> None:
    directory = tmp_path / os.fsdecode(b"\xff")
    directory.mkdir()
    (directory / os.fsdecode(b"\xfe")).write_bytes(b"12345")
    assert directory_size(tmp_path) == 5


def test_a_tree_deeper_than_pythons_stack_is_measured(tmp_path: Path) -> None:
    directory = tmp_path
    for _ in range(1100):
        directory /= "d"
        directory.mkdir()
    (directory / "f").write_bytes(b"123")
    try:
        assert directory_size(tmp_path) == 3
    finally:
        subprocess.run(["rm", "-r", tmp_path / "d"], check=True)


@pytest.mark.slow
def test_a_tree_of_a_hundred_thousand_files_is_measured() -> None:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as tree:
        for n in range(100):
            directory = Path(tree) / f"{n}"
            directory.mkdir()
            descriptor = os.open(directory, os.O_RDONLY)
            for m in range(999):
                os.close(os.open(f"{m}", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
            os.close(descriptor)
            (directory / "full").write_bytes(b"x" * 10)
        assert directory_size(Path(tree)) == 1000


def test_measuring_stops_when_asked_to(tmp_path: Path) -> None:
    for n in range(10):
        (tmp_path / f"{n}").mkdir()
        (tmp_path / f"{n}/file").write_bytes(b"x")
    asked = count()
    assert directory_size(tmp_path, stop=lambda: next(asked) == 4) == 3
    assert directory_size(tmp_path, stop=lambda: True) == 0


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0.0 B"),
        (1023, "1023.0 B"),
        (1024, "1.0 KB"),
        (1280, "1.3 KB"),
        (52_428_800, "50.0 MB"),
        (1_048_575, "1024.0 KB"),
        (5 << 40, "5120.0 GB"),
    ],
)
def test_sizes_are_written_as_the_design_writes_them(count: int, text: str) -> None:
    assert format_bytes(count) == text


@given(st.integers(0, 1 << 50))
def test_a_sizes_text_is_the_nearest_tenth(count: int) -> None:
    number, unit = format_bytes(count).split()
    factor = 1024 ** ["B", "KB", "MB", "GB"].index(unit)
    assert abs(float(number) * factor - count) <= factor * 0.05 + factor * 1e-9
