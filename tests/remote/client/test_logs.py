"""Logs on another host, read and searched by a real agent: what the reader here answers, and what travels for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.log_view.reader import open_log
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Totals
from clawtui.model.search.pattern import Pattern
from clawtui.remote.client.logs.known_lines import KnownLines
from clawtui.remote.client.logs.reader import RemoteLogReader
from clawtui.remote.client.source import RemoteSource
from clawtui.remote.messages.feed import decode_from_agent
from clawtui.remote.messages.fields import BadMessage
from clawtui.remote.messages.logs import LogAnswer, OpenLog
from tests.gateway_root import GatewayRoot
from tests.remote.other_host import OtherHost
from tests.waiting import wait_until

LOG = "logs/smart-sync-fork/sync-main-2025-01-26-11-55-00.jsonl"
LINES = 20_000
BEGAN = datetime(2025, 1, 26, 11, 55, tzinfo=UTC)


def entry(number: int) -> str:
    level = "error" if number in (7_000, 15_000) else "info"
    at = (BEGAN + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
    needle = " needle" if number % 5_000 == 10 else ""
    content = {"timestamp": at, "level": level, "phase": "git", "message": f"line {number}{needle}"}
    return json.dumps({**content, "automationId": "sync-main"})


@pytest.fixture
def host(tmp_path: Path, gateway: GatewayRoot) -> OtherHost:
    gateway.dispatcher()
    gateway.automation("sync-main")
    gateway.write(LOG, "".join(f"{entry(number)}\n" for number in range(LINES)))
    return OtherHost(tmp_path, gateway.root)


@pytest.fixture
def reader(source: RemoteSource) -> Iterator[RemoteLogReader]:
    source.follow(LOG)
    reader = source.open_log([LOG], lambda: None)
    assert reader is not None
    with closing(reader):
        wait_until(lambda: reader.end > 0, deadline=60, what="the log")
        yield reader


def numbers(lines: object) -> list[int]:
    return [int(found) for found in re.findall(r'"line (\d+)', str(lines))]


def until(condition: Callable[[], object]) -> None:
    wait_until(condition, deadline=60)


def test_pages_of_the_whole_log_are_those_of_the_file_there(
    reader: RemoteLogReader, gateway: GatewayRoot, host: OtherHost
) -> None:
    with closing(open_log(gateway.automations, [LOG], lambda: None)) as here:
        assert reader.end == here.end
        assert reader.is_waiting or not reader.before(reader.end, 40)
        until(lambda: len(reader.before(reader.end, 40)) == 40)
        assert reader.before(reader.end, 40) == here.before(here.end, 40)
        until(lambda: numbers(reader.after(0, 30)) == [*range(30)])
        at = 0
        for _ in range(8):  # pages down, beyond what was sent at first
            until(lambda at=at: len(reader.after(at, 100)) == 100)  # type: ignore[misc]
            assert reader.after(at, 100) == here.after(at, 100)
            at = reader.after(at, 100)[-1].end
        middle = here.after(here.end // 2 - here.end // 2 % 2, 1)[0].end
        until(lambda: len(reader.before(middle, 50)) == 50 and len(reader.after(middle, 50)) == 50)
        assert [*reader.before(middle, 50), *reader.after(middle, 50)] == [
            *here.before(middle, 50),
            *here.after(middle, 50),
        ]
        until(lambda: here.places.totals() is not None and reader.places.totals() == here.places.totals())
        assert reader.places.totals() == Totals(LINES, 2, 0)
        until(lambda: reader.places.number_of(middle) == here.places.number_of(middle))
    travelled = (host.place / "travelled").stat().st_size
    assert travelled < (gateway.automations / LOG).stat().st_size / 2


def test_a_search_there_finds_counts_and_ranks_and_only_what_is_shown_travels(
    reader: RemoteLogReader, host: OtherHost, gateway: GatewayRoot
) -> None:
    before = (host.place / "travelled").stat().st_size
    reader.search(Pattern.parse("needle"), reader.end)
    until(lambda: reader.nearest("match", reader.end, forward=False).known)
    found = reader.nearest("match", reader.end, forward=False).line
    assert found is not None
    assert numbers(found.text) == [15_010]
    assert numbers(reader.after(found.start, 1)) == [15_010], "its page came with it"
    until(lambda: reader.hits() == (4, True))
    until(lambda: reader.rank(found.start) == 4)
    until(lambda: reader.nearest("match", found.end, forward=True).known)
    assert reader.nearest("match", found.end, forward=True).line is None
    until(lambda: reader.nearest("error", 0, forward=True).known)
    error = reader.nearest("error", 0, forward=True).line
    assert error is not None
    assert numbers(error.text) == [7_000]
    reader.show_only(LogQuery(pattern=Pattern.parse("needle")), reader.end)
    until(lambda: numbers(reader.after(0, 10)) == [10, 5_010, 10_010, 15_010])
    reader.show_only(LogQuery(), 0)
    until(lambda: numbers(reader.after(0, 2)) == [0, 1])
    travelled = (host.place / "travelled").stat().st_size - before
    assert travelled < (gateway.automations / LOG).stat().st_size / 5


def test_a_time_is_found_and_lines_appended_truncated_and_after_a_new_connection_are_seen(
    reader: RemoteLogReader, gateway: GatewayRoot, source: RemoteSource, host: OtherHost
) -> None:
    at = BEGAN + timedelta(seconds=12_345)
    until(lambda: reader.places.place_of(at) is not None)
    place = reader.places.place_of(at)
    assert place is not None
    assert numbers(reader.after(place, 1)) == [12_345]
    assert reader.places.began() == BEGAN
    end = reader.end
    gateway.append_log(LOG, json.loads(entry(LINES)))
    until(lambda: reader.end > end)
    until(lambda: reader.look() or numbers(reader.after(end, 1)) == [LINES])
    until(lambda: reader.count(end, reader.end) == 1)

    (host.place / "ssh").rename(host.place / "gone")
    (agent,) = agents()
    agent.kill()
    host.until(lambda fleet: fleet.watch == "stuck")
    assert numbers(reader.after(place, 1)) == [12_345], "what is known stays"
    (host.place / "gone").rename(host.place / "ssh")
    source.rescan()
    host.until(lambda fleet: fleet.watch == "watching")
    reader.search(Pattern.parse("needle"), 0)
    until(lambda: reader.hits() == (4, True))
    until(lambda: numbers(reader.after(place, 1)) == [12_345])
    assert reader.beginning == 0

    gateway.write(LOG, f"{entry(5)}\n")
    until(lambda: reader.beginning == 1)
    until(lambda: numbers(reader.after(0, 5)) == [5])


def agents() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        words = child.cmdline()
        if "agent" in words and "clawtui" in words and child.status() != psutil.STATUS_ZOMBIE:
            found.append(child)
    return found


NUMBER = st.integers(0, 40) | st.integers(-(2**70), 2**70) | st.none()
LINE = st.lists(NUMBER | st.text(max_size=5), max_size=4)
FIELDS: dict[str, st.SearchStrategy[object]] = {
    "view": st.just(0) | NUMBER,
    "search": st.just(0) | NUMBER,
    "beginning": st.just(0) | NUMBER,
}
ANSWERS = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("log-state"), **FIELDS, "end": NUMBER},
        optional={"problem": st.text(max_size=9), "hits": NUMBER, "progress": st.floats(), "totals": LINE},
    ),
    st.fixed_dictionaries(
        {"type": st.just("log-page"), **FIELDS, "start": NUMBER, "stop": NUMBER, "lines": st.lists(LINE, max_size=3)}
    ),
    st.fixed_dictionaries(
        {
            "type": st.just("log-found"),
            **FIELDS,
            "what": st.just("match"),
            "offset": NUMBER,
            "forward": st.booleans(),
            "line": LINE,
        }
    ),
    st.fixed_dictionaries(
        {"type": st.just("log-at"), **FIELDS, "at": st.just("0001-01-03T00:00:00Z"), "offset": NUMBER}
    ),
    st.fixed_dictionaries({"type": st.just("log-numbered"), **FIELDS, "offset": NUMBER}, optional={"rank": NUMBER}),
)


@given(answers=st.lists(ANSWERS, max_size=12))
def test_any_answers_are_taken_or_refused_and_lines_stay_in_their_order(answers: list[dict[str, object]]) -> None:
    reader = RemoteLogReader(OpenLog(id=1, paths=(LOG,)), lambda request: None, lambda: None, lambda id: None)
    for answer in ({"type": "log-state", "view": 0, "search": 0, "beginning": 0, "end": 40}, *answers):
        try:
            decoded = decode_from_agent(json.dumps({"id": 1, **answer}).encode())
            assert isinstance(decoded, LogAnswer)
            reader.receive(decoded)
        except BadMessage:
            continue
        starts = [line.start for line in reader.after(0, 100)]
        assert starts == sorted(set(starts))
        assert len(reader.before(reader.end, 5)) <= 5
        assert "\x1b" not in (reader.problem or "")


RANGES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 80)), min_size=1, max_size=12)


@given(ranges=RANGES, offset=st.integers(0, 300).map(lambda at: at // 10 * 10))
def test_known_ranges_join_and_give_the_lines_of_the_whole(ranges: list[tuple[int, int]], offset: int) -> None:
    whole = [RawLine(at, at + 10, b"x") for at in range(0, 400, 10)]
    known = KnownLines()
    for start, length in ((at // 10 * 10, size // 10 * 10) for at, size in ranges):
        known.add(start, start + length, [line for line in whole if start <= line.start < start + length])
    after, before = known.after(offset, 100), known.before(offset, 100)
    covered = {at for start, size in ranges for at in range(start // 10 * 10, start // 10 * 10 + size // 10 * 10, 10)}
    if offset in covered:
        assert after.edge is not None
    if after.edge is not None and before.edge is not None:
        assert list(after.lines) == [line for line in whole if offset <= line.start < after.edge]
        assert list(before.lines) == [line for line in whole if before.edge <= line.start < offset]
        assert after.edge not in covered


def test_what_is_known_stays_small_next_to_what_was_read_last() -> None:
    known = KnownLines(most=10_000)
    for at in range(0, 100_000, 100):
        known.add(at, at + 100, [RawLine(at, at + 100, b"x" * 99)])
    assert len(known.before(100_000, 10)[0]) == 10
    assert len(known.before(100_000, 10_000)[0]) < 60
