"""Whatever the gateway writes, clawtui reads value for value, and changes without harm."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.json5.diff import same
from clawtui.files.json5.document import read_document
from clawtui.model.documents.automation import MAX_HISTORY, AutomationConfig, RunResult
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry, parse_log_line
from clawtui.model.documents.workspace import Milestone
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.backup import import_automations
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.workspaces.manager import WorkspaceManager
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.interop import values
from tests.interop.node import Node, needs_node

pytestmark = needs_node

LATER = NOON + timedelta(hours=2)
RESULT = RunResult(timestamp=NOON, status="partial", duration=1.5, summary='it\'s \\ "half" \u2028 done 👩‍👩‍👧')
SAVED_RESULT = {"timestamp": iso(NOON), "status": "partial", "duration": 1.5, "summary": RESULT.summary}

_mail = st.from_regex(r"[aZ0_'+.-]{1,4}@[a0.-]{1,4}\.[a0]{1,3}", fullmatch=True) | st.text("aé.@'K \n", max_size=8)
_names = st.builds("{}{}".format, st.integers(0, 51).map("😀".__mul__), st.integers(0, 101).map("a".__mul__))

Fields = Mapping[str, object]


class Written(NamedTuple):
    """A state directory that node wrote."""

    root: Path
    twins: Mapping[str, object]
    """What each document says, by path relative to ``automations/``."""


@pytest.fixture(scope="module", params=[1, 2])
def written(request: pytest.FixtureRequest, node: Node, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Return the directory that is only read."""
    root = tmp_path_factory.mktemp("written")
    return Written(root, node.write(root, request.param))


@pytest.fixture
def own(written: Written, tmp_path: Path) -> Written:
    """Return a copy that may be changed."""
    return Written(shutil.copytree(written.root, tmp_path / "own"), written.twins)


def is_config(path: str) -> bool:
    return path.startswith("config/") and path.count("/") == 2


def test_every_document_loads_with_its_values(written: Written) -> None:
    documents = {path: twin for path, twin in written.twins.items() if not path.endswith(".jsonl")}
    assert len(documents) > 200
    for path, twin in documents.items():
        reading = read_document(written.root / "automations", path, values.kind_of(path))
        assert reading is not None
        assert reading.value is not None, reading.problem
        assert same(values.as_written(reading.value), twin), path


def test_every_line_of_every_log_is_an_entry(written: Written) -> None:
    logs = {path: twin for path, twin in written.twins.items() if path.endswith(".jsonl")}
    assert len(logs) == 2
    for path, twin in logs.items():
        kind = DispatcherLogEntry if path.startswith("logs/dispatcher/") else RunLogEntry
        text = (written.root / "automations" / path).read_text()
        lines = [parse_log_line(line, kind) for line in text.split("\n")[:-1]]
        assert [line.fault for line in lines if line.fault] == []
        assert same([values.as_written(line.entry) for line in lines if line.entry], twin), path


def test_every_lock_and_every_automation_is_listed(written: Written) -> None:
    paths = StatePaths(written.root)
    locks = RepositoryLockManager(paths).list_locks()
    assert set(locks) == {path for path in written.twins if path.startswith("locks/")}
    automations = AutomationConfigStore(paths).list_automations()
    assert {automation.config.path for automation in automations} == set(filter(is_config, written.twins))
    assert all(reading.value for reading in (*locks.values(), *(automation.config for automation in automations)))


def test_names_and_mail_addresses_are_taken_here_if_and_only_if_they_are_there(
    node: Node, roots: Iterator[GatewayRoot]
) -> None:
    taken: dict[Path, bool] = {}
    used = []

    @given(_names, _mail)
    def write(name: str, mail: str) -> None:
        gateway = next(roots)
        used.append(gateway.root)
        for path, kind in (
            (gateway.automation("a", name=name), AutomationConfig),
            (gateway.dispatcher(lastModifiedBy=mail), DispatcherConfig),
        ):
            reading = read_document(gateway.automations, path.relative_to(gateway.automations).as_posix(), kind)
            taken[path] = reading is not None and reading.value is not None and not reading.faults

    write()
    refused = {failure.path for failure in node.check(*used).failures}
    assert {path: path not in refused for path in taken} == taken


def enable(store: AutomationConfigStore, id: str) -> None:
    store.set_enabled(id, True, LATER)


def disable(store: AutomationConfigStore, id: str) -> None:
    store.set_enabled(id, False, LATER)


def run(store: AutomationConfigStore, id: str) -> None:
    store.update_last_run(id, RESULT, LATER, next_run=LATER)


def enabled(old: Fields) -> Fields:
    return dict(old) if old.get("enabled", True) is True else {**old, "enabled": True, "modified": iso(LATER)}


def disabled(old: Fields) -> Fields:
    return dict(old) if old.get("enabled") is False else {**old, "enabled": False, "modified": iso(LATER)}


def having_run(old: Fields) -> Fields:
    newest = [SAVED_RESULT, *items_at(old, "runHistory")][:MAX_HISTORY]
    return {**old, "lastRun": SAVED_RESULT, "runHistory": newest, "nextRun": iso(LATER), "modified": iso(LATER)}


CHANGES: Sequence[tuple[Callable[[AutomationConfigStore, str], None], Callable[[Fields], Fields]]] = (
    (enable, enabled),
    (disable, disabled),
    (run, having_run),
)


def test_a_change_to_an_automation_is_all_that_the_gateway_sees(node: Node, own: Written) -> None:
    store = AutomationConfigStore(StatePaths(own.root))
    expected = dict(own.twins)
    for path, (change, outcome) in zip(filter(is_config, own.twins), itertools.cycle(CHANGES), strict=False):
        twin = fields_at(own, path)
        change(store, str(twin["id"]))
        expected[path] = outcome(twin)
    expect_read(node, own.root, expected)
    assert not list(own.root.rglob("*.bak"))


def test_a_milestone_that_is_added_is_all_that_the_gateway_sees(node: Node, own: Written) -> None:
    manager = WorkspaceManager(StatePaths(own.root))
    expected = dict(own.twins)
    milestone = Milestone(timestamp=LATER, milestone="Cloning", percentage=10)
    added = {"timestamp": iso(LATER), "milestone": "Cloning", "percentage": 10, "details": {}}
    for path in own.twins:
        if path.endswith("/progress.json"):
            manager.update_progress(path.split("/")[1], milestone)
            twin = fields_at(own, path)
            expected[path] = {**twin, "timeline": [*items_at(twin, "timeline"), added], "lastUpdate": iso(LATER)}
    expect_read(node, own.root, expected)


def test_an_export_of_the_gateway_is_imported_completely(node: Node, written: Written, tmp_path: Path) -> None:
    there = StatePaths(tmp_path)
    items = import_automations(there, (written.root / "export.json").read_bytes(), "fail", LATER)
    assert {item.outcome for item in items} == {"create"}
    expect_read(
        node, there.root, {path: exported(fields_at(written, path)) for path in filter(is_config, written.twins)}
    )


def exported(twin: Fields) -> Fields:
    """Return null in place of numbers that are not finite, which JSON.stringify does and JSON5.stringify does not."""
    config = twin["config"]
    assert isinstance(config, Mapping)
    return {**twin, "modified": iso(LATER), "config": {**config, "limits": [None, None, None]}}


def expect_read(node: Node, root: Path, expected: Mapping[str, object]) -> None:
    report = node.check(root)
    assert report.failures == []
    read = {path.relative_to(root / "automations").as_posix(): value for path, value in report.values.items()}
    assert read.keys() == expected.keys()
    assert [path for path, value in read.items() if not values.same_to_javascript(value, expected[path])] == []


def fields_at(written: Written, path: str) -> Fields:
    twin = written.twins[path]
    assert isinstance(twin, Mapping)
    return twin


def items_at(fields: Fields, key: str) -> Sequence[object]:
    items = fields[key]
    assert isinstance(items, Sequence)
    return items
