"""The writer of the seed, which uses the atomic writes of the storage layer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import groupby
from pathlib import Path
from types import TracebackType
from typing import Self

from clawtui.demo.runs.history import PastRun
from clawtui.demo.runs.run_state import InfoStatus, RunRecord
from clawtui.demo.seed.fleet_spec import AutomationSpec
from clawtui.files.fs.atomic import write_atomic
from clawtui.files.json5.dialect import JSON, JSON5
from clawtui.files.json5.serialize import render, to_json, to_plain
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document, RunStatus
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock, flat_lock_name
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry
from clawtui.model.documents.workspace import ProgressState
from clawtui.model.paths import DISPATCHER_LOGS, INFO_NAME, PROGRESS_NAME, STATE_NAME, day_log_name, run_log_name
from clawtui.storage.paths import (
    ARTIFACTS,
    AUTOMATIONS,
    CONCURRENCY_FILE,
    CONFIG,
    DISPATCHER_FILE,
    LOCKS,
    LOGS,
    WORKSPACES,
    StatePaths,
)

_WRITERS = 8

_INFO: dict[RunStatus, InfoStatus] = {"success": "complete", "partial": "complete", "failed": "failed"}
_STATE: dict[RunStatus, str] = {"success": "completed", "partial": "completed"}


class SeedWriter:
    """A collection of the files of a new state directory, which are written when its ``with`` ends.

    Every write waits for the disk; writing all files together takes a third of the time.
    """

    def __init__(self, root: Path, shown_root: str | None = None) -> None:
        """Prepare to write to ``root``; ``shown_root`` is its path in documents, if it is another."""
        self.paths = StatePaths(root)
        self._shown_root = shown_root or str(root)
        self._texts: dict[str, str] = {}
        self._written: dict[str, float] = {}
        """The last write to each log, in seconds since the epoch, because the file's time is a sign of life."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write everything. Raises as ``write_atomic`` does."""
        if error is None:
            with ThreadPoolExecutor(_WRITERS, thread_name_prefix="seed") as writers:
                list(writers.map(self._write, self._texts))

    def _write(self, relative: str) -> None:
        write_atomic(self.paths.automations, relative, self._texts[relative].encode())
        if (written := self._written.get(relative)) is not None:
            os.utime(self.paths.automations / relative, (written, written))

    def workspace_of(self, spec: AutomationSpec) -> str:
        """Return the path of an automation's workspace, as documents have it."""
        return f"{self._shown_root}/{AUTOMATIONS}/{WORKSPACES}/{spec.id}"

    def configuration(self, config: AutomationConfig, edit: Callable[[str], str] = str) -> None:
        """Add an automation's configuration as the gateway writes it, in JSON5 (errata 2), changed by ``edit``."""
        self.text(f"{CONFIG}/{config.type}/{config.id}.json", edit(render(to_plain(config), JSON5)))

    def dispatcher(self, config: DispatcherConfig) -> None:
        """Add the dispatcher's configuration."""
        self._document(DISPATCHER_FILE, config)

    def slots(self, state: ConcurrencyState) -> None:
        """Add the concurrency state."""
        self._document(CONCURRENCY_FILE, state)

    def lock(self, lock: RepositoryLock, nested: bool = False) -> None:
        """Add a lock under its flat name, or ``nested`` in directories, as the design's code does (errata 3)."""
        name = f"{lock.repo_key}.lock" if nested else flat_lock_name(lock.repo_key)
        self._document(f"{LOCKS}/{name}", lock)

    def workspace(self, record: RunRecord, state: str, info: InfoStatus, size: int) -> None:
        """Add a workspace without its clone, as it is at the end of ``record``."""
        run, now = record.run, record.ended
        directory = f"{WORKSPACES}/{run.spec.id}"
        timeline = ProgressState(
            automation_id=run.spec.id, session_id=run.session_id, timeline=record.timeline, last_update=now
        )
        self._document(f"{directory}/{INFO_NAME}", run.info(record.snapshot, info, now, size))
        self._document(f"{directory}/{STATE_NAME}", run.state(record.snapshot, state, now))
        self._document(f"{directory}/{PROGRESS_NAME}", timeline)

    def run_log(self, type: str, name: str, entries: Iterable[RunLogEntry]) -> None:
        """Add a whole run log."""
        self._log(f"{LOGS}/{type}/{name}", entries)

    def dispatcher_log(self, entries: Sequence[DispatcherLogEntry]) -> None:
        """Add the dispatcher's logs of all days of ``entries``, which come oldest first."""
        for name, day in groupby(entries, key=lambda entry: day_log_name(entry.timestamp)):
            self._log(f"{LOGS}/{DISPATCHER_LOGS}/{name}", day)

    def artifact(self, automation_id: str, at: datetime, name: str, text: str) -> None:
        """Add an artifact."""
        self.text(f"{ARTIFACTS}/{automation_id}/{at:%Y%m%d-%H%M%S}-{name}", text)

    def text(self, relative: str, text: str) -> None:
        """Add any file below ``automations/``; a later text replaces an earlier one."""
        self._texts[relative] = text

    def _document(self, relative: str, document: Document) -> None:
        self.text(relative, render(to_plain(document), JSON))

    def _log(self, relative: str, entries: Iterable[RunLogEntry | DispatcherLogEntry]) -> None:
        shown_root = list(entries)
        self.text(relative, "".join(to_json(to_plain(entry)).decode() + "\n" for entry in shown_root))
        if shown_root:
            self._written[relative] = max(entry.timestamp for entry in shown_root).timestamp()


def write_past_runs(writer: SeedWriter, spec: AutomationSpec, past: Sequence[PastRun], logs: int = 2) -> None:
    """Write the logs of the last ``logs`` runs, and the workspace that the last one left."""
    for position, run in enumerate(past[:logs]):
        record = run.record
        writer.run_log(spec.type, log_name(spec, run.run.started, position), record.entries)
        if position == 0:
            status = run.plan.status
            size = 9_000_000 + run.plan.seed % 180_000_000
            writer.workspace(record, _STATE.get(status, status), _INFO.get(status, "abandoned"), size)


def log_name(spec: AutomationSpec, started: datetime, position: int) -> str:
    """Return the name of a run log, in one of the three forms that the design has (errata 6).

    The newest logs have date and time, older ones the same without separators, those of one automation only the day.
    """
    if spec.id == "deps-storefront":
        return day_log_name(started)
    if position > 0:
        return f"{spec.id}-{started:%Y%m%d-%H%M%S}.jsonl"
    return run_log_name(spec.id, started)
