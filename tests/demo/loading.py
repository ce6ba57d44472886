"""Read every file of a state directory with the model, and report what could not be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from clawtui.files.json5.document import read_document
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry, parse_log_line
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.paths import parse_log_name

_KINDS: dict[str, type[Document]] = {
    "dispatcher.json": DispatcherConfig,
    "concurrency-state.json": ConcurrencyState,
    "state.json": RuntimeState,
    "progress.json": ProgressState,
    "workspace-info.json": WorkspaceInfo,
}


def faults(root: Path) -> dict[str, str]:
    """Return why files are no documents of their kind, by path; clones, artifacts and temp files are skipped."""
    base = root / "automations"
    found: dict[str, str] = {}
    for path in _documents(base):
        relative = path.relative_to(base).as_posix()
        if path.suffix == ".jsonl":
            found |= _log_faults(path, relative)
            continue
        kind = _KINDS.get(path.name) or (RepositoryLock if path.suffix == ".lock" else AutomationConfig)
        reading = read_document(base, relative, kind)
        if reading is not None and reading.problem is not None:
            found[relative] = reading.problem.message
    return found


def _documents(base: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(base):  # which does not mind what disappears meanwhile
        folders[:] = [name for name in folders if name not in ("repo", "artifacts")]
        yield from (Path(folder, name) for name in files if not name.endswith(".tmp"))


def _log_faults(path: Path, relative: str) -> dict[str, str]:
    if parse_log_name(path.name) is None:
        return {relative: "has a name of no known form"}
    kind = DispatcherLogEntry if relative.startswith("logs/dispatcher/") else RunLogEntry
    complete = path.read_text().rpartition("\n")[0]
    lines = [parse_log_line(line, kind) for line in complete.splitlines()]
    return {f"{relative}:{n}": line.fault for n, line in enumerate(lines, 1) if line.fault is not None}
