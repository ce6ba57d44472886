"""Following a log that is appended to, torn, truncated, rotated, replaced and removed."""

from __future__ import annotations

import os
import tempfile
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from clawtui.files.logs import line_splitter
from clawtui.files.logs import reader as log_reader
from clawtui.files.logs import tail as log_tail
from clawtui.files.logs.reader import LogStream
from clawtui.files.logs.tail import TailReader
from clawtui.model.fleet import LogTail
from clawtui.model.search.line_filter import MAX_LINE_BYTES

NAME = "logs/dispatcher/2025-01-26.jsonl"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    return path


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[TailReader]:
    tail = TailReader(tmp_path, NAME, limit=5)
    yield tail
    tail.close()


def append(log: Path, content: bytes) -> None:
    with log.open("ab") as file:
        file.write(content)


def test_the_first_read_gives_the_last_lines_and_later_reads_the_appended_ones(log: Path, reader: TailReader) -> None:
    append(log, b"".join(b"line %d\n" % n for n in range(8)))
    first = reader.read()
    assert first.lines == ("line 3", "line 4", "line 5", "line 6", "line 7")
    assert (first.dropped, first.from_start, first.beginning, first.problem) == (0, False, 0, None)
    append(log, b"line 8\nline 9\n")
    second = reader.read()
    assert second.lines == ("line 5", "line 6", "line 7", "line 8", "line 9")
    assert (second.dropped, second.beginning) == (2, 0)
    assert first.lines[0] == "line 3"


def test_a_short_log_is_there_from_its_start_until_lines_leave(log: Path, reader: TailReader) -> None:
    append(log, b"a\nb\n")
    assert reader.read().from_start
    append(log, b"c\nd\ne\nf\n")
    tail = reader.read()
    assert (tail.lines[0], tail.dropped, tail.from_start) == ("b", 1, False)


def test_nothing_new_is_the_very_same_value(log: Path, reader: TailReader) -> None:
    append(log, b"a\n")
    assert reader.read() is reader.read()


def test_an_unfinished_last_line_waits_for_its_end(log: Path, reader: TailReader) -> None:
    append(log, b'whole\n{"half')
    assert reader.read().lines == ("whole",)
    append(log, b'":1')
    assert reader.read().lines == ("whole",)
    append(log, b"}\n")
    assert reader.read().lines == ("whole", '{"half":1}')


def test_a_truncated_log_is_read_from_its_beginning(log: Path, reader: TailReader) -> None:
    append(log, b"old 1\nold 2\n")
    reader.read()
    os.truncate(log, 0)
    append(log, b"new\n")
    tail = reader.read()
    assert (tail.lines, tail.dropped, tail.from_start, tail.beginning) == (("new",), 0, True, 1)


def test_a_rewritten_log_that_is_longer_is_read_from_its_beginning(log: Path, reader: TailReader) -> None:
    append(log, b"old 1\nold 2\n")
    reader.read()
    os.truncate(log, 0)
    append(log, b"new 1\nnew 2\nnew 3\n")
    tail = reader.read()
    assert (tail.lines, tail.beginning) == (("new 1", "new 2", "new 3"), 1)


@pytest.mark.parametrize("content", [b"x\n", b"old 1\n", b"a much longer line than the old ones were\n"])
def test_a_rotated_log_of_any_size_is_read_from_its_beginning(log: Path, reader: TailReader, content: bytes) -> None:
    append(log, b"old 1\n")
    reader.read()
    log.rename(log.with_suffix(".1"))
    append(log, content)
    tail = reader.read()
    assert (tail.lines, tail.beginning) == ((content.decode().rstrip(),), 1)


def test_a_deleted_log_has_no_lines_until_it_is_created_again(log: Path, reader: TailReader) -> None:
    append(log, b"old\n")
    reader.read()
    log.unlink()
    gone = reader.read()
    assert (gone.lines, gone.from_start, gone.beginning, gone.problem) == ((), True, 1, None)
    assert reader.read() is gone
    append(log, b"new\n")
    assert reader.read().lines == ("new",)


def test_a_log_that_is_not_there_yet_is_empty(reader: TailReader, log: Path) -> None:
    tail = reader.read()
    assert (tail.path, tail.lines, tail.from_start, tail.beginning, tail.problem) == (NAME, (), True, 0, None)


@pytest.fixture
def outside() -> Iterator[Path]:
    """Write a file that is not below the state directory."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, "outside")
        path.write_text("secret\n")
        yield path


def test_a_link_a_pipe_and_a_directory_are_problems_and_never_waited_for(
    log: Path, reader: TailReader, outside: Path
) -> None:
    log.symlink_to(outside)
    tail = reader.read()
    assert tail.lines == ()
    assert tail.problem is not None
    assert "symbolic link" in tail.problem.message
    log.unlink()
    os.mkfifo(log)
    tail = reader.read()
    assert tail.problem is not None
    assert "regular" in tail.problem.message
    log.unlink()
    log.mkdir()
    tail = reader.read()
    assert tail.problem is not None
    assert "directory" in tail.problem.message


def test_a_log_replaced_by_a_link_is_not_followed_out(log: Path, reader: TailReader, outside: Path) -> None:
    append(log, b"ours\n")
    reader.read()
    log.unlink()
    log.symlink_to(outside)
    tail = reader.read()
    assert tail.lines == ()
    assert tail.problem is not None


def test_a_line_of_100_mb_is_kept_as_its_beginning_in_little_memory(log: Path, reader: TailReader) -> None:
    append(log, b"before\n")
    reader.read()
    with log.open("ab") as file:
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(b"\nafter\n")
    tracemalloc.start()
    tail = reader.read()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert tail.lines[-1] == "after"
    assert peak < 8 << 20


def test_a_long_line_is_cut_with_a_mark_however_it_arrives(log: Path, reader: TailReader) -> None:
    append(log, b"y" * MAX_LINE_BYTES)
    reader.read()
    for _ in range(40):
        append(log, b"z" * MAX_LINE_BYTES)
        reader.read()
    append(log, b"\n" + b"w" * MAX_LINE_BYTES + b"\n" + b"v" * (MAX_LINE_BYTES + 1) + b"\n")
    assert reader.read().lines == ("y" * MAX_LINE_BYTES + "…", "w" * MAX_LINE_BYTES, "v" * MAX_LINE_BYTES + "…")


def test_a_line_whose_beginning_is_too_far_back_is_marked(log: Path, reader: TailReader) -> None:
    append(log, b"first\n" + b"x" * (line_splitter.MAX_LOOKED_BACK + 10) + b"\ntorn")
    tail = reader.read()
    assert not tail.from_start
    (only,) = tail.lines
    assert only.startswith("…x")
    assert only.endswith("x…")


def test_the_end_of_a_huge_log_is_read_without_the_rest(log: Path) -> None:
    with log.open("wb") as file:
        file.seek(1 << 40)  # a hole of 1 TB, which cannot be read within the test's time
        file.write(b"\nthe end\n")
    with pytest.MonkeyPatch.context() as patch:
        looked = 0
        pread = os.pread

        def counted(descriptor: int, length: int, offset: int) -> bytes:
            nonlocal looked
            looked += length
            return pread(descriptor, length, offset)

        patch.setattr(os, "pread", counted)
        reader = TailReader(log.parents[2], NAME, limit=1)
        assert reader.read().lines == ("the end",)
        reader.close()
    assert looked < 1 << 20


def test_a_burst_above_the_limit_leaves_the_last_lines(
    log: Path, reader: TailReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_tail, "MAX_CAUGHT_UP", 1000)
    append(log, b"seen\n")
    reader.read()
    append(log, b"".join(b"%06d\n" % n for n in range(1000)))
    tail = reader.read()
    assert tail.lines == ("000995", "000996", "000997", "000998", "000999")
    assert (tail.dropped, tail.from_start, tail.beginning) == (1, False, 0)


def test_the_lines_together_hold_no_more_than_is_looked_back(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_tail, "MAX_LOOKED_BACK", 100)
    reader = TailReader(log.parents[2], NAME, limit=1000)
    reader.read()
    append(log, b"".join(b"%09d\n" % n for n in range(50)))
    tail = reader.read()
    reader.close()
    assert len(tail.lines) == 11
    assert tail.lines[-1] == "000000049"
    assert tail.dropped == 39


def test_invalid_utf8_is_kept(log: Path, reader: TailReader) -> None:
    append(log, b"caf\xe9 \xff\n")
    (line,) = reader.read().lines
    assert line.encode("utf-8", "surrogateescape") == b"caf\xe9 \xff"


def test_after_close_no_descriptor_is_left_open(log: Path) -> None:
    append(log, b"a\n")
    before = open_descriptors()
    reader = TailReader(log.parents[2], NAME)
    reader.read()
    assert open_descriptors() == before + 1
    reader.close()
    reader.close()
    assert open_descriptors() == before


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@given(
    content=st.lists(st.sampled_from([b"\n", b"a", b"bc", b"\n\n", b"d" * 20]), max_size=60).map(b"".join),
    count=st.integers(1, 8),
    block=st.integers(1, 9),
)
def test_the_last_lines_are_found_wherever_blocks_end(
    content: bytes, count: int, block: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "content"
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line_splitter, "_BLOCK_BACK", block)
        patch.setattr(log_reader, "_READ", block)
        with closing(LogStream(path.parent, path.name, last=count)) as stream:
            found = [line for lines in stream.read_blocks() for line in lines]
    assert found == content.split(b"\n")[:-1][-count:]


PIECES = st.lists(st.sampled_from([0, 1, 2, 3, 300, 301, 70_000, 70_001]), min_size=1, max_size=9)


class FollowedLog(RuleBasedStateMachine):
    """A log under random changes: what is read is what is on disk, each line once and in order."""

    base: Path
    limit = 4

    @initialize()
    def begin(self) -> None:
        self.path = self.base / "log.jsonl"
        self.path.unlink(missing_ok=True)
        self.reader = TailReader(self.base, "log.jsonl", self.limit)
        self.serial = 0
        self.seen: bytes | None = None
        self.replaced = False
        self.beginning = 0
        self.skipped = 0
        self.received: list[str | None] = []

    def fresh(self, lengths: list[int]) -> bytes:
        """Return new lines of about these lengths; the last one is torn if its length is odd."""
        made = b""
        for length in lengths:
            self.serial += 1
            made += (b"%d," % self.serial * (length + 1))[: length + 8] + b"\n"
        return made[:-1] if lengths and lengths[-1] % 2 else made

    @rule(lengths=PIECES)
    def append(self, lengths: list[int]) -> None:
        append(self.path, self.fresh(lengths))

    @rule()
    def end_the_line(self) -> None:
        append(self.path, b"\n")

    @rule(part=st.floats(0, 1), lengths=PIECES | st.just([]))
    def truncate_and_go_on(self, part: float, lengths: list[int]) -> None:
        if self.path.exists():
            os.truncate(self.path, int(self.path.stat().st_size * part))
            append(self.path, self.fresh(lengths))

    @rule(lengths=PIECES | st.just([]))
    def rotate(self, lengths: list[int]) -> None:
        if self.path.exists():
            self.path.rename(self.path.with_suffix(".1"))
            self.replaced = True
            append(self.path, self.fresh(lengths))

    @rule(lengths=PIECES)
    def replace(self, lengths: list[int]) -> None:
        temp = self.path.with_suffix(".tmp")
        temp.write_bytes(self.fresh(lengths))
        temp.replace(self.path)
        self.replaced = True

    @rule()
    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self.replaced = True

    @rule()
    def read(self) -> None:
        tail = self.reader.read()
        content = self.path.read_bytes() if self.path.exists() else None
        complete = [] if content is None else [shown(line) for line in content.split(b"\n")[:-1]]
        assert tail.problem is None
        assert list(tail.lines) == complete[-self.limit :]
        assert tail.from_start == (len(tail.lines) == len(complete))

        goes_on = content is not None and self.seen is not None and content.startswith(self.seen)
        begins_again = self.seen is not None and (self.replaced or not goes_on)
        assert tail.beginning == self.beginning + begins_again
        self.receive(tail, complete, first=begins_again or self.seen is None)
        self.seen, self.replaced, self.beginning = content, False, tail.beginning

    def receive(self, tail: LogTail, complete: list[str], first: bool) -> None:
        """Take from the tail the lines with new numbers, as a reader does."""
        if first:
            self.skipped, self.received = len(complete) - len(tail.lines), []
        assert self.skipped + tail.dropped + len(tail.lines) == len(complete)
        for number in range(len(self.received), tail.dropped + len(tail.lines)):
            self.received.append(tail.lines[number - tail.dropped] if number >= tail.dropped else None)
        for line, on_disk in zip(self.received, complete[self.skipped :], strict=True):
            assert line in (None, on_disk)

    def teardown(self) -> None:
        if hasattr(self, "reader"):
            self.reader.close()


def shown(line: bytes) -> str:
    return line.decode() if len(line) <= MAX_LINE_BYTES else line[:MAX_LINE_BYTES].decode() + "…"


def test_each_line_comes_once_and_in_order_under_any_changes(tmp_path: Path) -> None:
    class Here(FollowedLog):
        base = tmp_path

    run_state_machine_as_test(Here, settings=settings(stateful_step_count=25))
