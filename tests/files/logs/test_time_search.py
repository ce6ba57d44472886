"""Going to a time in a log."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.logs.log_file import LogFile
from clawtui.files.logs.time_search import first_time, start_at
from clawtui.model.search.line_filter import time_of
from tests.gateway_root import NOON, iso

SPACES = st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=60)


@given(steps=SPACES, asked=st.integers(-1, 100))
def test_the_first_line_of_that_time_or_later_is_found(
    steps: list[tuple[int, bool]], asked: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "timed.jsonl"
    lines: list[tuple[datetime | None, bytes]] = []
    at = NOON
    for step, timed in steps:
        at += timedelta(seconds=step)
        text = json.dumps({"timestamp": iso(at), "n": len(lines)}) if timed else f"no time {len(lines)}"
        lines.append((at if timed else None, text.encode() + b"\n"))
    path.write_bytes(b"".join(text for _, text in lines))
    log = LogFile(path.parent, path.name)
    instant = NOON + timedelta(seconds=asked)
    expected, offset = 0, 0
    for when, written in lines:
        offset += len(written)
        if when is not None and when < instant:
            expected = offset
    found = start_at(log.look(), instant)
    times = [when for when, text in _from(lines, found) if when is not None]
    assert not times or times[0] >= instant
    assert found == expected
    first = next((when for when, _ in lines[:20] if when is not None), None)
    assert first_time(log.look()) == first
    log.close()


def _from(lines: list[tuple[datetime | None, bytes]], offset: int) -> list[tuple[datetime | None, bytes]]:
    position = 0
    for index, (_, text) in enumerate(lines):
        if position == offset:
            return lines[index:]
        position += len(text)
    return []


def test_it_reads_a_few_lines_of_a_long_log(tmp_path: Path) -> None:
    with (tmp_path / "log.jsonl").open("w") as file:
        for second in range(100_000):
            file.write(json.dumps({"timestamp": iso(NOON + timedelta(seconds=second)), "pad": "x" * 40}) + "\n")
    log = LogFile(tmp_path, "log.jsonl")
    data = log.look()
    offset = start_at(data, NOON + timedelta(seconds=77_777))
    assert iso(NOON + timedelta(seconds=77_777)).encode() in data.read(offset, offset + 60)
    log.close()


@pytest.mark.parametrize(
    ("asked", "number"),
    [(-7200, 2000), (-3600, 5600), (-1, 9199), (1000, 1000), (1999, 1999), (5000, 9200), (-9000, 2000)],
)
def test_in_a_log_whose_clock_was_set_back_the_nearest_line_is_gone_to(tmp_path: Path, asked: int, number: int) -> None:
    seconds = [*range(2000), *range(-7200, 0)]  # from noon on, then from 10 to 12 o'clock
    with (tmp_path / "log.jsonl").open("w") as file:
        for line, second in enumerate(seconds):
            file.write(json.dumps({"timestamp": iso(NOON + timedelta(seconds=second)), "n": f"{line:06}"}) + "\n")
    log = LogFile(tmp_path, "log.jsonl")
    data = log.look()
    at = start_at(data, NOON + timedelta(seconds=asked))
    assert data.read(0, at).count(b"\n") == number
    log.close()


@pytest.mark.parametrize(
    ("line", "at"),
    [
        (b'{"timestamp":"2025-01-26T12:00:00.000Z"}', NOON),
        (b'{"timestamp":"2025-01-26T14:00:00+02:00"}', NOON),
        (b'{"timestamp":"2025-01-26T12:00:00"}', None),
        (b'{"timestamp":12}', None),
        (b'{"timestamp":"soon"}', None),
        (b"not json", None),
        (b"\xff", None),
    ],
)
def test_the_time_of_a_line_is_its_timestamp_with_a_zone(line: bytes, at: datetime | None) -> None:
    assert time_of(line) == at
    assert at is None or at.astimezone(UTC) == at
