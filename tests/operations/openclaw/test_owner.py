"""The verdict on the owner of a run, on real processes: the table."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.report import GatewayReport
from clawtui.operations.evidence.boot_clock import boot_time
from clawtui.operations.evidence.processes import find_process, start_ticks, why_hidden
from clawtui.operations.openclaw.report import report_gateway
from tests.openclaw.gateway_store import GatewayStore, gateway_lock, now_ms
from tests.waiting import wait_until

HERE = socket.gethostname()
MINUTE = 60_000
HOUR = 60 * MINUTE

pytestmark = pytest.mark.skipif(
    why_hidden() is not None or HERE.casefold() in ("localhost", ""),
    reason="not all processes can be seen from here, or the host's name proves nothing",
)


@contextmanager
def process() -> Iterator[tuple[int, int]]:
    """Yield a process that runs: its pid, and its start in clock ticks."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        try:
            wait_until(lambda: find_process(child.pid))
            ticks = start_ticks(child.pid)
            assert ticks is not None
            yield child.pid, ticks
        finally:
            child.kill()


@pytest.fixture
def steady_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the host's clock unchanged since its start, which may not be so on this one."""
    monkeypatch.setattr("clawtui.operations.evidence.host.earlier_clocks", lambda booted, now: ())


@pytest.fixture
def long_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the host started long ago, which may not be so on this one."""
    monkeypatch.setattr("clawtui.operations.evidence.host.boot_time", lambda: datetime.now(UTC) - timedelta(days=30))


def gone() -> tuple[int, int]:
    """Return a process that has ended: its pid, and its start in clock ticks."""
    with process() as found:
        pass
    return found


def report(root: Path, now: datetime | None = None) -> GatewayReport:
    return report_gateway(root, now or datetime.now(UTC), temporary=root)


def judged(
    root: Path,
    owner: tuple[int, int | None],
    *,
    began: int = -MINUTE,
    host: str | None = HERE,
    lease_pid: int | None = None,
    expired: bool = False,
    last_event: int | None = None,
) -> OwnerJudgement:
    """Return the verdict on a run of ``owner``; times are milliseconds from now, ``host`` that of the lease, if any."""
    pid, ticks = owner
    store, now = GatewayStore(root), now_ms()
    store.job("job", runningAtMs=now + began)
    store.receipt("run", "job", "running", now + began, pid=pid, ticks=ticks)
    store.task("task", "job", "running", now + began, receipt="run")
    if last_event is not None:
        store.connection.execute("UPDATE task_runs SET last_event_at = ?", (now + last_event,))
    if host is not None:
        heartbeat = now - (HOUR if expired else 0)
        expires = max(heartbeat + 5 * MINUTE, now + began + 1) if expired else None
        store.lease(lease_pid or pid, host, ticks, now - 30 * HOUR, heartbeat, expires)
    store.close()
    return report(root).owners["run"]


def test_its_process_is_there_and_began_a_moment_ago(tmp_path: Path) -> None:
    with process() as owner:
        found = judged(tmp_path, owner)
    assert found.verdict == "live"
    assert "is the owner: the start is the same" in found.facts[0]


def test_its_process_is_there_and_nothing_has_moved(tmp_path: Path, long_up: None) -> None:
    with process() as owner:
        assert judged(tmp_path, owner, began=-HOUR).verdict == "quiet"


def test_its_process_is_there_and_its_task_has_moved(tmp_path: Path, long_up: None) -> None:
    with process() as owner:
        assert judged(tmp_path, owner, began=-HOUR, last_event=-MINUTE).verdict == "live"


def test_its_process_is_gone(tmp_path: Path) -> None:
    found = judged(tmp_path, gone())
    assert found.verdict == "orphaned"
    assert "is gone" in found.facts[0]


def test_its_pid_belongs_to_another_process_now(tmp_path: Path) -> None:
    with process() as (pid, ticks):
        found = judged(tmp_path, (pid, ticks - 1))
    assert found.verdict == "orphaned"
    assert "used again" in found.facts[0]


def test_its_pid_belongs_to_a_process_that_started_after_the_run(tmp_path: Path, steady_clock: None) -> None:
    """Without a recorded start the clock decides."""
    with process() as (pid, _):
        found = judged(tmp_path, (pid, None), began=-10_000)
    assert found.verdict == "orphaned"
    assert "another process" in found.facts[0]


def test_a_pid_alone_never_proves_life(tmp_path: Path) -> None:
    with process() as (pid, _):
        found = judged(tmp_path, (pid, None), began=0, host=None)
    assert found.verdict == "quiet"
    assert "may be another process" in found.facts[0]


def test_a_pid_that_renews_the_lease_is_the_gateways(tmp_path: Path) -> None:
    with process() as (pid, _):
        assert judged(tmp_path, (pid, None), began=0).verdict == "live"


def test_the_lease_has_expired_and_the_process_is_there(tmp_path: Path, long_up: None) -> None:
    with process() as owner:
        found = judged(tmp_path, owner, began=-2 * HOUR, expired=True)
        assert found.verdict == "quiet"
        assert any("expired" in fact for fact in found.facts)
        assert report(tmp_path).condition == "stuck"


def test_the_lease_has_expired_and_the_process_is_gone(tmp_path: Path, long_up: None) -> None:
    assert judged(tmp_path, gone(), began=-2 * HOUR, expired=True).verdict == "orphaned"
    assert report(tmp_path).condition == "down"


def test_the_lease_is_another_hosts(tmp_path: Path) -> None:
    found = judged(tmp_path, gone(), host="elsewhere.example")
    assert (found.verdict, found.host) == ("foreign", "elsewhere.example")
    assert "on elsewhere.example" in found.facts[0]
    assert report(tmp_path).condition == "elsewhere"


def test_without_a_lease_of_that_time_the_verdict_is_foreign(tmp_path: Path) -> None:
    found = judged(tmp_path, gone(), host=None)
    assert found.verdict == "foreign"
    assert "not recorded" in found.facts[0]


def test_the_lease_of_a_later_gateway_is_no_evidence_about_an_earlier_run(tmp_path: Path) -> None:
    with process() as (later, _):
        assert judged(tmp_path, gone(), lease_pid=later).verdict == "foreign"


def test_the_run_began_before_this_host_started(tmp_path: Path, steady_clock: None) -> None:
    booted, now = boot_time(), datetime.now(UTC)
    assert booted is not None
    began = round((booted - now - timedelta(hours=1)).total_seconds() * 1000)
    with process() as owner:
        store = GatewayStore(tmp_path)
        store.job("job")
        store.receipt("run", "job", "running", now_ms() + began, pid=owner[0], ticks=owner[1])
        store.lease(owner[0], HERE, owner[1], now_ms() + began - MINUTE, now_ms())
        store.close()
        found = report(tmp_path).owners["run"]
    assert found.verdict == "orphaned"
    assert "this host started" in found.facts[0]


def test_a_gateways_lock_is_judged_by_pid_and_start(tmp_path: Path) -> None:
    GatewayStore(tmp_path).close()
    dead = gone()
    with process() as (pid, ticks):
        created = datetime.now(UTC).isoformat()
        gateway_lock(tmp_path, "gateway.a.lock", pid=pid, startTime=ticks, createdAt=created)
        gateway_lock(tmp_path, "gateway.b.lock", pid=dead[0], startTime=dead[1], createdAt=created)
        gateway_lock(tmp_path, "gateway.c.lock", pid=pid, startTime=ticks + 1, createdAt=created)
        gateway_lock(tmp_path, "gateway.d.lock", pid="many")
        verdicts = {each.lock.path[-6]: each.judgement.verdict for each in report(tmp_path).locks}
    assert verdicts == {"a": "live", "b": "orphaned", "c": "orphaned", "d": "invalid"}
