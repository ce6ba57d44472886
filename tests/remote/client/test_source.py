"""The source of a root on another host, with a real agent behind a script that stands for ``ssh``."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace

from clawtui.live.model import LiveModel
from clawtui.model.fleet import Fleet
from clawtui.remote.client.source import RemoteSource
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, run_entry
from tests.remote.other_host import QUICK, OtherHost
from tests.waiting import wait_until

LOG = "logs/smart-sync-fork/sync-main-2025-01-26-11-55-00.jsonl"


@pytest.fixture
def host(tmp_path: Path, gateway: GatewayRoot) -> OtherHost:
    gateway.dispatcher()
    gateway.automation("sync-main")
    gateway.automation("odd", schedule="never")
    gateway.write("config/smart-sync-fork/broken.json", "{")
    gateway.write("config/smart-sync-fork/latin.json", b"\xff")
    gateway.state("sync-main")
    gateway.progress("sync-main", ("Cloning", 10), ("Merging", 50))
    gateway.lock("github.com/user/sync-main", "sync-main", pid=2**22 + 1)
    gateway.slots(
        {
            "automationId": "sync-main",
            "sessionId": "cron:sync-main",
            "acquiredAt": "2025-01-26T11:55:00Z",
            "slotNumber": 1,
        }
    )
    gateway.append_log(LOG, *(run_entry("sync-main", f"line {number}") for number in range(3)))
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", run_entry("dispatcher", "started"))
    return OtherHost(tmp_path, gateway.root)


@pytest.fixture
def source(host: OtherHost) -> Iterator[RemoteSource]:
    source = host.source()
    yield source
    source.stop()


def same_parts(fleet: Fleet) -> Fleet:
    """Return the fleet without what differs between a root here and there."""
    tails = {path: replace(tail, beginning=0) for path, tail in fleet.tails.items()}
    return replace(fleet, root="", watch="watching", connection=None, judged=None, tails=tails)


def test_the_fleet_equals_the_one_of_a_local_source_and_follows_changes(
    host: OtherHost, source: RemoteSource, gateway: GatewayRoot
) -> None:
    here: list[Fleet] = []
    local = LiveModel(StatePaths(gateway.root))
    local.start(here.append)
    try:
        broken = "config/smart-sync-fork/broken.json"
        dispatched = "logs/dispatcher/2025-01-26.jsonl"
        steps: list[tuple[Callable[[], object], Callable[[Fleet], object]]] = [
            (lambda: None, lambda fleet: fleet.loaded),
            (lambda: gateway.write(broken, "{}"), lambda fleet: "JSON5" not in fleet.problems[broken].message),
            (lambda: (gateway.automations / broken).unlink(), lambda fleet: broken not in fleet.problems),
            (
                lambda: gateway.append_log(dispatched, run_entry("dispatcher", "again")),
                lambda fleet: len(fleet.tails[dispatched].lines) == 2,
            ),
            (lambda: next((gateway.automations / "locks").iterdir()).unlink(), lambda fleet: not fleet.locks),
            (
                lambda: gateway.state("newer"),
                lambda fleet: fleet.workspaces["newer"].running if "newer" in fleet.workspaces else None,
            ),
        ]
        for change, has_come in steps:
            change()
            host.until(has_come)
            wait_until(lambda: here and same_parts(host.fleets[-1]) == same_parts(here[-1]), 60, "the same fleet")
    finally:
        local.stop()


def test_locks_slots_and_runs_are_judged_there(host: OtherHost, source: RemoteSource) -> None:
    fleet = host.until(lambda fleet: fleet.judged is not None and fleet.judged.locks, "verdicts")
    assert fleet.judged is not None
    (judged,) = fleet.judged.locks.values()
    assert judged.verdict == "orphaned"
    assert any(str(2**22 + 1) in fact for fact in judged.facts)
    (path,) = fleet.locks
    assert fleet.judged.stamps[path] == fleet.locks[path].stamp
    assert [slot.verdict for slot in fleet.judged.slots] == ["orphaned"]
    assert fleet.judged.runs.last_signs.keys() == {"sync-main"}
    assert abs(fleet.judged.at - NOON).days > 300


def test_the_end_of_a_followed_log_is_in_the_fleet_and_in_a_file(
    host: OtherHost, source: RemoteSource, gateway: GatewayRoot
) -> None:
    source.follow(LOG)
    host.until(lambda fleet: LOG in fleet.tails and len(fleet.tails[LOG].lines) == 3)
    gateway.append_log(LOG, run_entry("sync-main", "line 3"))
    host.until(lambda fleet: len(fleet.tails[LOG].lines) == 4)
    kept = source.place / "automations" / LOG
    assert kept.read_bytes() == (gateway.automations / LOG).read_bytes()
    gateway.write(LOG, "")
    host.until(lambda fleet: not fleet.tails[LOG].lines)
    source.follow(None)
    host.until(lambda fleet: LOG not in fleet.tails)
    source.stop()
    assert not source.place.exists()


def children(name: str) -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            if name in child.cmdline() and child.status() != psutil.STATUS_ZOMBIE:
                found.append(child)
        except psutil.NoSuchProcess:
            continue
    return found


def test_a_connection_that_breaks_leaves_the_last_state_with_why_and_since_when_and_is_made_again(
    host: OtherHost, source: RemoteSource, gateway: GatewayRoot
) -> None:
    host.until(lambda fleet: fleet.loaded)
    (agent,) = children("agent")
    (host.place / "down").touch()
    host.script(f'[ -e {host.place}/down ] && echo "Connection refused" >&2 && exit 255; exec sh -c "$command"')
    agent.send_signal(signal.SIGKILL)
    lost = host.until(lambda fleet: "Connection refused" in fleet.problems.get("", ("", ""))[1])
    assert lost.connection is not None
    assert (lost.connection.state, lost.watch) == ("lost", "stuck")
    assert lost.connection.since is not None
    assert "config/smart-sync-fork/sync-main.json" in lost.automations
    gateway.automation("meanwhile")
    (host.place / "down").unlink()
    source.rescan()
    back = host.until(lambda fleet: "config/smart-sync-fork/meanwhile.json" in fleet.automations)
    assert back.connection is not None
    assert back.connection.state == "connected"
    assert "" not in back.problems


def test_an_agent_that_is_frozen_is_shown_as_lost_and_stop_ends_ssh(host: OtherHost) -> None:
    source = host.source(timing=QUICK._replace(silence=1.0))
    host.until(lambda fleet: fleet.loaded)
    (agent,) = children("agent")
    agent.suspend()
    frozen = host.until(lambda fleet: fleet.watch == "stuck", "the silence")
    assert "no answer" in frozen.problems[""].message
    assert frozen.connection is not None
    assert frozen.connection.since is not None
    assert datetime.now(UTC) - frozen.connection.since >= timedelta(seconds=1)
    agent.resume()
    host.until(lambda fleet: fleet.watch == "watching", "the answer")
    agent.suspend()
    source.stop()
    os.kill(agent.pid, signal.SIGCONT)
    wait_until(lambda: not children("agent"), what="the end of the agent")


def test_a_rescan_ends_a_connection_that_is_frozen(host: OtherHost) -> None:
    source = host.source(timing=QUICK._replace(silence=1.0, give_up=3600.0))
    try:
        host.until(lambda fleet: fleet.loaded)
        (agent,) = children("agent")
        agent.suspend()
        try:
            host.until(lambda fleet: fleet.watch == "stuck", "the silence")
            source.rescan()
            host.until(lambda fleet: fleet.watch == "watching", "the next connection")
        finally:
            agent.kill()
    finally:
        source.stop()


def _hello_of_feed(feed: int) -> str:
    """Return the body of an ``ssh`` behind which an agent has messages of the version ``feed``."""
    hello = f'{{"type":"hello","feed":{feed},"version":"0.0.9","host":"gw1","root":"/r"}}'
    return (
        'nonce=$(echo "${command##* }===" | base64 -di 2>/dev/null | grep -o "[0-9a-f]\\{32\\}");'
        f" echo \"clawtui-agent 1 $nonce 0.0.9\"; echo '{hello}'; cat"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("echo 'gw1: command not found' >&2; exit 127", "no clawtui there: run “pip install clawtui” there, or"),
        (
            "printf 'fish: Unknown command: clawtui\\nclawtui agent\\n^~~~~~^\\n' >&2; exit 127",
            '"/path/to/clawtui" (fish: Unknown command: clawtui)',
        ),
        ("echo 'clawtui: Command not found.' >&2; exit 1", "no clawtui there: run"),
        (
            "echo \"clawtui: No such command 'agent'.\nSee --help\" >&2; exit 2",
            "the clawtui there is too old: update it there",
        ),
        ("echo 'ImportError: no x' >&2; exit 1", "its command there ended with status 1: ImportError: no x"),
        (
            "echo 'ssh: connect to host gw1 port 22: Connection refused' >&2; exit 255",
            "ssh: Connection refused (gw1 port 22)",
        ),
        (
            "echo 'ssh: connect to host gw1 port 22: Connection refused' >&2; exit 255",
            "is sshd running there?",
        ),
        (
            "echo 'ssh: Could not resolve hostname gw1: Name or service not known' >&2; exit 255",
            "Name or service not known: is the name right in the settings",
        ),
        (
            "printf 'Offending ED25519 key in /h/known:3\n  remove with:\nHost key for gw1 has changed and you have\n"
            "Host key verification failed.\n' >&2; exit 255",
            "the key of gw1 is another one than before: ask its operator; only if that is right, remove the known key "
            "from /h/known:3",
        ),
        ("echo 'Permission denied (publickey).' >&2; exit 255", "ssh: Permission denied (publickey): it accepts"),
        ("yes Welcome", "its shell prints too much"),
        (
            'nonce=$(echo "${command##* }===" | base64 -di 2>/dev/null | grep -o "[0-9a-f]\\{32\\}");'
            ' echo "clawtui-agent 1 $nonce 0.0.9"; echo "No such command" >&2; exit 2',
            "clawtui 0.0.9 there cannot serve a dashboard: update it there",
        ),
        (_hello_of_feed(0), "clawtui 0.0.9 there speaks an older protocol: update it there"),
        (_hello_of_feed(99), "clawtui 0.0.9 there speaks a newer protocol: update the one here"),
    ],
)
def test_the_reason_of_a_failed_connection_is_one_line(host: OtherHost, body: str, reason: str) -> None:
    source = host.source(body)
    try:
        fleet = host.until(lambda fleet: reason in fleet.problems.get("", ("", ""))[1], reason)
        assert not fleet.loaded
    finally:
        source.stop()


@pytest.mark.parametrize(
    ("body", "lack"),
    [
        ("echo 'gw1: command not found' >&2; exit 127", "no clawtui"),
        ("echo \"No such command 'agent'.\" >&2; exit 2", "clawtui too old"),
        ("echo 'Permission denied (publickey).' >&2; exit 255", ""),
    ],
)
def test_a_host_that_was_reached_is_not_called_unreachable(host: OtherHost, body: str, lack: str) -> None:
    source = host.source(body)
    try:
        fleet = host.until(lambda fleet: fleet.connection is not None and fleet.connection.state == "lost")
        assert fleet.connection is not None
        assert fleet.connection.lack == lack
        assert (fleet.connection.summary, fleet.connection.fault) == ("work", lack or "no connection")
        assert ("the root work cannot be shown since" in fleet.problems[""].message) is bool(lack)
    finally:
        source.stop()


def test_a_banner_of_the_shell_is_skipped(host: OtherHost) -> None:
    source = host.source('echo Welcome; printf "no newline"; exec sh -c "$command"')
    try:
        host.until(lambda fleet: fleet.loaded)
    finally:
        source.stop()


def test_an_agent_that_fails_after_each_greeting_stays_lost(host: OtherHost) -> None:
    tries = host.place / "tries"
    source = host.source(f"echo >> {tries}; {_hello_of_feed(1).removesuffix('cat')} sleep 0.2; echo x")
    try:
        host.until(lambda fleet: "it sent no message" in fleet.problems.get("", ("", ""))[1])
        done = len(tries.read_text())
        wait_until(lambda: len(tries.read_text()) > done + 3, 60, "further tries")
    finally:
        source.stop()
    states = [fleet.connection.state for fleet in host.fleets if fleet.connection is not None]
    assert set(states[states.index("lost") :]) == {"lost"}
