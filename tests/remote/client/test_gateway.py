"""The store of a stock gateway on another host, made of messages, and kept current by a real agent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from clawtui.files.store_kind import store_kind
from clawtui.model.documents.base import Problem
from clawtui.model.errors import Unreadable
from clawtui.model.fleet import Fleet
from clawtui.model.gateway.findings.examine import examine
from clawtui.model.gateway.job import Job, JobState
from clawtui.model.gateway.missed import missed_by_job
from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.ownership import Boot, Lease, OwnedLock
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import Delivery, GatewayRun, RunOwner
from clawtui.model.gateway.schedule import Schedule
from clawtui.model.gateway.state import GatewayState
from clawtui.openclaw.incremental import GatewayReader
from clawtui.openclaw.reader import read_gateway
from clawtui.openclaw.transcript_steps import read_transcript
from clawtui.operations.openclaw.report import judge_gateway
from clawtui.remote.agent.fleet_sender import FleetSender
from clawtui.remote.agent.gateway_answers import answer_about_gateway
from clawtui.remote.agent.gateway_judge import gateway_verdicts, verdicts_of
from clawtui.remote.client.files import RemoteFiles
from clawtui.remote.client.fleet import RemoteFleet
from clawtui.remote.client.gateway import runs_there, transcript_there
from clawtui.remote.client.logs.reader import RemoteLogReader
from clawtui.remote.messages import gateway_values as wire
from clawtui.remote.messages.feed import FromAgent, decode_from_agent, decode_to_agent, encode_message
from clawtui.remote.messages.fields import MAX_LINE, BadMessage
from clawtui.remote.messages.gateway_questions import GatewayQuestion, ListRuns, ReadTranscript
from tests.openclaw.gateway_store import GatewayStore, now_ms
from tests.openclaw.gateways import SHARED_MEMORY, fingerprint
from tests.openclaw.stores import STORES
from tests.openclaw.test_transcript_steps import START, TITLES, agent_database
from tests.remote.client.test_hostile_agent import hostile
from tests.remote.other_host import OtherHost
from tests.tui.dashboard_of_gateway import ailing_gateway
from tests.waiting import wait_until


class Dashboard:
    """The other end of the messages, in this process."""

    def __init__(self, files: RemoteFiles, root: Path) -> None:
        self.fleet = RemoteFleet("work", files)
        self.fleet.has_store = True
        self.sender = FleetSender(root, str(root))
        self.bytes = 0

    def take(self, messages: Iterable[FromAgent]) -> list[str]:
        """Take messages as they come over the wire; return their types."""
        types: list[str] = []
        for message in messages:
            line = encode_message(message)
            assert len(line) <= MAX_LINE
            self.bytes += len(line)
            decoded = decode_from_agent(line)
            assert decoded is not None
            self.fleet.apply(decoded)
            types.append(message.type)
        return types

    def take_state(self, state: GatewayState | None, as_of: datetime | None = None) -> list[str]:
        """Take what the agent sends of a fleet with this state."""
        fleet = Fleet("there", watch="watching", loaded=True, gateway=state, as_of=as_of)
        return self.take(self.sender.messages(fleet))

    def state(self) -> GatewayState | None:
        return self.fleet.build().gateway


@pytest.fixture
def dashboard(tmp_path: Path) -> Iterator[Dashboard]:
    files = RemoteFiles()
    yield Dashboard(files, tmp_path)
    files.close()


@pytest.mark.parametrize("write", STORES)
def test_a_store_is_the_same_state_and_report_as_there(
    write: Callable[[Path], object], tmp_path: Path, dashboard: Dashboard
) -> None:
    write(tmp_path)
    kind = store_kind(tmp_path)
    assert kind is not None
    state, now = read_gateway(tmp_path, kind), datetime.now(UTC).astimezone()
    dashboard.take_state(state)
    dashboard.take([gateway_verdicts(state, tmp_path, now, timedelta(minutes=15))])
    fleet, here = dashboard.fleet.build(), judge_gateway(state, tmp_path, now)
    assert fleet.gateway == state
    assert state.jobs
    assert fleet.judged is not None and fleet.judged.gateway is not None
    there = replace(fleet.judged.gateway, argument=None)
    assert replace(there, host_zone=None, now=now) == replace(here, host_zone=None)
    assert now.astimezone(there.host_zone).utcoffset() == now.astimezone(here.host_zone).utcoffset()
    assert examine(there) == examine(here)
    assert missed_by_job(state, now, there.host_zone) == missed_by_job(state, now, here.host_zone)


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (Job, wire.WireJob),
        (JobState, wire.WireJobState),
        (Schedule, wire.WireSchedule),
        (GatewayRun, wire.WireRun),
        (RunOwner, wire.WireOwner),
        (Delivery, wire.WireDelivery),
        (Lease, wire.WireLease),
        (Boot, wire.WireBoot),
        (OwnedLock, wire.WireLock),
        (OwnerJudgement, wire.WireJudgement),
    ],
)
def test_each_field_of_a_value_is_sent(value: Any, part: Any) -> None:
    assert set(value.__struct_fields__) == set(part.model_fields)


def test_only_what_has_changed_is_sent_afterwards(tmp_path: Path, dashboard: Dashboard) -> None:
    store = ailing_gateway(tmp_path)
    reader = GatewayReader(tmp_path, "sqlite")
    assert dashboard.take_state(reader.read())[-2:] == ["gateway-store", "state"]
    assert dashboard.take_state(reader.read()) == ["gateway-store"]
    now = now_ms()
    store.receipt("r-alive", "alive", "ok", now - 5000, now)
    store.job("new")
    store.connection.execute("DELETE FROM cron_jobs WHERE job_id = 'missed'")
    store.connection.execute("DELETE FROM cron_run_receipts WHERE job_id = 'missed'")
    state = reader.read()
    sent = dashboard.bytes
    assert dashboard.take_state(state) == [
        "gateway-jobs",
        "gateway-jobs",
        "gateway-runs",
        "gateway-order",
        "gateway-store",
    ]
    assert dashboard.bytes - sent < sent / 2
    assert dashboard.state() == state
    problem = Problem("state/openclaw.sqlite", "is locked")
    as_of = datetime(2026, 1, 2, tzinfo=UTC)
    assert dashboard.take_state(replace(state, problems=(problem,)), as_of) == ["gateway-store"]
    fleet = dashboard.fleet.build()
    assert (fleet.as_of, fleet.gateway and fleet.gateway.problems) == (as_of, (problem,))
    assert dashboard.take_state(None) == ["state"]
    assert dashboard.state() is None
    dashboard.take_state(state)
    assert dashboard.state() == state
    store.close()


def test_values_without_bounds_are_cut_and_cleaned(dashboard: Dashboard) -> None:
    text, far, long = "\x1b[2J\ud800" + "x" * 5000, datetime(9999, 12, 1, tzinfo=UTC), timedelta(days=10**8)
    started = datetime(1, 2, 3, tzinfo=UTC)
    schedule = Schedule(text, far, long, started, text, text, -long)
    job = Job("a", text, True, schedule, JobState(far, last_run=far, last_duration=long, last_error=f"{text}\n{text}"))
    many: Any = tuple((None, text, f"a\n{text}") for _ in range(100))
    run = GatewayRun("r", "a", started, "running", "receipt", far, text, owner=RunOwner(2**80), diagnostics=many)
    problems = tuple(Problem(text, text) for _ in range(200))
    locks = tuple(OwnedLock("gateway", f"{number}{text}", -(2**80)) for number in range(300))
    short = replace(run, error=None, diagnostics=())
    runs = (run, *(replace(short, id=str(number)) for number in range(2000)))
    state = GatewayState("/there", "sqlite", {"a": job}, {"a": runs}, problems=problems, locks=locks)
    dashboard.take_state(state)
    judged = OwnerJudgement("orphaned", (text,) * 1000, far, text)
    report = GatewayReport(state, far, "down", (text,) * 1000, {str(number): judged for number in range(50)}, (), None)
    dashboard.take([verdicts_of(report)])
    fleet = dashboard.fleet.build()
    assert fleet.gateway is not None and fleet.judged is not None and fleet.judged.gateway is not None
    assert len(fleet.gateway.runs["a"]) == 1000
    assert 0 < len(fleet.gateway.locks) < 300
    assert_bounded(fleet.gateway)
    assert_bounded(fleet.judged.gateway)
    examine(fleet.judged.gateway)
    missed_by_job(fleet.gateway, datetime.now(UTC), UTC)


def assert_bounded(value: object) -> None:
    """Assert that texts, numbers and times in a value are cleaned, and can be computed with."""
    match value:
        case str():
            assert len(value) <= 4096
            assert "\x1b" not in value
            value.encode()
        case datetime():
            assert value - timedelta(days=365 * 150) < value + timedelta(days=365 * 150)
        case int():
            assert abs(value) <= 2**62
        case tuple() | list():
            for each in value:
                assert_bounded(each)
        case dict():
            assert_bounded(list(value.items()))
        case _ if hasattr(value, "__struct_fields__"):
            assert_bounded([getattr(value, name) for name in value.__struct_fields__])


@pytest.mark.parametrize(
    ("messages", "reason"),
    [
        ([{"type": "gateway-order", "jobs": [["a", ["r"]]]}], "it named runs that it has not sent"),
        (
            [
                {
                    "type": "gateway-runs",
                    "runs": [{"id": "r", "job_id": "a", "started": 1, "status": "?", "source": "?"}],
                },
                {"type": "gateway-store", "root": "/", "kind": "sqlite"},
            ],
            "it sent runs that belong nowhere",
        ),
        ([{"type": "gateway-jobs", "jobs": [{"id": str(n), "name": ""} for n in range(6)]}], "more jobs than"),
        ([{"type": "gateway-jobs", "jobs": [{"id": "a", "name": "x" * 4000}]}], "more text in jobs"),
        ([{"type": "gateway-store", "root": "/", "kind": "papyrus"}], "no message of clawtui"),
        ([{"type": "gateway-verdicts", "at": 1e300, "condition": "x"}], "no message of clawtui"),
    ],
)
def test_what_cannot_be_is_refused(
    messages: list[object], reason: str, dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clawtui.remote.client.gateway.MAX_JOBS", 5)
    monkeypatch.setattr("clawtui.remote.client.gateway.MAX_CONTENT", 3000)
    with pytest.raises(BadMessage, match=reason):
        for message in messages:
            decoded = decode_from_agent(json.dumps(message).encode())
            assert decoded is not None
            dashboard.fleet.apply(decoded)


def test_an_agent_keeps_the_state_and_the_log_current_and_writes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "root"
    store = ailing_gateway(root)
    log = root / "gateway.log"
    (root / "openclaw.json").write_text(json.dumps({"logging": {"file": str(log)}}))
    log.write_text("first\n")
    before = fingerprint(root)
    host = OtherHost(tmp_path, root)
    source = host.source()
    try:
        fleet = host.until(lambda fleet: fleet.gateway is not None and fleet.judged is not None)
        assert fleet.gateway is not None and fleet.judged is not None and fleet.judged.gateway is not None
        assert fleet.gateway.root == str(root)
        assert {id: one.verdict for id, one in fleet.judged.gateway.owners.items()} == {
            "r-alive": "live",
            "r-lost": "orphaned",
        }
        assert fleet.judged.gateway.condition == "down"
        assert fleet.connection is not None and fleet.connection.state == "connected"
        source.follow(str(log))
        reader = source.open_log((str(log),), lambda: None)
        other = source.open_log(("/etc/passwd",), lambda: None)
        assert reader is not None and other is not None
        wait_until(lambda: b"first" in texts(reader), 60, "the log of the gateway")
        wait_until(lambda: other.problem, 60, "the refusal of another file")
        assert (texts(other), other.end) == ([], 0)
        assert without_read_marks(fingerprint(root)) == without_read_marks(before)
        store.receipt("r-alive", "alive", "ok", now_ms() - 5000, now_ms())
        host.until(lambda fleet: fleet.gateway and fleet.gateway.runs["alive"][0].status == "success")
        with log.open("a") as file:
            file.write("second\n")
        wait_until(lambda: b"second" in texts(reader), 60, "the appended line")
        shutil.rmtree(root / "state")
        (root / "automations/config").mkdir(parents=True)
        host.until(lambda fleet: fleet.gateway is None and fleet.loaded, "another kind of root")
        states = {fleet.connection.state for fleet in host.fleets if fleet.connection is not None}
        assert "lost" not in states
    finally:
        source.stop()
        store.close()


def texts(reader: RemoteLogReader) -> list[bytes]:
    """Return the lines that are known, and ask for those around the beginning."""
    return [line.text for line in reader.after(0, 100)]


def without_read_marks(found: dict[str, tuple[object, ...]]) -> dict[str, object]:
    """Return a fingerprint without the shared memory, where every reader leaves marks."""
    return {name: each for name, each in found.items() if not name.endswith(SHARED_MEMORY)}


def test_an_older_agent_that_does_not_send_the_store_gets_the_plain_line(tmp_path: Path) -> None:
    older = '{"type":"state","watch":"watching","loaded":true,"kind":"stock"}'
    host = OtherHost(tmp_path, tmp_path)
    source = host.source(hostile(f"echo '{older}'; cat"), command="clawtui")
    try:
        fleet = host.until(lambda fleet: fleet.connection and fleet.connection.state == "unserved", "the line")
        assert fleet.problems[""].message == (
            "work can only be shown by the clawtui there: a stock gateway, whose store only a clawtui there can read"
        )
    finally:
        source.stop()


def test_the_runs_and_the_transcript_of_a_job_are_read_there(tmp_path: Path) -> None:
    store, now = GatewayStore(tmp_path), now_ms()
    store.job("j", definition={"payload": {"kind": "agentTurn"}})
    for number in range(30):
        store.receipt(f"r-{number}", "j", "ok", now - number * 1000, now)
    store.close()
    agent_database(tmp_path)
    state = read_gateway(tmp_path, "sqlite", 30)
    at = state.runs["j"][0].started
    fleet = Fleet("", gateway=replace(state, runs={"j": tuple(replace(run, started=START) for run in state.runs["j"])}))

    def answer(question: GatewayQuestion) -> FromAgent | None:
        asked = decode_to_agent(encode_message(question))
        assert isinstance(asked, ListRuns | ReadTranscript)
        return decode_from_agent(encode_message(answer_about_gateway(asked, tmp_path, fleet)))

    class Asked:
        def ask(self, make: Callable[[int], GatewayQuestion]) -> FromAgent | None:
            return answer(make(7))

    exchange: Any = Asked()
    assert runs_there(exchange, "j") == state.runs["j"]
    assert runs_there(exchange, "j")[0].started == at
    assert runs_there(exchange, "none") == ()
    run = replace(state.runs["j"][3], started=START)
    assert len(transcript_there(exchange, run)) == len(TITLES)
    assert transcript_there(exchange, run) == read_transcript(tmp_path, run)
    assert transcript_there(exchange, replace(run, id="none")) == ()
    shutil.rmtree(tmp_path / "state")
    with pytest.raises(Unreadable, match="no store of a gateway any more"):
        runs_there(exchange, "j")
