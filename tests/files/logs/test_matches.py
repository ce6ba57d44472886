"""Search and filters give the results of grep and jq in any order of the blocks of a log."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.logs import matches as log_matches
from clawtui.files.logs.index import BLOCK
from clawtui.files.logs.log_file import LogFile
from clawtui.files.logs.matches import Matches
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import LEVELS
from clawtui.model.search.line_filter import LineFilter, pattern_filter
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.pattern import Pattern

SEARCHED = [
    "Conflict",
    "é",
    'level":"error',
    "src/a.ts",
    r"src/a\.ts",
    "fork|too large",
    "Conflict (detected|resolved)",
    "step [0-9]+",
    "^{",
    "}$",
    "x*",
    "a.c",
    "[^a-z]x",
    "é+|🙂",
    "(ab)+c?",
]
"""Patterns that mean the same to grep -E and to RE2."""

PHASES = ["init", "git", "pr", 'a "quoted" one', "größer", "a/b"]
WORDS = st.sampled_from(
    ["Conflict", "detected", "resolved", "fork", "too large", "src/a.ts", "srcXaXts", "step 42", "x"]
)
WORDS |= st.sampled_from(["é", "🙂", "a\\c", "abab", "error", '"level":"error"', "\n", "\t", ""])
TEXTS = st.lists(WORDS, max_size=4).map(" ".join)


@st.composite
def entries(draw: st.DrawFn) -> bytes:
    """Generate a line that has level and phase in one of the forms that JSON allows, or not at all."""
    entry = draw(
        st.fixed_dictionaries(
            draw(st.sampled_from([{"message": TEXTS}, {"timestamp": st.just("2025-01-26T12:00:00Z")}])),
            optional={
                "level": st.sampled_from([*LEVELS, "fatal", "INFO", "audit", None, 30, 50, ["error"]]),
                "phase": st.sampled_from([*PHASES, None]),
                "automationId": st.sampled_from(["a", "b"]),
                "file": TEXTS,
                "nested": st.just({"level": "error", "phase": "git"}),
            },
        )
    )
    text = json.dumps(
        entry, ensure_ascii=draw(st.booleans()), separators=draw(st.sampled_from([(",", ":"), (", ", ": ")]))
    )
    if draw(st.booleans()):
        text = text.replace("err", r"\u0065rr").replace("git", r"g\u0069t").replace("a/b", r"a\/b")
    return text.encode()


LINES = (
    entries() | entries() | TEXTS.map(lambda text: text.replace("\n", " ").encode()) | entries().map(lambda e: e[:-3])
)
LOGS = st.lists(LINES, max_size=30).map(lambda lines: b"".join(line + b"\n" for line in lines if line.strip()))


@contextmanager
def matches_of(path: Path, content: bytes, test: LineFilter, block: int = BLOCK) -> Iterator[Matches]:
    path.write_bytes(content)
    log = LogFile(path.parent, path.name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_matches, "BLOCK", block)
        yield Matches(log.look(), test)
    log.close()


def numbers(matches: Matches, content: bytes) -> list[int]:
    """Return the numbers, from 1, of all lines that match."""
    return [content.count(b"\n", 0, line.start) + 1 for line in matches.after(0, 1000)]


def output(*command: str | Path) -> bytes:
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    return subprocess.run(command, capture_output=True, check=False, env=environment).stdout


@given(content=LOGS, pattern=st.sampled_from(SEARCHED), block=st.sampled_from([7, 64, 500, BLOCK]), data=st.data())
def test_a_search_gives_what_grep_gives(
    content: bytes, pattern: str, block: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "searched.jsonl"
    with matches_of(path, content, pattern_filter(Pattern.parse(pattern, case_sensitive=True)), block) as matches:
        list(matches.scan(data.draw(st.integers(0, len(content))), data.draw(st.booleans())))
        lines = output("grep", "-a", "-n", "-E", "--", pattern, path).splitlines()
        assert numbers(matches, content) == [int(line.split(b":")[0]) for line in lines]
        assert matches.total == int(output("grep", "-a", "-c", "-E", "--", pattern, path))
        assert matches.progress == 1


def below(level: LogLevel) -> list[LogLevel]:
    return list(LEVELS[: LEVELS.index(level)])


def says(key: str, value: str) -> str:
    """Return jq's condition for an object that has the value, or nowhere the key, and for what is no object."""
    return f'(. == null or .{key} == {json.dumps(value)} or ($line | contains("\\"{key}\\"") | not))'


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@given(
    content=LOGS,
    level=st.sampled_from([*LEVELS, None]),
    phase=st.sampled_from([*PHASES, None]),
    automation_id=st.sampled_from(["a", None, None]),
    text=st.sampled_from([None, None, "Conflict", "é"]),
)
def test_filters_give_what_jq_gives(
    content: bytes,
    level: LogLevel | None,
    phase: str | None,
    automation_id: str | None,
    text: str | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.getbasetemp() / "filtered.jsonl"
    query = LogQuery(level, phase, None if text is None else Pattern.parse(text), automation_id=automation_id)
    test = query.line_filter()
    if test is None:
        return
    conditions = [f'($line | contains({json.dumps(text or "")})) and ($line | test("\\\\S"))']
    if level is not None:
        numbers_hidden = [number for number, name in ((30, "info"), (50, "error")) if name in below(level)]
        hidden = json.dumps([*below(level), *map(str.upper, below(level)), *numbers_hidden])
        conditions.append(f"(.level as $level | {hidden} | all(. != $level))")
    conditions += [says("phase", phase)] if phase is not None else []
    conditions += [says("automationId", automation_id)] if automation_id is not None else []
    program = (
        f"input_line_number as $n | . as $line | (fromjson? // null)"
        f' | if type == "object" then . else null end | select({" and ".join(conditions)}) | $n'
    )
    with matches_of(path, content, test, 200) as matches:
        list(matches.scan(0))
        assert numbers(matches, content) == [int(number) for number in output("jq", "-R", program, path).split()]


def test_escaped_characters_match_like_plain_ones(tmp_path: Path) -> None:
    content = rb'{"level":"\u0065rror","phase":"g\u0069t"}' + b"\n" + b'{"level":"info","phase":"git"}\n'
    test = LogQuery("error", "git").line_filter()
    assert test is not None
    with matches_of(tmp_path / "log.jsonl", content, test) as matches:
        assert [line.start for line in matches.after(0, 9)] == [0]


def test_a_match_at_a_position_is_not_before_it(tmp_path: Path) -> None:
    with matches_of(
        tmp_path / "log.jsonl", b"7\n7\n", pattern_filter(Pattern.parse("7", case_sensitive=True))
    ) as matches:
        assert [line.start for line in matches.before(2, 9)] == [0]
        assert [line.start for line in matches.after(2, 9)] == [2]


def test_as_a_log_grows_line_by_line_nothing_stays_unknown(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"")
    log = LogFile(tmp_path, "log.jsonl")
    matches = Matches(log.look(), pattern_filter(Pattern.parse("7", case_sensitive=True)))
    with path.open("ab", buffering=0) as file:
        for number in range(3000):
            file.write(b"%d " % number * 60 + b"\n")
            if number % 50 == 0:
                matches.grow(log.look())
                assert matches.progress == 1
                assert matches.total == sum("7" in str(earlier) for earlier in range(number + 1))
    log.close()


def test_a_scan_begins_where_one_is_and_finds_the_nearest_first(tmp_path: Path) -> None:
    content = b"".join(b"%07d%s\n" % (number, b" hit" * (number % 60_000 == 0)) for number in range(200_000))
    with matches_of(
        tmp_path / "log.jsonl", content, pattern_filter(Pattern.parse("hit", case_sensitive=True))
    ) as matches:
        here = content.index(b"0100000")
        assert not matches.is_known(here, forward=True)
        steps = matches.scan(here, forward=False, both=False)
        assert any(matches.is_known(here, forward=False) for _ in steps)
        assert [line.text for line in matches.before(here, 1)] == [b"0060000 hit"]
        assert matches.progress < 1
        list(matches.scan(here))
        assert (matches.total, matches.progress) == (4, 1)
        assert matches.rank(matches.after(here, 1)[0].start) == 3


def test_a_cancelled_search_keeps_its_matches(tmp_path: Path) -> None:
    content = b"".join(b"%07d hit\n" % number for number in range(200_000))
    with matches_of(
        tmp_path / "log.jsonl", content, pattern_filter(Pattern.parse("hit", case_sensitive=True))
    ) as matches:
        steps = matches.scan(0)
        next(steps)
        del steps
        assert 0 < matches.progress < 1
        assert 0 < len(matches.after(0, 1_000_000)) < 200_000
        assert matches.rank(0) == 1


def test_a_line_that_is_longer_than_is_kept_is_judged_by_its_beginning(tmp_path: Path) -> None:
    content = b"early " + b"x" * 300_000 + b" late\nearly\n"
    with matches_of(
        tmp_path / "log.jsonl", content, pattern_filter(Pattern.parse("early", case_sensitive=True))
    ) as matches:
        list(matches.scan(0))
        assert matches.total == 2
    with matches_of(
        tmp_path / "log.jsonl", content, pattern_filter(Pattern.parse("late", case_sensitive=True))
    ) as matches:
        list(matches.scan(0))
        assert matches.total == 0
