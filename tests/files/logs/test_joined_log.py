"""Several logs as one, and the parts of a rotated one."""

from __future__ import annotations

import gzip
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.logs.index import LineIndex
from clawtui.files.logs.joined_log import JoinedLog, open_joined, rotated_parts
from clawtui.files.logs.line_access import AllLines
from clawtui.files.logs.log_data import LogData
from clawtui.files.logs.log_file import LogFile
from clawtui.files.logs.matches import Matches
from clawtui.files.logs.reader import LogStream
from clawtui.model.search.line_filter import literal_filter


def texts(data: LogData) -> list[bytes]:
    return [line.text for line in AllLines(data).after(0, 1000)]


LOGS = st.lists(st.text("ab7\n", max_size=12).map(str.encode), min_size=2, max_size=4)


@given(contents=LOGS, start=st.integers(0, 60), length=st.integers(0, 60))
def test_it_equals_one_log_with_all_lines(
    contents: list[bytes], start: int, length: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.getbasetemp()
    names = [f"part-{number}.jsonl" for number in range(len(contents))]
    for name, content in zip(names, contents, strict=True):
        (base / name).write_bytes(content)
    *older, last = contents
    whole = b"".join(part + b"\n" if part and not part.endswith(b"\n") else part for part in older) + last
    (base / "whole.jsonl").write_bytes(whole)
    with closing(JoinedLog(base, names)) as joined, closing(LogFile(base, "whole.jsonl")) as one:
        data, expected = joined.look(), one.look()
        assert (data.size, data.end) == (expected.size, expected.end)
        assert data.read(start, start + length) == expected.read(start, start + length)
        assert data.read_bytes(start, start + length) == whole[start : start + length]
        assert AllLines(data).after(0, 99) == AllLines(expected).after(0, 99)
        assert AllLines(data).before(data.end, 99) == AllLines(expected).before(expected.end, 99)
        assert LineIndex().lines_before(data, data.end) == LineIndex().lines_before(expected, expected.end)
        found = Matches(data, literal_filter("7"))
        assert found.total == Matches(expected, literal_filter("7")).total
        assert joined.look() is data


def test_the_last_one_grows_and_another_content_has_another_beginning(tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / name).write_bytes(name.encode() + b"\n")
    with closing(JoinedLog(tmp_path, ["1", "2"])) as joined:
        data = joined.look()
        with (tmp_path / "2").open("ab") as log:
            log.write(b"3\n")
        assert texts(joined.look()) == [b"1", b"2", b"3"]
        assert joined.look().beginning == data.beginning
        (tmp_path / "2").write_bytes(b"x\n")
        assert texts(joined.look()) == [b"1", b"x"]
        assert joined.look().beginning == data.beginning + 1
        with (tmp_path / "1").open("ab") as log:
            log.write(b"late\n")
        assert texts(joined.look()) == [b"1", b"late", b"x"]
        assert joined.look().beginning == data.beginning + 2


def test_rotated_parts_come_first_and_are_unpacked(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b"4\n")
    (tmp_path / "log.jsonl.1").write_bytes(b"3\n")
    (tmp_path / "log.jsonl.2.gz").write_bytes(gzip.compress(b"1\n2"))
    (tmp_path / "log.jsonl.4").write_bytes(b"of another rotation\n")
    assert rotated_parts(tmp_path, "log.jsonl") == ("log.jsonl.2.gz", "log.jsonl.1", "log.jsonl")
    with closing(open_joined(tmp_path, ["log.jsonl"])) as log:
        assert texts(log.look()) == [b"1", b"2", b"3", b"4"]
    with closing(LogStream(tmp_path, "log.jsonl", rotated=True)) as stream:
        assert list(stream.read()) == ["1", "2", "3", "4"]
    packed = gzip.compress(b"whole\n" * 100_000)
    (tmp_path / "log.jsonl.2.gz").write_bytes(packed[: len(packed) // 2])  # damaged: what can be read is shown
    with closing(open_joined(tmp_path, ["log.jsonl"])) as log:
        assert texts(log.look())[-2:] == [b"3", b"4"]
    (tmp_path / "log.jsonl.1").unlink()
    (tmp_path / "log.jsonl.1").symlink_to("/etc/hostname")
    assert rotated_parts(tmp_path, "log.jsonl") == ("log.jsonl",)
