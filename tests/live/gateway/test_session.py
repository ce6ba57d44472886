"""A stock gateway's root in the live model: its state, kept current, and nothing written."""

from __future__ import annotations

from pathlib import Path

from clawtui.live.source import ALL, NONE
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet
from tests.gateway_root import GatewayRoot
from tests.live.conftest import Watch
from tests.openclaw.gateway_store import GatewayStore, now_ms
from tests.openclaw.gateways import fingerprint, gateway

OFTEN = Intervals(reconcile=3600, poll=0.05, root=0.05)


def jobs(fleet: Fleet) -> set[str]:
    return set(fleet.gateway.jobs) if fleet.gateway is not None else set()


def test_the_fleet_has_the_state_of_the_gateway(tmp_path: Path, watch: Watch) -> None:
    store = GatewayStore(tmp_path / "root")
    store.job("a", nextRunAtMs=now_ms())
    store.job("b", lastStatus="error", lastError="no route", consecutiveErrors=1)
    watched = watch(root=tmp_path / "root", timing=OFTEN)
    watched.until(lambda fleet: jobs(fleet) == {"a", "b"})
    state = watched.fleet.gateway
    assert state is not None and state.title == "OpenClaw gateway, SQLite store 2026.9.6 (schema 18)"
    assert state.jobs["b"].state.last_error == "no route"
    assert watched.fleet.loaded and not watched.fleet.automations
    store.job("c", enabled=False)
    watched.until(lambda fleet: jobs(fleet) == {"a", "b", "c"})
    store.close()


def test_clawtui_cannot_change_files_of_the_gateway(tmp_path: Path, watch: Watch) -> None:
    root = GatewayRoot(tmp_path / "root")
    root.automation("a-1")
    watched = watch(root=tmp_path / "root", timing=OFTEN)
    watched.until(lambda fleet: bool(fleet.automations))
    assert watched.model.capabilities == ALL
    GatewayStore(tmp_path / "root").job("a")
    watched.until(lambda fleet: jobs(fleet) == {"a"})
    assert watched.model.capabilities == NONE


def test_nothing_is_written(tmp_path: Path, watch: Watch) -> None:
    with gateway(tmp_path / "root", "live"):
        before = fingerprint(tmp_path / "root")
        watched = watch(root=tmp_path / "root", timing=OFTEN)
        watched.until(lambda fleet: len(jobs(fleet)) == 50)
        assert fingerprint(tmp_path / "root") == before


def test_the_last_reading_stays_while_the_store_is_unreadable(tmp_path: Path, watch: Watch) -> None:
    store = GatewayStore(tmp_path)
    store.job("a")
    store.close()
    watched = watch(root=tmp_path, timing=OFTEN)
    watched.until(lambda fleet: jobs(fleet) == {"a"})
    data = store.path.read_bytes()
    store.path.write_bytes(b"damaged" * 999)
    watched.until(lambda fleet: any("is damaged" in problem.message for problem in fleet.problems.values()))
    assert jobs(watched.fleet) == {"a"} and watched.fleet.as_of is not None
    store.path.write_bytes(data)
    watched.until(lambda fleet: not fleet.problems and fleet.as_of is None)


def test_a_store_that_appears_takes_over_and_one_that_is_damaged_is_a_problem(tmp_path: Path, watch: Watch) -> None:
    root = GatewayRoot(tmp_path / "root")
    root.automation("a-1")
    watched = watch(root=tmp_path / "root", timing=OFTEN)
    watched.until(lambda fleet: bool(fleet.automations))
    (tmp_path / "root/state").mkdir()
    (tmp_path / "root/state/openclaw.sqlite").write_bytes(b"damaged" * 999)
    watched.until(lambda fleet: any("is damaged" in problem.message for problem in fleet.problems.values()))
    (tmp_path / "root/state/openclaw.sqlite").unlink()
    watched.until(lambda fleet: bool(fleet.automations) and fleet.gateway is None)


def test_a_commit_is_seen_because_the_kernel_reports_it(tmp_path: Path, watch: Watch) -> None:
    store = GatewayStore(tmp_path)
    store.job("a")
    log = tmp_path / "logs/claw.log"
    log.parent.mkdir()
    log.write_text("{}\n")
    (tmp_path / "openclaw.json").write_text(f'{{"logging": {{"file": "{log}"}}}}')
    watched = watch(root=tmp_path, timing=Intervals(reconcile=3600, poll=3600, root=3600, missing=3600, retry=3600))
    watched.until(lambda fleet: jobs(fleet) == {"a"} and fleet.watch == "watching")
    watched.until(lambda fleet: str(log) in fleet.tails)
    for name in ("b", "c", "d"):
        store.job(name)
        watched.until(lambda fleet, name=name: name in jobs(fleet))  # type: ignore[misc]
    tail = watched.fleet.tails[str(log)]
    with log.open("a") as file:
        file.write("{}\n")
    watched.until(lambda fleet: fleet.tails[str(log)] is not tail)
    lock = tmp_path / "tmp/openclaw-1000/gateway.state.lock"
    lock.parent.mkdir(parents=True)
    store.job("e")
    watched.until(lambda fleet: "e" in jobs(fleet))
    lock.write_text('{"pid": 4000000}')
    watched.until(lambda fleet: fleet.gateway is not None and len(fleet.gateway.locks) == 1)
    store.close()
