"""Puts prepared documents in their places, with the storage layer's atomic writes."""

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
from clawtui.demo.runs.run_state import Account, InfoStatus
from clawtui.demo.seed.fleet_spec import Role
from clawtui.files.fs.atomic import write_atomic
from clawtui.files.json5.dialect import JSON, JSON5
from clawtui.files.json5.serialize import render, to_json, to_plain
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document, RunStatus
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock, flat_lock_name
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry
from clawtui.model.documents.workspace import INFO_NAME, PROGRESS_NAME, STATE_NAME, ProgressState
from clawtui.model.paths import DISPATCHER_LOGS, day_log_name, run_log_name
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
    """A state directory that is being furnished, before anybody looks at it; written once its ``with`` ends.

    Every write waits for the disk: they wait together, which takes a third of the time.
    """

    def __init__(self, root: Path, told: str | None = None) -> None:
        """``told`` is what documents say where ``root`` is, where that is not the truth."""
        self.paths = StatePaths(root)
        self._told = told or str(root)
        self._texts: dict[str, str] = {}
        self._written: dict[str, float] = {}
        """When a log was last written, in seconds since the epoch: its time on disk is a sign of life."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Writes everything. Raises what ``write_atomic`` does."""
        if error is None:
            with ThreadPoolExecutor(_WRITERS, thread_name_prefix="stage") as writers:
                list(writers.map(self._write, self._texts))

    def _write(self, relative: str) -> None:
        write_atomic(self.paths.automations, relative, self._texts[relative].encode())
        if (written := self._written.get(relative)) is not None:
            os.utime(self.paths.automations / relative, (written, written))

    def workspace_of(self, role: Role) -> str:
        """The directory of an automation's workspace, as documents tell it."""
        return f"{self._told}/{AUTOMATIONS}/{WORKSPACES}/{role.id}"

    def configuration(self, config: AutomationConfig, by_hand: Callable[[str], str] = str) -> None:
        """Writes an automation's configuration as the gateway does, in JSON5 (errata 2), then edited ``by_hand``."""
        self.text(f"{CONFIG}/{config.type}/{config.id}.json", by_hand(render(to_plain(config), JSON5)))

    def dispatcher(self, config: DispatcherConfig) -> None:
        """Writes the dispatcher's configuration."""
        self._document(DISPATCHER_FILE, config)

    def slots(self, state: ConcurrencyState) -> None:
        """Writes which runs hold a slot."""
        self._document(CONCURRENCY_FILE, state)

    def lock(self, lock: RepositoryLock, nested: bool = False) -> None:
        """Writes a lock under its flat name, or ``nested`` in directories, as the design's own code does (errata 3)."""
        name = f"{lock.repo_key}.lock" if nested else flat_lock_name(lock.repo_key)
        self._document(f"{LOCKS}/{name}", lock)

    def workspace(self, account: Account, state: str, info: InfoStatus, size: int) -> None:
        """Writes a workspace without its clone, as ``account`` has it at its end."""
        run, now = account.run, account.ended
        directory = f"{WORKSPACES}/{run.role.id}"
        timeline = ProgressState(
            automation_id=run.role.id, session_id=run.session_id, timeline=account.timeline, last_update=now
        )
        self._document(f"{directory}/{INFO_NAME}", run.info(account.picture, info, now, size))
        self._document(f"{directory}/{STATE_NAME}", run.state(account.picture, state, now))
        self._document(f"{directory}/{PROGRESS_NAME}", timeline)

    def run_log(self, type: str, name: str, entries: Iterable[RunLogEntry]) -> None:
        """Writes a whole run log."""
        self._log(f"{LOGS}/{type}/{name}", entries)

    def dispatcher_log(self, entries: Sequence[DispatcherLogEntry]) -> None:
        """Writes the dispatcher's logs of all days that ``entries``, oldest first, are of."""
        for name, day in groupby(entries, key=lambda entry: day_log_name(entry.timestamp)):
            self._log(f"{LOGS}/{DISPATCHER_LOGS}/{name}", day)

    def artifact(self, automation_id: str, at: datetime, name: str, text: str) -> None:
        """Writes what a run left behind for people."""
        self.text(f"{ARTIFACTS}/{automation_id}/{at:%Y%m%d-%H%M%S}-{name}", text)

    def text(self, relative: str, text: str) -> None:
        """Writes any file below ``automations/``; the last text counts."""
        self._texts[relative] = text

    def _document(self, relative: str, document: Document) -> None:
        self.text(relative, render(to_plain(document), JSON))

    def _log(self, relative: str, entries: Iterable[RunLogEntry | DispatcherLogEntry]) -> None:
        told = list(entries)
        self.text(relative, "".join(to_json(to_plain(entry)).decode() + "\n" for entry in told))
        if told:
            self._written[relative] = max(entry.timestamp for entry in told).timestamp()


def put_past(stage: SeedWriter, role: Role, past: Sequence[PastRun], logs: int = 2) -> None:
    """The logs of the last ``logs`` runs, and the workspace that the very last one left."""
    for position, run in enumerate(past[:logs]):
        account = run.account
        stage.run_log(role.type, log_name(role, run.run.started, position), account.entries)
        if position == 0:
            status = run.plan.status
            size = 9_000_000 + run.plan.seed % 180_000_000
            stage.workspace(account, _STATE.get(status, status), _INFO.get(status, "abandoned"), size)


def log_name(role: Role, started: datetime, position: int) -> str:
    """All three forms (errata 6): most run logs by date and time, older ones run together, an audit's by the day."""
    if role.id == "deps-storefront":
        return day_log_name(started)
    if position > 0:
        return f"{role.id}-{started:%Y%m%d-%H%M%S}.jsonl"
    return run_log_name(role.id, started)
