"""Long work on a log: in order of urgency, in slices, and cancelled when it is no longer needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from clawtui.files.log_view.reader import LogFileReader
from clawtui.files.log_view.worker import Background, wait_for_urgent_jobs
from clawtui.files.logs.log_file import LogFile
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.pattern import Pattern
from tests.waiting import wait_until


def test_the_most_urgent_is_done_first_and_news_come_from_its_thread() -> None:
    done: list[str] = []
    threads: set[str] = set()
    gate = threading.Event()
    background = Background(lambda: threads.add(threading.current_thread().name))

    def work(name: str, steps: int) -> Iterator[bool]:
        gate.wait(5)
        for _ in range(steps):
            done.append(name)
            yield False

    background.begin(3, work("later", 3))
    background.begin(0, work("first", 3))
    gate.set()
    wait_until(lambda: len(done) == 6)
    assert done[-2:] == ["later", "later"]
    wait_until(lambda: threads == {"log"})
    wait_until(lambda: "log" not in {thread.name for thread in threading.enumerate()})


def test_a_dropped_task_is_not_continued() -> None:
    steps: list[int] = []
    background = Background(lambda: None)

    def endless() -> Iterator[bool]:
        while True:
            steps.append(1)
            yield False

    background.begin(1, endless())
    wait_until(lambda: len(steps) > 3)
    background.stop()
    wait_until(lambda: "log" not in {thread.name for thread in threading.enumerate()})
    assert not background.is_doing(1)


def test_other_work_waits_for_searches_and_not_for_the_index() -> None:
    background = Background(lambda: None)
    pauses: list[float] = []

    def endless() -> Iterator[bool]:
        while True:
            yield False

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            background.drop(0)

    background.begin(3, endless())
    wait_for_urgent_jobs(pause)
    assert not pauses
    background.begin(0, endless())
    wait_for_urgent_jobs(pause)
    assert len(pauses) == 3
    background.stop()


def log_of(tmp_path: Path, lines: int) -> Path:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"".join(b'{"level":"info","message":"line %d"}\n' % number for number in range(lines)))
    return path


def test_a_background_search_continues_with_appended_lines(tmp_path: Path) -> None:
    path = log_of(tmp_path, 50_000)
    with closing(LogFileReader(LogFile(tmp_path, "log.jsonl"), lambda: None)) as reader:
        reader.search(Pattern.parse("line 4[0-9]999"), reader.end)
        with path.open("ab") as log:
            for number in range(50_000):
                log.write(b'{"level":"info","message":"line 4%d999"}\n' % (number % 10))
        assert reader.look()
        wait_until(lambda: reader.hits().known)
        assert reader.hits().total == 10 + 50_000
        wait_until(lambda: reader.places.number_of(reader.end) == 100_001)


def test_a_stopped_search_keeps_its_matches(tmp_path: Path) -> None:
    path = log_of(tmp_path, 200_000)
    with closing(LogFileReader(LogFile(tmp_path, "log.jsonl"), lambda: None)) as reader:
        reader.search(Pattern.parse("(?i)LINE"), 0)
        reader.stop()
        assert not reader.work().doing
        found = reader.hits()
        with path.open("ab") as log:
            log.write(b"\n")
        reader.look()
        assert not reader.work().doing
        assert found.total <= 200_000


def test_a_filter_shows_matches_before_it_is_complete(tmp_path: Path) -> None:
    log_of(tmp_path, 200_000)
    with closing(LogFileReader(LogFile(tmp_path, "log.jsonl"), lambda: None)) as reader:
        reader.show_only(LogQuery(pattern=Pattern.parse("line 1999[0-9]{2}")), reader.end)
        lines = wait_until(lambda: reader.before(reader.end, 40))
        assert lines[-1].text == b'{"level":"info","message":"line 199999"}'
        wait_until(lambda: not reader.work().doing)
        assert len(reader.before(reader.end, 1000)) == 100


def test_a_search_for_the_next_error_ends_where_there_is_none(tmp_path: Path) -> None:
    log_of(tmp_path, 100_000)
    with closing(LogFileReader(LogFile(tmp_path, "log.jsonl"), lambda: None)) as reader:
        wait_until(lambda: reader.nearest("error", 0, forward=True).known)
        assert reader.nearest("error", 0, forward=True).line is None
