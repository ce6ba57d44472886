"""One log under everything that can happen to it."""

from __future__ import annotations

import os
import re
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from clawtui.files.logs.index import BLOCK, LineIndex
from clawtui.files.logs.line_access import AllLines
from clawtui.files.logs.log_data import LogData
from clawtui.files.logs.log_file import LogFile
from clawtui.files.logs.matches import Matches
from clawtui.files.logs.reader import LogStream
from clawtui.model.errors import Unreadable
from clawtui.model.search.line_filter import MAX_LINE_BYTES, LineFilter, literal_filter

NAME = "logs/dispatcher/2025-01-26.jsonl"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    log = tmp_path / NAME
    log.parent.mkdir(parents=True)
    return log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LogFile]:
    with closing(LogFile(tmp_path, NAME)) as log:
        yield log


def append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def texts(data: LogData) -> list[bytes]:
    return [line.text for line in AllLines(data).after(0, 1_000_000)]


def test_a_missing_log_has_no_lines_until_it_is_created(path: Path, log: LogFile) -> None:
    assert (log.look().size, texts(log.look())) == (0, [])
    append(path, b"one\n")
    assert texts(log.look()) == [b"one"]


def test_nothing_new_is_the_very_same_value(path: Path, log: LogFile) -> None:
    append(path, b"one\ntw")
    assert log.look() is log.look()


def test_an_incomplete_line_is_not_shown(path: Path, log: LogFile) -> None:
    append(path, b"one\ntw")
    assert (log.look().size, log.look().end) == (6, 4)
    append(path, b"o\n")
    assert log.look().end == 8


def test_of_a_line_that_was_torn_when_the_log_was_replaced_nothing_is_left(path: Path, tmp_path: Path) -> None:
    with closing(LogStream(tmp_path, NAME)) as stream:
        append(path, b"one\ntorn")
        assert list(stream.read()) == ["one"]
        path.unlink()
        append(path, b"new\n")
        assert list(stream.read()) == ["new"]
        assert stream.beginning == 1


@pytest.mark.parametrize("how", ["truncate", "rewrite", "rotate", "replace", "remove"])
def test_a_replaced_or_truncated_log_has_a_new_beginning(path: Path, log: LogFile, how: str) -> None:
    append(path, b"one\ntwo\n")
    before = log.look()
    if how == "truncate":
        os.truncate(path, 4)
    elif how == "rewrite":
        path.write_bytes(b"ONE\nTWO\n")
    elif how == "rotate":
        path.rename(path.with_suffix(".1"))
        append(path, b"one\ntwo\nthree\n")
    elif how == "replace":
        path.with_suffix(".tmp").write_bytes(b"one\ntwo\nthree\n")
        path.with_suffix(".tmp").replace(path)
    else:
        path.unlink()
    after = log.look()
    assert after.beginning == before.beginning + 1
    assert texts(after) == (path.read_bytes().split(b"\n")[:-1] if path.exists() else [])


def test_an_unreadable_log_is_reported_and_read_once_it_is_readable(path: Path, log: LogFile) -> None:
    path.symlink_to("/etc/hostname")
    with pytest.raises(Unreadable, match=rf"{NAME}: is a symbolic link"):
        log.look()
    path.unlink()
    append(path, b"one\n")
    assert texts(log.look()) == [b"one"]


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_a_log_stays_open_only_while_it_has_readers(path: Path, log: LogFile) -> None:
    append(path, b"one\n")
    before = open_descriptors()
    data = log.look()
    log.close()
    assert texts(data) == [b"one"]
    assert open_descriptors() == before + 1
    del data
    assert open_descriptors() == before


def test_a_log_that_is_truncated_during_a_read_gives_fewer_lines(path: Path, log: LogFile) -> None:
    append(path, b"".join(b"line %d\n" % number for number in range(1000)))
    data = log.look()
    os.truncate(path, 20)
    assert AllLines(data).before(data.end, 5) == []
    assert len(AllLines(data).after(0, 1000)) <= 3
    LineIndex().grow(data)
    everything = Matches(data, LineFilter(lambda line: True))
    list(everything.scan(0))


def test_a_line_of_100_mb_can_be_read(path: Path, log: LogFile) -> None:
    append(path, b"before\n")
    with path.open("ab") as file:
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\nafter\n")
    tracemalloc.start()
    data = log.look()
    assert len(AllLines(data).before(data.end, 3)) == 2  # it has read enough for once
    last, giant, first = AllLines(data).before(data.end, 3)[::-1]
    assert (first.text, last.text) == (b"before", b"after")
    assert giant.text == b"x" * MAX_LINE_BYTES + "…".encode()
    assert AllLines(data).after(giant.start, 2) == [giant, last]
    index = LineIndex()
    while index.grow(data):
        pass
    assert index.lines_before(data, last.start) == 2
    matches = Matches(data, literal_filter("x"))
    assert sum(matches.scan(0)) == 1
    assert matches.after(0, 9) == [giant]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20


def test_the_ends_of_a_huge_log_are_read_without_the_rest(path: Path, log: LogFile) -> None:
    with path.open("wb") as file:
        file.write(b"the start\n")
        file.seek(1 << 40)  # a hole of 1 TB, which cannot be read within the test's time
        file.write(b"\nthe end\n")
    data = log.look()
    assert AllLines(data).before(data.end, 1)[0].text == b"the end"
    assert AllLines(data).after(0, 1)[0].text == b"the start"


def test_a_hole_is_skipped_and_the_entry_after_it_read(path: Path, log: LogFile) -> None:
    with path.open("wb") as file:
        file.write(b"one\ntwo\ntorn")
        file.seek(1 << 30)  # a writer that does not know that its log was truncated
        file.write(b"three\nfour\n")
    data = log.look()
    lines = [b"one", b"two", b"torn", b"three", b"four"]
    found = AllLines(data).before(data.end, 40)
    assert [line.text.strip() for line in found] == lines
    assert [line.text.strip() for line in AllLines(data).after(0, 40)] == lines
    assert [line.start for line in AllLines(data).before(found[3].start, 9)] == [line.start for line in found[:3]]
    index = LineIndex()
    while index.grow(data):
        pass
    assert index.lines_before(data, found[-1].start) == 3
    matches = Matches(data, literal_filter("t"))
    list(matches.scan(0))
    assert [line.text.strip() for line in matches.after(0, 9)] == [b"two", b"torn", b"three"]
    with closing(LogStream(path.parent, path.name)) as stream:
        assert [line.strip() for line in stream.read() if line.strip()] == [line.decode() for line in lines]


def test_nuls_separate_entries_wherever_they_stand(path: Path, log: LogFile) -> None:
    append(path, b"\0\0\0one\ntwo\0three\n\0\n\0\0four\0")
    data = log.look()
    assert [line.text for line in AllLines(data).after(0, 9)] == [b"one", b"two", b"three", b"four"]
    assert [line.text for line in AllLines(data).before(data.end, 9)] == [b"one", b"two", b"three", b"four"]
    assert log.look() is data
    append(path, b"five\n")
    assert log.look().beginning == data.beginning
    assert texts(log.look())[-1] == b"five"


def test_errors_and_warnings_are_counted_in_every_spelling_and_once_at_the_edges_of_blocks(
    path: Path, log: LogFile
) -> None:
    levels = ['"error"', '"info"', '"warn"', '"ERROR"', "60", '"debug"', " 40", '"audit"', "null"]
    number = 0
    with path.open("wb") as file:
        while file.tell() < 3 * BLOCK:
            level = levels[number % (len(levels) if file.tell() > BLOCK else 3)]
            file.write(b'{"message":"%s","level":%s}\n' % (b"x" * (number % 37), level.encode()))
            number += 1
    lines = path.read_bytes().splitlines()
    errors = sum(line.endswith((b':"error"}', b':"ERROR"}', b":60}")) for line in lines)
    warnings = sum(line.endswith((b':"warn"}', b": 40}")) for line in lines)
    data, index = log.look(), LineIndex()
    assert index.levels(data) is None
    while index.grow(data):
        pass
    assert index.levels(data) == (errors, warnings)
    append(path, b'{"level":"error"}\n')
    assert index.levels(log.look()) == (errors + 1, warnings)


def test_one_call_reads_a_bounded_part_of_many_long_lines(path: Path, log: LogFile) -> None:
    for number in range(20):
        append(path, b"%d" % number + b"x" * (4 << 20) + b"\n")
    data = log.look()
    assert len(AllLines(data).before(data.end, 20)) < 6
    assert len(AllLines(data).after(0, 20)) < 6
    for _ in range(5):  # each call goes on where the one before stopped
        lines = AllLines(data).before(data.end, 20)
    assert [line.text[:2] for line in lines] == [(b"%dx" % number)[:2] for number in range(20)]


def test_a_torn_last_line_is_a_line_until_the_log_grows(path: Path, log: LogFile) -> None:
    append(path, b"one\ntwo")
    assert texts(log.look()) == [b"one"]
    written = path.stat().st_mtime
    assert texts(log.look(written + 4)) == [b"one"]
    data = log.look(written + 6)
    assert texts(data) == [b"one", b"two"]
    assert [line.text for line in AllLines(data).before(data.end, 9)] == [b"one", b"two"]
    assert log.look() is data
    append(path, b" and more")
    assert texts(log.look()) == [b"one"]
    append(path, b"\n")
    assert texts(log.look()) == [b"one", b"two and more"]
    assert log.look(written + 60) is log.look()
    append(path, b"three")
    os.utime(path, (2e9, 2e9))  # a file server whose clock is years ahead
    assert texts(log.look(written))[2:] == []
    assert texts(log.look(written + 6))[2:] == [b"three"]


LENGTHS = st.lists(st.sampled_from([0, 1, 2, 3, 300, 301, 70_000, 70_001, BLOCK]), min_size=1, max_size=9)


class LogUnderFire(RuleBasedStateMachine):
    """A log under random changes.

    Following it yields each complete line once, in order, and reports where it began again; index, matches and the
    lines around any place are those of the file as it is.
    """

    base: Path

    @initialize()
    def begin(self) -> None:
        self.path = self.base / "log.jsonl"
        self.path.unlink(missing_ok=True)
        self.stream = LogStream(self.base, "log.jsonl")
        self.log = LogFile(self.base, "log.jsonl")
        self.serial = 0
        self.seen: bytes | None = None
        self.replaced = False
        self.beginning = 0
        self.received: list[str] = []
        self.looked = LogData()
        self.index = LineIndex()
        self.test = literal_filter("7")
        self.matches = Matches(self.looked, self.test)

    def fresh(self, lengths: list[int]) -> bytes:
        """Return new lines of about these lengths; the last one is torn if its length is odd."""
        made = b""
        for length in lengths:
            self.serial += 1
            made += (b"%d," % self.serial * (length + 1))[: length + 8] + b"\n"
        return made[:-1] if lengths and lengths[-1] % 2 else made

    @rule(lengths=LENGTHS)
    def append(self, lengths: list[int]) -> None:
        append(self.path, self.fresh(lengths))

    @rule()
    def end_the_line(self) -> None:
        append(self.path, b"\n")

    @rule(part=st.floats(0, 1), lengths=LENGTHS | st.just([]))
    def truncate_and_go_on(self, part: float, lengths: list[int]) -> None:
        if self.path.exists():
            os.truncate(self.path, int(self.path.stat().st_size * part))
            append(self.path, self.fresh(lengths))

    @rule(lengths=LENGTHS | st.just([]))
    def rotate(self, lengths: list[int]) -> None:
        if self.path.exists():
            self.path.rename(self.path.with_suffix(".1"))
            self.replaced = True
            append(self.path, self.fresh(lengths))

    @rule(lengths=LENGTHS)
    def replace(self, lengths: list[int]) -> None:
        temp = self.path.with_suffix(".tmp")
        temp.write_bytes(self.fresh(lengths))
        temp.replace(self.path)
        self.replaced = True

    @precondition(lambda self: self.path.exists())
    @rule()
    def remove(self) -> None:
        self.path.unlink()
        self.replaced = True

    @rule()
    def follow(self) -> None:
        came = list(self.stream.read())
        content = self.path.read_bytes() if self.path.exists() else None
        goes_on = content is not None and self.seen is not None and content.startswith(self.seen)
        began_again = self.seen is not None and (self.replaced or not goes_on)
        assert self.stream.beginning == self.beginning + began_again
        self.received = came if began_again else self.received + came
        assert self.received == [shown(line) for line in (content or b"").split(b"\n")[:-1]]
        self.seen, self.replaced, self.beginning = content, False, self.stream.beginning

    @rule(place=st.floats(0, 1), count=st.integers(1, 5), scan=st.booleans())
    def look_around(self, place: float, count: int, scan: bool) -> None:
        data = self.log.look()
        if data.beginning != self.looked.beginning:
            self.index, self.matches = LineIndex(), Matches(data, self.test)
        self.looked = data
        self.matches.grow(data)
        content = self.path.read_bytes() if self.path.exists() else b""
        starts = [0, *(match.end() for match in re.finditer(b"\n", content))]
        number = int(place * (len(starts) - 1))
        here = starts[number]
        assert data.end == starts[-1]
        lines = AllLines(data)
        full = [start for start, end in pairwise(starts) if content[start:end].strip()]
        assert [line.start for line in lines.after(here, count)] == [at for at in full if at >= here][:count]
        assert [line.start for line in lines.before(here, count)] == [at for at in full if at < here][-count:]
        while self.index.grow(data):
            pass
        assert self.index.lines_before(data, here) == number
        expected = [start for start, end in pairwise(starts) if b"7" in content[start:end][:65536]]
        found = list(self.matches.scan(here, forward=number % 2 == 0)) if scan else []
        if self.matches.progress == 1 or found:
            assert self.matches.total == len(expected)
            assert [line.start for line in self.matches.after(here, count)] == [at for at in expected if at >= here][
                :count
            ]
            assert [line.start for line in self.matches.before(here, count)] == [at for at in expected if at < here][
                -count:
            ]
            assert self.matches.rank(here) == (expected.index(here) + 1 if here in expected else None)

    def teardown(self) -> None:
        if hasattr(self, "stream"):
            self.stream.close()
            self.log.close()


def shown(line: bytes) -> str:
    return line.decode() if len(line) <= MAX_LINE_BYTES else line[:MAX_LINE_BYTES].decode() + "…"


def test_each_line_comes_once_and_in_order_under_any_changes(tmp_path: Path) -> None:
    class Here(LogUnderFire):
        base = tmp_path

    run_state_machine_as_test(Here, settings=settings(stateful_step_count=40))
