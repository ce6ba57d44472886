"""All logs on another host as one, merged by a real agent: the lines and origins that the reader here has."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from clawtui.files.logs.line_access import AllLines
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.log_results import Origin
from clawtui.model.search.pattern import Pattern
from clawtui.operations.logs.collected_logs import CollectedLogs
from clawtui.remote.client.logs.all_logs import RemoteAllLogs
from clawtui.remote.client.source import RemoteSource
from clawtui.remote.messages.feed import decode_from_agent
from clawtui.remote.messages.fields import BadMessage
from clawtui.remote.messages.logs import LogAnswer
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot, run_entry
from tests.remote.other_host import OtherHost
from tests.waiting import wait_until

NOW = datetime.now(UTC).replace(microsecond=0)
SINCE = NOW - timedelta(days=1)
LINES = 3000


def log_of(id: str) -> str:
    return f"logs/smart-sync-fork/{id}-{NOW - timedelta(hours=2):%Y-%m-%d-%H-%M-%S}.jsonl"


def at(second: int) -> datetime:
    return NOW - timedelta(hours=2) + timedelta(seconds=second)


@pytest.fixture
def host(tmp_path: Path, gateway: GatewayRoot) -> OtherHost:
    gateway.dispatcher()
    for id in ("alpha", "beta"):
        gateway.automation(id)
    for id, first in (("alpha", 0), ("beta", 1)):
        numbers = range(first, LINES, 2)
        gateway.append_log(
            log_of(id), *(run_entry(id, f"line {n}{' needle' if n % 1000 == 10 else ''}", at(n)) for n in numbers)
        )
    event = {"timestamp": at(1500).isoformat(), "level": "info", "event": "dispatched", "automationId": "alpha"}
    gateway.append_log(f"logs/dispatcher/{NOW:%Y-%m-%d}.jsonl", event)
    return OtherHost(tmp_path, gateway.root)


@pytest.fixture
def logs(source: RemoteSource) -> Iterator[RemoteAllLogs]:
    assert source.logs.are_merged
    logs = source.logs.open_all(SINCE, lambda: None)
    with closing(logs.reader) as reader:
        wait_until(lambda: reader.end > 0, deadline=60, what="the logs")
        yield logs


def until(condition: Callable[[], object]) -> None:
    wait_until(condition, deadline=60)


def numbers(lines: object) -> list[int]:
    return [int(found) for found in re.findall(r'"line (\d+)', str(lines))]


def last(logs: RemoteAllLogs) -> tuple[RawLine, Origin | None] | None:
    """Return the last line with its origin; None while it is not known here."""
    lines = logs.reader.before(logs.reader.end, 1)
    return (lines[0], logs.origin_of(lines[0].start)) if lines else None


def message_of(found: tuple[RawLine, Origin | None] | None) -> tuple[str, str, int] | None:
    if found is None or found[1] is None:
        return None
    return found[1].source, json.loads(found[0].text)["message"], found[1].times


def test_lines_and_origins_are_those_of_the_logs_merged_there_and_only_pages_travel(
    logs: RemoteAllLogs, gateway: GatewayRoot, host: OtherHost
) -> None:
    reader = logs.reader
    with closing(CollectedLogs(StatePaths(gateway.root), SINCE)) as here:
        here.read()
        lines = AllLines(here.look())
        assert logs.is_read
        assert reader.end == here.known.end
        until(lambda: len(reader.before(reader.end, 40)) == 40)
        shown = reader.before(reader.end, 40)
        assert shown == lines.before(reader.end, 40)
        assert [logs.origin_of(line.start) for line in shown] == [here.origins[line.start] for line in shown]
        until(lambda: numbers(reader.after(0, 30)) == [*range(30)])
        dispatched = next(start for start, origin in here.origins.items() if origin.of_dispatcher)
        until(lambda: reader.after(dispatched, 1))
        assert logs.origin_of(dispatched) == here.origins[dispatched]
        assert here.origins[dispatched].automation_id == "alpha"
        travelled = (host.place / "travelled").stat().st_size
        assert travelled < here.known.end
    reader.search(Pattern.parse("needle"), reader.end)
    until(lambda: reader.hits() == (3, True))
    until(lambda: reader.nearest("match", reader.end, forward=False).known)
    found = reader.nearest("match", reader.end, forward=False).line
    assert found is not None
    assert numbers(found.text) == [2010]
    origin = logs.origin_of(found.start)
    assert origin is not None
    assert (origin.source, origin.path) == ("alpha", log_of("alpha"))
    until(lambda: reader.places.place_of(at(100)) is not None)


def test_new_lines_come_with_their_origins_and_repeated_ones_are_counted(
    logs: RemoteAllLogs, gateway: GatewayRoot
) -> None:
    reader = logs.reader
    until(lambda: last(logs))
    ends = reader.end
    gateway.append_log(log_of("beta"), run_entry("beta", "again", at(LINES)))
    until(lambda: message_of(last(logs)) == ("beta", "again", 1))
    assert reader.end > ends
    ends = reader.end
    gateway.append_log(log_of("beta"), run_entry("beta", "again", at(LINES + 1)))
    until(lambda: message_of(last(logs)) == ("beta", "again", 2))
    assert reader.end == ends, "no line was added"
    gateway.append_log(log_of("beta"), run_entry("beta", "again", at(LINES + 2)))
    gateway.append_log(log_of("gamma"), run_entry("gamma", "a new log", at(LINES + 3)))
    until(lambda: message_of(last(logs)) == ("gamma", "a new log", 1))
    repeated = reader.before(reader.end, 2)[0]
    assert message_of((repeated, logs.origin_of(repeated.start))) == ("beta", "again", 3)


def test_after_a_new_connection_the_logs_are_merged_again_and_a_log_that_cannot_be_read_is_named(
    logs: RemoteAllLogs, gateway: GatewayRoot, source: RemoteSource, host: OtherHost
) -> None:
    reader = logs.reader
    until(lambda: len(reader.before(reader.end, 5)) == 5)
    (host.place / "ssh").rename(host.place / "gone")
    (agent,) = agents()
    agent.kill()
    host.until(lambda fleet: fleet.watch == "stuck")
    known = last(logs)
    assert known is not None
    assert numbers(known[0].text) == [LINES - 1], "what is known stays"
    gateway.append_log(log_of("alpha"), run_entry("alpha", "meanwhile", at(LINES)))
    (host.place / "gone").rename(host.place / "ssh")
    source.rescan()
    until(lambda: reader.beginning == 1)
    until(lambda: message_of(last(logs)) == ("alpha", "meanwhile", 1))
    assert logs.unread is None
    broken = gateway.automations / log_of("broken")
    os.mkfifo(broken)
    until(lambda: logs.unread is not None and "broken" in logs.unread)


def test_an_older_agent_that_cannot_merge_is_named_and_known_lines_stay(
    logs: RemoteAllLogs, source: RemoteSource, host: OtherHost
) -> None:
    reader = logs.reader
    until(lambda: len(reader.before(reader.end, 5)) == 5)
    older = host.place / "older.py"
    older.write_text(
        "from clawtui.remote.agent import serving\n"
        "hello = serving.Agent._hello\n"
        "serving.Agent._hello = lambda self: hello(self).model_copy(update={'merges_logs': False})\n"
        "from clawtui.__main__ import main\n"
        "main()\n"
    )
    there = f"{sys.executable} {older}"
    host.script(f'exec sh -c "{there} ${{command#*clawtui }}"')
    (agent,) = agents()
    agent.kill()
    source.rescan()
    until(lambda: not source.logs.are_merged)
    until(lambda: reader.problem == "the clawtui there is too old to send all logs as one: update it there")
    assert numbers(reader.before(reader.end, 2)) == [LINES - 2, LINES - 1]


def agents() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        words = child.cmdline()
        if "agent" in words and "clawtui" in words and child.status() != psutil.STATUS_ZOMBIE:
            found.append(child)
    return found


STATE = {"type": "log-state", "id": 1, "view": 0, "search": 0, "beginning": 0, "end": 10**7}
PAGE = {"type": "log-page", "id": 1, "view": 0, "search": 0, "beginning": 0, "start": 0, "stop": 10**6}
FROM = {"name": "a\x1b[2J", "path": "logs/t/a.jsonl"}
WHEN = "2025-01-26T11:55:00Z"


@pytest.mark.parametrize(
    ("origins", "reason"),
    [
        ({"sources": [FROM], "lines": []}, "without their origins"),
        ({"sources": [FROM], "lines": [[1, WHEN, 1]]}, "does not name"),
        ({"sources": [FROM], "lines": [[-1, WHEN, 1]]}, "no message"),
        ({"sources": [FROM], "lines": [[0, "yesterday", 1]]}, "no message"),
        ({"sources": [FROM | {"path": "x" * 2000}], "lines": [[0, WHEN, 1]]}, "no message"),
        ({"sources": [FROM] * 3000, "lines": [[0, WHEN, 1]]}, "no message"),
    ],
)
def test_origins_that_cannot_be_right_are_refused(origins: object, reason: str) -> None:
    logs = RemoteAllLogs(1, SINCE, lambda request: None, lambda: None, lambda id: None)
    with pytest.raises(BadMessage, match=reason):
        for answer in (STATE, PAGE | {"lines": [[0, 9, "x"]], "origins": origins}):
            decoded = decode_from_agent(json.dumps(answer).encode())
            assert isinstance(decoded, LogAnswer)
            logs.reader.receive(decoded)
    assert logs.reader.after(0, 5) == ()


def test_the_origins_that_are_kept_are_bounded() -> None:
    logs = RemoteAllLogs(1, SINCE, lambda request: None, lambda: None, lambda id: None)
    for number in range(60):
        lines = [[number * 10**5 + at * 10, number * 10**5 + at * 10 + 9, "x"] for at in range(1000)]
        page = PAGE | {
            "start": number * 10**5,
            "stop": number * 10**5 + 10**4,
            "lines": lines,
            "origins": {"sources": [FROM], "lines": [[0, WHEN, 1]] * 1000},
        }
        for answer in ([STATE] if number == 0 else []) + [page]:
            decoded = decode_from_agent(json.dumps(answer).encode())
            assert isinstance(decoded, LogAnswer)
            logs.reader.receive(decoded)
    assert len(logs._known.origins) < 20_000
    assert logs.origin_of(59 * 10**5) is not None
