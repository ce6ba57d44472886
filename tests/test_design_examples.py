"""The design document, held against the code: its examples are files that load, its schemas are our documents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from clawtui.files.json5.document import read_document
from clawtui.files.json5.serialize import dumped
from clawtui.model.checked.reading import made
from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock, flat_lock_name, normalize_repo_key
from clawtui.model.documents.log_entry import AnyEntry, DispatcherLogEntry, LogLine, RunLogEntry, parse_log_line
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.paths import parse_log_name

DESIGN = Path(__file__).parent / "data" / "storage-layer-design.md"
ORIGINAL = Path(__file__).parents[2] / "shared" / "spec" / DESIGN.name

_BLOCK = re.compile(r"^```(json|jsonl|typescript)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"^// ~/\.cla(?:w|sh)dbot/automations/(\S+)$")
"""The comment that names an example's file; one of them misspells the directory (errata 1)."""

KINDS: Mapping[str, type[Document]] = {
    r"config/dispatcher\.json": DispatcherConfig,
    r"config/concurrency-state\.json": ConcurrencyState,
    r"config/[^/]+/[^/]+\.json": AutomationConfig,
    r"workspaces/[^/]+/workspace-info\.json": WorkspaceInfo,
    r"workspaces/[^/]+/state\.json": RuntimeState,
    r"workspaces/[^/]+/progress\.json": ProgressState,
    r"locks/[^/]+\.lock": RepositoryLock,
}
LOG_KINDS: Mapping[str, type[AnyEntry]] = {
    r"logs/dispatcher/[^/]+\.jsonl": DispatcherLogEntry,
    r"logs/[^/]+/[^/]+\.jsonl": RunLogEntry,
}

ID = "auto-sync-main-123"
RUN_LOG = f"logs/smart-sync-fork/{ID}-20250126-100000.jsonl"
DISPATCHER_LOG = "logs/dispatcher/2025-01-26.jsonl"


class Example(NamedTuple):
    """A fenced block of the design that is a file."""

    path: str
    """Relative to ``automations/``, the placeholders filled in."""
    content: str


def blocks(language: str) -> list[str]:
    return [body for name, body in _BLOCK.findall(DESIGN.read_text()) if name == language]


def file_examples() -> dict[str, Example]:
    examples = {}
    for language in ("json", "jsonl"):
        for body in blocks(language):
            comment, _, rest = body.partition("\n")
            place = _PLACE.match(comment)
            assert place, f"no file is named by {comment!r}"
            path = place[1].replace("<automation-id>", ID)
            examples[path] = Example(path, rest if language == "jsonl" else body)
    return examples


EXAMPLES = file_examples()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Write an ``automations/`` directory with every example saved under its path."""
    for path, content in EXAMPLES.values():
        file = tmp_path / "automations" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return tmp_path / "automations"


def test_every_file_example_is_found_in_the_document() -> None:
    assert set(EXAMPLES) == {
        "config/dispatcher.json",
        f"config/smart-sync-fork/{ID}.json",
        "config/concurrency-state.json",
        f"workspaces/{ID}/workspace-info.json",
        f"workspaces/{ID}/state.json",
        f"workspaces/{ID}/progress.json",
        DISPATCHER_LOG,
        RUN_LOG,
        "locks/github.com-user-repo.lock",
    }


def test_the_design_document_is_unchanged() -> None:
    if ORIGINAL.exists():
        assert DESIGN.read_bytes() == ORIGINAL.read_bytes()


def kind_of(path: str) -> type[Document]:
    return next(kind for pattern, kind in KINDS.items() if re.fullmatch(pattern, path))


@pytest.mark.parametrize("path", [path for path in EXAMPLES if not path.endswith(".jsonl")])
def test_every_document_example_loads(base: Path, path: str) -> None:
    reading = read_document(base, path, kind_of(path))
    assert reading is not None
    assert reading.problem is None
    assert reading.value is not None
    assert not reading.value.unknown


def load(base: Path, kind: type[Document]) -> Mapping[str, object]:
    """Return the example of ``kind`` as it would be written back, without what the design leaves out."""
    path = next(path for path in EXAMPLES if not path.endswith(".jsonl") and kind_of(path) is kind)
    reading = read_document(base, path, kind)
    assert reading is not None
    assert reading.value is not None
    return dumped(reading.value)


def test_the_examples_have_the_values_of_the_document(base: Path) -> None:
    dispatcher = load(base, DispatcherConfig)
    assert (dispatcher["maxConcurrent"], dispatcher["lastModified"]) == (3, "2025-01-26T10:30:00.000Z")
    automation = made(AutomationConfig, load(base, AutomationConfig))
    assert [run.status for run in automation.run_history] == ["success", "partial"]
    assert automation.config["forkRepoUrl"] == "git@github.com:user/main-fork.git"
    slots = made(ConcurrencyState, load(base, ConcurrencyState))
    assert [slot.session_id for slot in slots.active_slots] == ["cron:abc-123-def"]
    info = made(WorkspaceInfo, load(base, WorkspaceInfo))
    assert info.size is not None
    assert info.size.bytes == 52428800
    state = made(RuntimeState, load(base, RuntimeState))
    assert state.running
    assert (state.progress.percentage, state.progress.details.current_file) == (65, "src/core/processor.ts")
    progress = made(ProgressState, load(base, ProgressState))
    assert [step.percentage for step in progress.timeline] == [5, 10, 15, 25, 35, 45]
    lock = made(RepositoryLock, load(base, RepositoryLock))
    assert (lock.repo_key, lock.pid, lock.hostname) == ("github.com/user/repo", 12345, "gateway-host")


def log_lines(base: Path, path: str) -> list[LogLine]:
    kind = next(kind for pattern, kind in LOG_KINDS.items() if re.fullmatch(pattern, path))
    return [parse_log_line(line, kind) for line in (base / path).read_text().splitlines()]


@pytest.mark.parametrize(("path", "count"), [(DISPATCHER_LOG, 8), (RUN_LOG, 15)])
def test_every_line_of_every_log_example_is_an_entry(base: Path, path: str, count: int) -> None:
    lines = log_lines(base, path)
    assert [line.fault for line in lines] == [None] * count
    assert parse_log_name(Path(path).name) is not None


def test_the_log_examples_have_the_values_of_the_document(base: Path) -> None:
    run = [line.entry for line in log_lines(base, RUN_LOG) if isinstance(line.entry, RunLogEntry)]
    assert {entry.phase for entry in run} == {
        "init",
        "workspace",
        "git",
        "merge",
        "conflict",
        "resolution",
        "pr",
        "complete",
    }
    assert (run[-1].status, run[-1].duration, run[-2].pr_number) == ("success", 164000, 123)
    dispatcher = [line.entry for line in log_lines(base, DISPATCHER_LOG) if isinstance(line.entry, DispatcherLogEntry)]
    assert [entry.reason for entry in dispatcher if entry.reason] == ["repository-locked", "concurrency-limit"]
    assert dispatcher[-1].error == "Failed to clone repository"


def test_every_key_example_is_normalized_as_in_the_document(base: Path) -> None:
    examples = re.findall(r'^// "(\S+)" → "(\S+)"$', DESIGN.read_text(), re.MULTILINE)
    assert len(examples) == 3
    assert [normalize_repo_key(address) for address, _ in examples] == [key for _, key in examples]
    assert (base / "locks" / flat_lock_name(examples[0][1])).exists()


def design_fields(name: str) -> dict[str, bool]:
    """Return the fields of one ``z.object`` of the design, and whether a document must have them."""
    code = re.sub(r"//.*", "", "".join(blocks("typescript")))
    schema = re.search(rf"const {name}Schema = z\.object\(\{{\n(.*?)^\}}\);", code, re.MULTILINE | re.DOTALL)
    assert schema, f"the design has no {name}Schema"
    rules = re.findall(r"^  (\w+):(.*?)(?=^  \w+:|\Z)", schema[1], re.MULTILINE | re.DOTALL)
    return {field: not re.search(r"\.(optional|default)\([^()]*\),\s*$", rule) for field, rule in rules}


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ("DispatcherConfig", DispatcherConfig),
        ("AutomationConfig", AutomationConfig),
        ("ConcurrencyState", ConcurrencyState),
        ("DispatcherLogEntry", DispatcherLogEntry),
        ("AutomationLogEntry", RunLogEntry),
        ("RepositoryLock", RepositoryLock),
    ],
)
def test_every_schema_of_the_document_has_the_fields_of_the_model(schema: str, kind: type[Document]) -> None:
    ours = {field.key: field.required for field in schema_fields(kind).values()}
    design = design_fields(schema)
    assert design
    assert ours == {field: required and field != "version" for field, required in design.items()}
