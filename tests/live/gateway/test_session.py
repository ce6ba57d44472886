"""A stock gateway's root in the live model: a notice with its jobs, kept current, and nothing written."""

from __future__ import annotations

from pathlib import Path

from clawtui.live.gateway.session import MOST_JOBS
from clawtui.live.watching.intervals import Intervals
from tests.gateway_root import GatewayRoot
from tests.live.conftest import Watch
from tests.openclaw.gateway_store import GatewayStore, now_ms
from tests.openclaw.gateways import fingerprint, gateway

OFTEN = Intervals(reconcile=3600, poll=0.05, root=0.05)


def test_the_notice_says_what_it_is_and_how_its_jobs_stand(tmp_path: Path, watch: Watch) -> None:
    store = GatewayStore(tmp_path / "root")
    store.job("a", nextRunAtMs=now_ms())
    store.job("b", lastStatus="error", lastError="no route", consecutiveErrors=1)
    watched = watch(root=tmp_path / "root", timing=OFTEN)
    watched.until(lambda fleet: len(fleet.notice) == 4)
    first, second, failed, idle = watched.fleet.notice
    assert "OpenClaw gateway, SQLite store 2026.9.6 (schema 18)" in first
    assert "clawtui status" in second
    assert failed.startswith("failed") and "Job b" in failed and failed.endswith(": no route")
    assert idle.startswith("idle") and "Job a (every 1h00m, next " in idle
    store.job("c", enabled=False)
    watched.until(lambda fleet: len(fleet.notice) == 5)
    assert watched.fleet.notice[-1].startswith("disabled")
    store.close()


def test_many_jobs_are_counted_and_nothing_is_written(tmp_path: Path, watch: Watch) -> None:
    with gateway(tmp_path / "root", "live"):
        before = fingerprint(tmp_path / "root")
        watched = watch(root=tmp_path / "root", timing=OFTEN)
        watched.until(lambda fleet: bool(fleet.notice))
        assert len(watched.fleet.notice) == MOST_JOBS + 3
        assert watched.fleet.notice[-1] == f"… and {50 - MOST_JOBS} more"
        assert fingerprint(tmp_path / "root") == before


def test_what_was_read_last_stays_while_the_store_cannot_be_read(tmp_path: Path, watch: Watch) -> None:
    store = GatewayStore(tmp_path)
    store.job("a")
    store.close()
    watched = watch(root=tmp_path, timing=OFTEN)
    watched.until(lambda fleet: len(fleet.notice) == 3)
    data = store.path.read_bytes()
    store.path.write_bytes(b"damaged" * 999)
    watched.until(lambda fleet: len(fleet.notice) == 4)
    assert "is damaged" in watched.fleet.notice[2] and "Job a" in watched.fleet.notice[3]
    store.path.write_bytes(data)
    watched.until(lambda fleet: len(fleet.notice) == 3)


def test_a_store_that_appears_takes_over_and_one_that_is_damaged_is_told(tmp_path: Path, watch: Watch) -> None:
    root = GatewayRoot(tmp_path / "root")
    root.automation("a-1")
    watched = watch(root=tmp_path / "root", timing=OFTEN)
    watched.until(lambda fleet: bool(fleet.automations))
    (tmp_path / "root/state").mkdir()
    (tmp_path / "root/state/openclaw.sqlite").write_bytes(b"damaged" * 999)
    watched.until(lambda fleet: any("is damaged" in line for line in fleet.notice))
    (tmp_path / "root/state/openclaw.sqlite").unlink()
    watched.until(lambda fleet: bool(fleet.automations) and not fleet.notice)
