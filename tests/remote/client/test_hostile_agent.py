"""A source whose agent is broken or hostile continues with a problem and without harm."""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from clawtui.model.fleet import Fleet
from clawtui.model.gateway.findings.examine import examine
from clawtui.model.gateway.missed import missed_by_job
from clawtui.model.gateway.why import why_job
from clawtui.model.text.cleaning import clean, clean_lines
from clawtui.remote.client.files import RemoteFiles
from clawtui.remote.client.fleet import RemoteFleet
from clawtui.remote.messages.feed import decode_from_agent
from clawtui.remote.messages.fields import BadMessage
from tests.gateway_root import NOON, GatewayRoot
from tests.remote.other_host import OtherHost

PATHS = st.sampled_from(
    [
        "config/dispatcher.json",
        "config/concurrency-state.json",
        "config/t/a.json",
        "locks/x.lock",
        "workspaces/a/state.json",
        "logs/t/a-2025-01-26-10-00-00.jsonl",
        "../../etc/passwd",
        "/etc/passwd",
        "workspaces/../../x/state.json",
        "locks/\0.lock",
        "locks/" + "x" * 300 + ".lock",
        "",
    ]
) | st.text(max_size=20)
TEXT = st.text(max_size=30) | st.sampled_from(["\x1b]0;owned\x07\x1b[2J", "{", "{}", '{"id":"a","type":"t"}', "\u202e"])
NUMBER = st.integers(-(2**70), 2**70) | st.floats() | st.none()
WHEN = st.sampled_from(["0001-01-03T00:00:00Z", "9999-12-29T00:00:00Z", "2025-01-26T10:00:00+14:00", "x"])
ANYTHING = st.recursive(TEXT | NUMBER | st.booleans(), lambda inner: st.lists(inner, max_size=3), max_leaves=5)
LOCKS = st.lists(
    st.fixed_dictionaries(
        {"verdict": st.sampled_from(["live", "orphaned", "worse"]), "path": PATHS, "facts": st.lists(TEXT, max_size=2)},
        optional={"last_sign": WHEN, "stamp": st.lists(NUMBER, min_size=4, max_size=4)},
    ),
    max_size=2,
)
MOMENT = st.sampled_from([0, 10**15, 2**32 * 10**6, 2**34 * 10**6, 2 * 10**17]) | NUMBER
ID = st.sampled_from(["a", "b", "\x1b[2J", ""])
SCHEDULES = st.fixed_dictionaries(
    {"kind": st.sampled_from(["every", "cron", "at", "x"])},
    optional={"every": MOMENT, "anchor": MOMENT, "at": MOMENT, "stagger": MOMENT, "expression": TEXT, "zone": TEXT},
)
JOBS = st.fixed_dictionaries(
    {"id": ID, "name": TEXT, "enabled": st.booleans()},
    optional={
        "schedule": SCHEDULES,
        "created": MOMENT,
        "state": st.dictionaries(
            st.sampled_from(["next_run", "last_run", "last_duration", "last_error"]), MOMENT | TEXT
        ),
    },
)
RUNS = st.fixed_dictionaries(
    {"id": ID, "job_id": ID, "started": MOMENT, "status": TEXT | st.just("running"), "source": TEXT},
    optional={"error": TEXT, "finished": MOMENT, "diagnostics": st.lists(st.tuples(MOMENT, TEXT, TEXT), max_size=2)},
)
ORDERS = st.lists(st.tuples(ID, st.lists(ID, max_size=2)), max_size=2)
GATEWAY_LOCKS = st.fixed_dictionaries(
    {"kind": TEXT, "path": PATHS}, optional={"pid": NUMBER, "created": MOMENT, "max_hold": MOMENT}
)
OWNERS = st.lists(
    st.fixed_dictionaries(
        {"of": ID, "verdict": st.sampled_from(["orphaned", "live", "worse"])},
        optional={"facts": st.lists(TEXT, max_size=2), "last_sign": MOMENT, "host": TEXT},
    ),
    max_size=2,
)
GATEWAY = st.one_of(
    st.fixed_dictionaries({"type": st.just("gateway-jobs")}, optional={"jobs": st.lists(JOBS, max_size=2)}),
    st.fixed_dictionaries({"type": st.just("gateway-runs"), "runs": st.lists(RUNS, max_size=2)}),
    st.fixed_dictionaries({"type": st.just("gateway-order"), "jobs": ORDERS}),
    st.fixed_dictionaries(
        {"type": st.just("gateway-store"), "root": TEXT, "kind": st.sampled_from(["sqlite", "json", "x"])},
        optional={"log": PATHS, "app_version": TEXT, "locks": st.lists(GATEWAY_LOCKS, max_size=2), "as_of": MOMENT},
    ),
    st.fixed_dictionaries(
        {"type": st.just("gateway-verdicts"), "at": MOMENT, "condition": TEXT | st.just("down"), "locks": OWNERS},
        optional={"owners": OWNERS, "zone": TEXT, "offset": NUMBER, "condition_facts": st.lists(TEXT, max_size=2)},
    ),
)
STOCK = {"type": "state", "watch": "watching", "loaded": True, "kind": "stock"}
MESSAGES = st.one_of(
    st.fixed_dictionaries({"type": st.just("document"), "path": PATHS}, optional={"text": TEXT, "problem": TEXT}),
    st.fixed_dictionaries({"type": st.just("workspace"), "id": PATHS, "exists": st.booleans()}),
    st.fixed_dictionaries(
        {"type": st.just("logs"), "group": PATHS},
        optional={"added": st.lists(PATHS, max_size=3), "removed": st.lists(PATHS, max_size=3), "gone": st.booleans()},
    ),
    st.fixed_dictionaries({"type": st.just("problem"), "path": PATHS}, optional={"message": TEXT}),
    st.fixed_dictionaries(
        {"type": st.just("tail"), "path": PATHS, "lines": st.lists(TEXT, max_size=3)},
        optional={"restart": st.booleans(), "from_start": st.booleans(), "gone": st.booleans(), "problem": TEXT},
    ),
    st.fixed_dictionaries(
        {"type": st.just("state"), "watch": st.sampled_from(["watching", "x"]), "loaded": st.booleans()},
        optional={
            "kind": st.just("stock"),
            "zone": TEXT | st.sampled_from(["Europe/Berlin", "../../etc/passwd", "/etc/passwd"]),
        },
    ),
    st.fixed_dictionaries({"type": st.just("verdicts"), "at": WHEN, "quiet_after": NUMBER, "locks": LOCKS}),
    GATEWAY,
    st.dictionaries(st.sampled_from(["type", "path", "id", "lines"]), ANYTHING, max_size=4),
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(messages=st.lists(MESSAGES, max_size=12) | st.lists(GATEWAY, max_size=12).map(lambda later: [STOCK, *later]))
def test_any_messages_make_a_fleet_of_cleaned_texts_or_are_refused(messages: list[object], tmp_path: Path) -> None:
    files = RemoteFiles()
    fleet = RemoteFleet("work", files)
    fleet.has_store = True
    try:
        for message in messages:
            try:
                if (decoded := decode_from_agent(json.dumps(message).encode())) is not None:
                    fleet.apply(decoded)
            except BadMessage as error:
                assert clean(str(error)) == str(error)
            assert_harmless(fleet.build())
        for place in files.root.rglob("*"):
            assert not place.is_symlink()
            assert place.resolve().is_relative_to(files.root.resolve())
    finally:
        files.close()


def assert_harmless(fleet: Fleet) -> None:
    for problem in fleet.problems.values():
        assert clean(problem.message) == problem.message
        assert "\x1b" not in problem.path
    if fleet.gateway is not None:
        assert_clean(fleet.gateway)
        missed_by_job(fleet.gateway, NOON, UTC)
    if fleet.judged is not None and fleet.judged.gateway is not None:
        report = fleet.judged.gateway
        assert_clean(report)
        examine(report)
        for job in report.state.jobs.values():
            why_job(report, job)
        missed_by_job(report.state, report.now, report.host_zone)
    for judged in fleet.judged.locks.values() if fleet.judged is not None else ():
        assert all(clean(fact) == fact for fact in judged.facts)


def assert_clean(value: object) -> None:
    """Assert that no text in a value can affect a terminal."""
    if isinstance(value, str):
        assert clean_lines(value) == value
    elif isinstance(value, tuple | list):
        for each in value:
            assert_clean(each)
    elif isinstance(value, dict):
        assert_clean(list(value.items()))
    elif isinstance(value, Struct):
        assert_clean([getattr(value, name) for name in value.__struct_fields__])


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_a_message_or_are_refused_in_one_cleaned_line(line: bytes) -> None:
    try:
        decode_from_agent(line)
    except BadMessage as error:
        assert clean(str(error)) == str(error)
        assert "\n" not in str(error)


HELLO = """
nonce=$("%s" -c 'import sys
from clawtui.remote.request import decode
print(decode(sys.argv[1].split()[-1]).nonce)' "$command")
echo "clawtui-agent 1 $nonce 1.0"
echo '{"type":"hello","feed":1,"version":"1.0","host":"\\u001b[31mgw","root":"/"}'
"""


def hostile(rest: str) -> str:
    return HELLO % sys.executable + rest


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ("cat /dev/urandom", "it sent"),
        ("tr -d '\\n' </dev/zero", "too long"),
        ('yes \'{"type":"tail","path":"x"}\'', "impossible path"),
        ("yes '[' | tr -d '\\n' | head -c 1000000; echo", "no message"),
        ("printf '\\033]0;owned\\007' >&2; exit 3", "the connection broke"),
    ],
)
def test_the_source_continues_with_a_problem(tmp_path: Path, gateway: GatewayRoot, rest: str, reason: str) -> None:
    host = OtherHost(tmp_path, gateway.root)
    source = host.source(hostile(rest), command="clawtui")
    try:
        fleet = host.until(lambda fleet: reason in fleet.problems.get("", ("", ""))[1], reason)
        assert "\x1b" not in fleet.problems[""].message
        assert fleet.connection is not None
        assert "\x1b" not in fleet.connection.summary
        gateway.automation("sync-main")
        host.script(f'exec sh -c "{sys.executable} -m clawtui ${{command#clawtui}}"')
        source.rescan()
        host.until(lambda fleet: fleet.loaded and fleet.automations, "the honest agent")
    finally:
        source.stop()


def test_a_flood_of_documents_and_of_log_lines_is_bounded(
    tmp_path: Path, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clawtui.remote.client.fleet.MAX_CONTENT", 8 * 2**20)
    flood = tmp_path / "flood.py"
    flood.write_text(
        "import json, sys\n"
        "line = 'x' * 100_000\n"
        "log = 'logs/t/a-2025-01-26-10-00-00.jsonl'\n"
        "for _ in range(100):\n"
        "    print(json.dumps({'type': 'tail', 'path': log, 'lines': [line] * 10}))\n"
        "for number in range(10**9):\n"
        "    print(json.dumps({'type': 'document', 'path': f'config/t/{number}.json', 'text': line * 10}))\n"
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    host = OtherHost(tmp_path, gateway.root)
    source = host.source(hostile(f"exec {sys.executable} {flood}"), command="clawtui")
    try:
        host.until(lambda fleet: "more text in documents" in fleet.problems.get("", ("", ""))[1], "the refusal")
        assert sum(place.stat().st_size for place in source.place.rglob("*") if place.is_file()) < 80 * 2**20
    finally:
        source.stop()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024
