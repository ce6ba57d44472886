"""Every document of clawtui passes the gateway's schemas, and has the same values for the gateway."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.files.json5.document import read_document, validate
from clawtui.model.documents.automation import AutomationConfig, RunResult
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry
from clawtui.model.documents.workspace import Milestone, RuntimeState, WorkspaceInfo
from clawtui.model.paths import run_log_name
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.artifacts import ArtifactStore
from clawtui.storage.stores.backup import export_automations, import_automations, write_export
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.stores.migration import migrate
from clawtui.storage.workspaces.manager import WorkspaceManager
from tests.demo.still import write_still
from tests.gateway_root import NOON, GatewayRoot
from tests.interop import values
from tests.interop.node import Node, Report, needs_node
from tests.storage import documents
from tests.storage.json5_texts import Person, persons, texts

pytestmark = needs_node

LATER = NOON + timedelta(hours=2)
BATCH = 40
batch = settings(max_examples=BATCH)
results = documents.runs.map(lambda fields: validate(RunResult, fields))


def expect_taken(node: Node, places: list[Path], documents: int) -> Report:
    """Assert that at least so many documents pass their schemas, and mean the same to the gateway."""
    report = node.check(*places)
    assert not report.failures, [(failure.reason, failure.path.read_text()) for failure in report.failures[:3]]
    assert report.checked >= documents
    for path, read in report.values.items():
        if path.suffix != ".jsonl" and path not in places:
            expect_same(path, read)
    return report


def expect_same(path: Path, read: object) -> None:
    base, _, relative = path.as_posix().partition("/automations/")
    reading = read_document(Path(base) / "automations", relative, values.kind_of(relative))
    assert reading is not None
    assert reading.value is not None, reading.problem
    assert values.same_to_javascript(values.as_written(reading.value), read), path


def test_automations(node: Node, gateway: GatewayRoot) -> None:
    store = AutomationConfigStore(StatePaths(gateway.root))
    serial = itertools.count()

    @batch
    @given(documents.automations, st.none() | results, st.none() | st.booleans())
    def write(fields: documents.Fields, result: RunResult | None, enabled: bool | None) -> None:
        config = validate(AutomationConfig, {**fields, "id": f"sync-{next(serial)}"})
        store.save(config, NOON)
        if result is not None:
            store.update_last_run(config.id, result, LATER, next_run=LATER + timedelta(hours=2))
        if enabled is not None:
            store.set_enabled(config.id, enabled, LATER)

    write()
    expect_taken(node, [gateway.root], BATCH)


def test_automations_that_a_person_wrote_with_comments(node: Node, gateway: GatewayRoot) -> None:
    store = AutomationConfigStore(StatePaths(gateway.root))
    serial = itertools.count()

    @batch
    @given(documents.automations, persons(), results, st.booleans())
    def write(fields: documents.Fields, person: Person, result: RunResult, enabled: bool) -> None:
        config = validate(AutomationConfig, {**fields, "type": "by-hand", "id": f"sync-{next(serial)}"})
        gateway.write(f"config/by-hand/{config.id}.json", person.write(values.as_written(config)))
        store.set_enabled(config.id, enabled, LATER)
        store.update_last_run(config.id, result, LATER)

    write()
    expect_taken(node, [gateway.root], BATCH)


def test_automations_that_went_out_and_came_back(node: Node, gateway: GatewayRoot, tmp_path: Path) -> None:
    here, there = StatePaths(gateway.root), StatePaths(tmp_path / "other")
    there.root.mkdir()
    store = AutomationConfigStore(here)
    serial = itertools.count()

    @batch
    @given(documents.automations)
    def write(fields: documents.Fields) -> None:
        store.save(validate(AutomationConfig, {**fields, "id": f"sync-{next(serial)}"}), NOON)

    write()
    export = export_automations(here, LATER, secrets="include")
    write_export(tmp_path / "export.json", export)
    imported = import_automations(there, export.data, "fail", LATER)
    assert {item.outcome for item in imported} == {"create"}
    expect_taken(node, [there.root, tmp_path / "export.json"], len(imported) + 1)


def test_dispatchers(node: Node, roots: Iterator[GatewayRoot]) -> None:
    written = []

    @batch
    @given(documents.dispatchers, st.none() | persons(), st.sampled_from([None, "sam@example.com"]))
    def write(fields: documents.Fields, person: Person | None, by: str | None) -> None:
        gateway = next(roots)
        config = validate(DispatcherConfig, values.unversioned(fields))
        if person is not None:
            gateway.write("config/dispatcher.json", person.write(values.unversioned(values.as_written(config))))
        DispatcherStore(StatePaths(gateway.root)).save(config.changed(enabled=False), LATER, by)
        written.append(gateway.root)

    write()
    expect_taken(node, written, BATCH)


def test_dispatchers_of_version_0(node: Node, roots: Iterator[GatewayRoot]) -> None:
    written = []

    @batch
    @given(documents.dispatchers, persons(), st.sets(st.sampled_from(["maxConcurrent", "notifications"])))
    def write(fields: documents.Fields, person: Person, missing: set[str]) -> None:
        gateway = next(roots)
        old = {**values.as_written(validate(DispatcherConfig, fields)), "version": 0}
        gateway.write("config/dispatcher.json", person.write({key: old[key] for key in old if key not in missing}))
        assert [item.action for item in migrate(StatePaths(gateway.root), LATER)] == ["migrated"]
        written.append(gateway.root)

    write()
    expect_taken(node, written, BATCH)


def test_slots(node: Node, roots: Iterator[GatewayRoot]) -> None:
    written = []

    @batch
    @given(documents.concurrency_states, st.booleans(), st.none() | persons(), texts, st.integers(1, 10))
    def write(fields: documents.Fields, is_new: bool, person: Person | None, id: str, slots: int) -> None:
        gateway = next(roots)
        store = ConcurrencyStore(StatePaths(gateway.root))
        state = validate(ConcurrencyState, values.unversioned(fields))
        if person is not None:
            gateway.write("config/concurrency-state.json", person.write(values.as_written(state)))
        elif not is_new:
            store.save(state)
        if not store.acquire(id, f"cron:{id}", LATER, slots) or slots % 2:
            store.release(f"cron:{id}", LATER)
        written.append(gateway.root)

    write()
    expect_taken(node, written, BATCH)


def test_workspaces(node: Node, gateway: GatewayRoot) -> None:
    manager = WorkspaceManager(StatePaths(gateway.root))
    serial = itertools.count()

    @batch
    @given(
        values.workspace_infos,
        values.runtime_states,
        st.lists(values.milestones, min_size=1, max_size=3),
        st.none() | texts,
    )
    def write(
        info: documents.Fields, state: documents.Fields, milestones: list[documents.Fields], session_id: str | None
    ) -> None:
        id = f"sync-{next(serial)}"
        manager.create(id)
        manager.save_info(validate(WorkspaceInfo, {**info, "automationId": id}))
        for currently in ({**state, "status": "running"}, state):
            manager.update_state(id, validate(RuntimeState, currently))
        for milestone in milestones:
            manager.update_progress(id, validate(Milestone, milestone), session_id)

    write()
    expect_taken(node, [gateway.root], BATCH * 3)


def test_logs(node: Node, gateway: GatewayRoot) -> None:
    logs = AutomationLogManager(StatePaths(gateway.root))
    count = itertools.count()

    @batch
    @given(values.dispatcher_entries, values.run_entries)
    def write(dispatched: documents.Fields, reached: documents.Fields) -> None:
        entry = validate(RunLogEntry, reached)
        logs.write_dispatcher(validate(DispatcherLogEntry, dispatched))
        logs.write_run("smart-sync-fork", run_log_name("sync-main", NOON), entry)
        next(count)

    write()
    report = expect_taken(node, [gateway.root], 2)
    entries = [len(read) for read in report.values.values() if isinstance(read, list)]
    assert sum(entries) == 2 * next(count)


def test_locks(node: Node, gateway: GatewayRoot) -> None:
    manager = RepositoryLockManager(StatePaths(gateway.root))
    taken = []

    @batch
    @given(values.addresses, texts, st.integers(1, 2**31), st.datetimes(datetime(1990, 1, 1), timezones=st.just(UTC)))
    def write(address: str, session_id: str, pid: int, now: datetime) -> None:
        timeout = timedelta(hours=4)
        lock = manager.acquire(address, "sync", session_id, now=now, pid=pid, hostname="it's here", timeout=timeout)
        if lock is not None:
            taken.append(lock.repo_key)

    write()
    expect_taken(node, [gateway.root], len(set(taken)))


def test_artifacts(node: Node, gateway: GatewayRoot) -> None:
    """The gateway has no schema for artifacts: they must not affect what it reads."""
    gateway.automation("sync")
    ArtifactStore(StatePaths(gateway.root)).add("sync", "conflict-report.md", b"\xff{", NOON)
    expect_taken(node, [gateway.root], 1)


def test_the_demo_except_its_malformed_configuration(node: Node, tmp_path: Path) -> None:
    write_still(tmp_path, NOON)
    report = node.check(tmp_path)
    assert report.checked > 40
    assert [failure.path.name for failure in report.failures] == ["sync-mitmproxy.json"]
    assert "JSON5" in report.failures[0].reason
