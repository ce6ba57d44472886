"""The simulated gateway: a real process, real git, twenty times as fast as it is shown."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from clawtui.demo.gateway_process import GatewayProcess
from clawtui.demo.home import kept_home
from clawtui.files.json5.document import DocumentT, read_document
from clawtui.model.documents.automation import RunResult
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import ProgressState, RuntimeState
from clawtui.model.errors import Changed
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.workspaces.manager import WorkspaceManager
from tests.cli.processes import PROJECT
from tests.demo.loading import faults
from tests.waiting import wait_until

_SILENCE = timedelta(seconds=1)
"""Twenty seconds at the demo's usual speed: no run that lives says nothing for so long."""

TYPO = "config/smart-sync-fork/sync-mitmproxy.json"


class Watched:
    """The documents that the gateway has written so far."""

    def __init__(self, root: Path, pid: int, began: datetime) -> None:
        self.root = root
        self.pid = pid
        self.paths = StatePaths(root)
        self.began = began

    def events(self, event: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []
        for log in sorted((self.root / "automations" / "logs" / "dispatcher").glob("*.jsonl")):
            complete = log.read_text().rpartition("\n")[0]
            found += [entry for line in complete.splitlines() if (entry := json.loads(line))["event"] == event]
        return found

    def state(self, id: str) -> RuntimeState | None:
        return self._read(f"workspaces/{id}/state.json", RuntimeState)

    def session(self, id: str) -> str | None:
        state = self.state(id)
        return state.session_id if state else None

    def progress(self, id: str) -> ProgressState | None:
        return self._read(f"workspaces/{id}/progress.json", ProgressState)

    def slots(self) -> tuple[Slot, ...]:
        state = self._read("config/concurrency-state.json", ConcurrencyState)
        return state.active_slots if state else ()

    def locks(self) -> dict[str, RepositoryLock]:
        readings = RepositoryLockManager(self.paths).list_locks().values()
        return {reading.value.automation_id: reading.value for reading in readings if reading.value}

    def finished(self) -> list[str]:
        """Return the automations with a run that has ended since the gateway began."""
        automations = AutomationConfigStore(self.paths).list_automations()
        return [a.id for a in automations if a.config.value and self._ran(a.config.value.last_run)]

    def history(self, id: str) -> Sequence[RunResult]:
        automation = AutomationConfigStore(self.paths).get(id)
        return automation.config.value.run_history if automation and automation.config.value else ()

    def _ran(self, run: RunResult | None) -> bool:
        return run is not None and run.timestamp > self.began

    def _read(self, relative: str, kind: type[DocumentT]) -> DocumentT | None:
        reading = read_document(self.paths.automations, relative, kind)
        return reading.value if reading else None


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    home = kept_home(tmp_path_factory.mktemp("demo") / "root")
    began = datetime.now(UTC)
    with GatewayProcess(home, ["--speed=20", "--seed=5"]) as process:
        yield Watched(home, process.pid, began)


def test_when_it_is_ready_three_runs_are_going_with_its_own_locks(gateway: Watched) -> None:
    slots = gateway.slots()
    assert len(slots) == 3
    for slot in slots:
        lock = gateway.locks()[slot.automation_id]
        assert (lock.pid, lock.hostname, lock.session_id) == (gateway.pid, platform.node(), slot.session_id)


def test_progress_moves(gateway: Watched) -> None:
    def percentage() -> int | float:
        state = gateway.state("sync-ripgrep")
        return (state.progress.percentage or 0) if state else 0

    for beyond in (5, 25, 50):
        wait_until(lambda beyond=beyond: percentage() > beyond, 20, f"more than {beyond} %")  # type: ignore[misc]
    progress = gateway.progress("sync-ripgrep")
    assert progress is not None
    titles = [milestone.milestone for milestone in progress.timeline]
    assert titles[:5] == [
        "Initializing workspace",
        "Cloning fork repository",
        "Fetching upstream changes",
        "Detecting merge conflicts",
        "Resolving conflicts",
    ]


def test_a_run_that_dies_leaves_everything_behind_until_it_is_recovered(gateway: Watched) -> None:
    second = gateway.events("automation-dispatched")[1]
    id, session = str(second["automationId"]), second["sessionId"]

    def holds() -> tuple[bool, bool, bool]:
        state, lock = gateway.state(id), gateway.locks().get(id)
        return (
            state is not None and state.session_id == session and state.running,
            lock is not None and lock.session_id == session,
            session in {slot.session_id for slot in gateway.slots()},
        )

    def silent() -> bool:
        state = gateway.state(id)
        return state is not None and state.last_update is not None and datetime.now(UTC) - state.last_update > _SILENCE

    wait_until(silent, 20, "the death of the second run")
    assert holds() == (True, True, True)
    wait_until(lambda: session in {e["sessionId"] for e in gateway.events("stale-run-recovered")}, 20, "its recovery")
    wait_until(lambda: not any(holds()), what="the end of all that it held")
    wait_until(lambda: any(run.summary.startswith("Run lost") for run in gateway.history(id)), what="its result")


def test_a_run_ends_with_a_branch_that_is_really_in_the_fork(gateway: Watched) -> None:
    wait_until(lambda: "sync-ripgrep" in gateway.finished(), 20, "the end of the first run")
    (dispatched, *_) = [e for e in gateway.events("automation-dispatched") if e["automationId"] == "sync-ripgrep"]
    log = max((gateway.root / "automations/logs/smart-sync-fork").glob("sync-ripgrep-20*.jsonl"), key=_mtime)
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert {entry["sessionId"] for entry in entries} == {dispatched["sessionId"]}
    assert {"Pull request created", "Automation completed successfully"} <= {entry["message"] for entry in entries}
    (branch,) = {entry["branch"] for entry in entries if entry["message"] == "Pushing branch"}
    fork = gateway.root / "demo-remotes" / "mkessler" / "ripgrep.git"
    parents = subprocess.run(
        ["git", "rev-parse", f"{branch}^1", f"{branch}^2"], cwd=fork, check=True, capture_output=True, text=True
    )
    assert len(set(parents.stdout.split())) == 2
    artifacts = {
        path.name.split("-", 2)[-1] for path in (gateway.root / "automations/artifacts/sync-ripgrep").iterdir()
    }
    assert any(artifact.endswith("patch.diff") for artifact in artifacts)


def _mtime(path: Path) -> float:
    return path.stat().st_mtime


def test_an_automation_that_cannot_run_is_skipped_with_a_reason_in_the_log(gateway: Watched) -> None:
    def reasons() -> set[object]:
        return {entry["reason"] for entry in gateway.events("automation-skipped")}

    wait_until(lambda: reasons() >= {"repository-locked", "concurrency-limit"}, 20, "both reasons")


def test_the_lock_of_a_dead_gateway_keeps_an_automation_from_running(gateway: Watched) -> None:
    lock = gateway.locks()["sync-hugo"]
    assert not psutil.pid_exists(lock.pid)
    assert lock.hostname == platform.node()
    assert "sync-hugo" not in {slot.automation_id for slot in gateway.slots()}
    skipped = {
        entry["reason"] for entry in gateway.events("automation-skipped") if entry["automationId"] == "sync-hugo"
    }
    assert skipped == {"repository-locked"}
    assert gateway.locks()["sync-excalidraw"].hostname == "gateway-2"
    assert (gateway.root / "automations/locks/github.com/mkessler/prometheus.lock").is_file()


def test_a_failure_names_its_cause(gateway: Watched) -> None:
    failure = wait_until(lambda: gateway.events("automation-failed"), 30, "a failure")[0]
    assert failure["level"] == "error"

    def errors() -> list[object]:
        logs = (gateway.root / "automations/logs").rglob(f"{failure['automationId']}-20*.jsonl")
        lines = [json.loads(line) for log in logs for line in log.read_text().rpartition("\n")[0].splitlines()]
        mine = [line for line in lines if line.get("sessionId") == failure["sessionId"]]
        return [line["message"] for line in mine if line["level"] == "error"]

    wait_until(lambda: errors()[:1] == [failure["error"]], what="the same cause in the run's log")


def cleaned(gateway: Watched, automation_id: str) -> bool:
    """Clean the workspace of a live run; return False if the run wrote to it meanwhile."""
    try:
        WorkspaceManager(gateway.paths).clean(automation_id, remove_live=True)
    except Changed:
        return False
    return True


def test_a_workspace_that_is_cleaned_under_its_run_fails_that_run_alone(gateway: Watched) -> None:
    known = {slot.session_id for slot in gateway.slots()}
    (slot, *_) = wait_until(lambda: [s for s in gateway.slots() if s.session_id not in known], 20, "a new run")
    wait_until(
        lambda: slot.session_id == getattr(gateway.state(slot.automation_id), "session_id", None), what="its state"
    )
    before = len(gateway.history(slot.automation_id))
    wait_until(lambda: cleaned(gateway, slot.automation_id), 20, "a moment in which the run writes nothing")
    wait_until(lambda: slot.session_id not in {other.session_id for other in gateway.slots()}, 20, "the end of the run")
    wait_until(lambda: len(gateway.history(slot.automation_id)) > before, what="its result")
    last = gateway.history(slot.automation_id)[0]
    assert last.status == "failed"
    assert "workspace" in last.summary
    dispatches = len(gateway.events("dispatch-started"))
    wait_until(lambda: len(gateway.events("dispatch-started")) > dispatches, what="the next dispatch")


def test_everything_that_it_writes_is_a_document_of_its_kind(gateway: Watched) -> None:
    assert list(faults(gateway.root)) == [TYPO]


def test_everything_that_it_writes_is_private_and_so_are_the_clones(gateway: Watched) -> None:
    seen = set()
    for folder, folders, files in os.walk(gateway.root):
        for path in (Path(folder, name) for name in (*folders, *files)):
            with suppress(FileNotFoundError):  # a run may begin meanwhile, which removes the clone of the last one
                assert path.stat().st_mode & 0o077 == 0, path
                seen.add(path.name)
    assert {"config", "state.json", ".git", "HEAD"} <= seen


def test_an_automation_that_an_operator_disables_is_not_dispatched_again(gateway: Watched) -> None:
    store = AutomationConfigStore(gateway.paths)
    waiting = {slot.automation_id for slot in gateway.slots()}
    idle = [a.id for a in store.list_automations() if a.config.value and a.config.value.enabled and a.id not in waiting]
    for id in idle:
        store.set_enabled(id, False, datetime.now(UTC))
    before = len(gateway.events("dispatch-started"))
    wait_until(lambda: len(gateway.events("dispatch-started")) >= before + 3, what="three dispatches")
    after = gateway.events("dispatch-started")[before + 1 :]
    assert all(int(str(entry["dueCount"])) <= 3 for entry in after)


_IN_A_CONTAINER = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from clawtui.demo.gateway_process import GatewayProcess
from clawtui.demo.home import kept_home
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths

home = kept_home(Path(sys.argv[1]))
with GatewayProcess(home, ["--seed=5"]):
    fleet = read_fleet(StatePaths(home))
    judged = judged_locks(fleet, datetime.now(UTC))
    locks = [(reading.value, judged[path]) for path, reading in fleet.locks.items()]
    print(json.dumps({lock.automation_id: [on.verdict, lock.pid, on.facts] for lock, on in locks}))
"""


@pytest.mark.slow
def test_in_a_container_its_own_dead_locks_are_orphaned_and_its_runs_live(tmp_path: Path) -> None:
    command = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if shutil.which("unshare") is None or subprocess.run([*command, "true"], capture_output=True).returncode != 0:
        pytest.skip("a pid namespace of its own needs unshare and the right to use it")
    done = subprocess.run(
        [*command, sys.executable, "-c", _IN_A_CONTAINER, str(tmp_path / "demo")],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.stdout, done.stderr
    locks = json.loads(done.stdout)
    assert locks.pop("sync-excalidraw")[0] == "foreign"
    for id in ("sync-hugo", "sync-prometheus"):
        verdict, pid, facts = locks.pop(id)
        assert verdict == "orphaned"
        assert f"pid {pid} is gone" in facts  # without a doubt about processes that cannot be seen
    assert {verdict for verdict, _, _ in locks.values()} == {"live"}
