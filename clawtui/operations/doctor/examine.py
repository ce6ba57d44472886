"""The examination of the whole state directory for findings (contract: doctor)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from clawtui.files.json5.document import parse_json5
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.errors import ClawtuiError
from clawtui.model.findings.context import DiskSpace, FindingContext, InterruptedAct, OddVersion
from clawtui.model.findings.examination import findings
from clawtui.model.findings.finding import Finding
from clawtui.model.findings.index import FindingIndex
from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.runs.judged_runs import RunsOnDemand
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.text.command_line import CommandLine
from clawtui.model.versioned_map import Derived
from clawtui.operations.doctor.interrupted import find_interrupted, find_interrupted_removals
from clawtui.operations.doctor.refused_documents import refused_documents, why_refused
from clawtui.operations.evidence.processes import find_process
from clawtui.operations.locks.lock_judge import LockJudge
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.runs.dispatch_history import dispatcher_record
from clawtui.operations.runs.run_states import gather_run_context
from clawtui.operations.state.retention import LEFT_AFTER, left_drafts
from clawtui.storage.locks.released_locks import KEPT, list_set_aside
from clawtui.storage.paths import CONCURRENCY_FILE, DISPATCHER_FILE, StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.migration import judge_version
from clawtui.storage.stores.mode_scan import ModeScan, is_exposed, scan_modes
from clawtui.storage.stores.saving import read_version
from clawtui.storage.user.backups import backups_left

_EVERY_LOCK: Final = timedelta(minutes=10)
"""How old the ages in a message about a lock may become, if nothing that bears on its verdict changes."""


class FileWalk(NamedTuple):
    """What one walk over all files finds. Its cost depends on the number of files, not on what has changed."""

    modes: ModeScan
    is_exposed: bool
    backups_left: tuple[str, ...]


class _Known(NamedTuple):
    """What an examination takes as it is given."""

    locks: Mapping[str, LockJudgement]
    walk: FileWalk
    fleet: FindingIndex
    unended: Mapping[str, RuntimeState] | None = None
    refused: Mapping[str, tuple[str, ...]] | None = None


def examine(
    fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> tuple[Finding, ...]:
    """Return the findings, most severe first; none while the fleet is not loaded.

    The documents are taken from the fleet. Only facts that it does not have are read: processes, modes, temp files, the
    disk. Each command in a finding is for this state directory, and names it where ``clawtui`` alone would use another.
    Not for an event loop. What cannot be read raises nothing: it is a problem of the fleet.
    """
    if not fleet.loaded:
        return ()
    locks, index = judged_locks(fleet, now, quiet_after), FindingIndex()
    index.update(fleet, locks)
    here = command_line_for(paths.root)
    known = _Known(locks, walk_files(paths.automations, now), index)
    return tuple(_at_root(finding, here) for finding in _findings(fleet, paths, now, quiet_after, known))


class Examiner:
    """Examinations of successive fleets of one state directory, for the cost of what has changed.

    The findings are those of `examine`, but those about modes and files that were left behind are of the last
    `walk`, and an age in the message about a lock may be ten minutes old. Use it in one thread at a time.
    """

    def __init__(self, paths: StatePaths, quiet_after: timedelta = QUIET_AFTER) -> None:
        self._paths = paths
        self._quiet_after = quiet_after
        self._locks = LockJudge(quiet_after)
        self._every_due: datetime | None = None
        self._walk: FileWalk | None = None
        self._index = FindingIndex()
        self._unended: Derived[str, Workspace, RuntimeState] = Derived(unfinished)
        self._refused: Derived[str, Automation, tuple[str, ...]] = Derived(self._why_refused)
        self._here = command_line_for(paths.root)
        self._at_root: dict[Finding, Finding] = {}
        """The last findings, by what they were before the option ``--root`` was added to their commands."""

    def walk(self, now: datetime) -> None:
        """Look at the modes of all files, and for files that were left behind."""
        self._walk = walk_files(self._paths.automations, now)

    def examine(self, fleet: Fleet, now: datetime, *, signs: bool = True) -> tuple[Finding, ...]:
        """Return the findings, most severe first; none while the fleet is not loaded.

        With ``signs``, logs and processes in containers are examined for each lock, not only for those that a change
        of the fleet concerns.
        """
        if not fleet.loaded:
            return ()
        if self._walk is None:
            self.walk(now)
        assert self._walk is not None
        every = self._every_due is None or now >= self._every_due
        if every:
            self._every_due = now + _EVERY_LOCK
        locks = self._locks.judge(fleet, now, every=every, signs=signs)
        self._index.update(fleet, locks)
        unended, refused = self._unended.of(fleet.workspaces), self._refused.of(fleet.automations)
        known = _Known(locks, self._walk, self._index, unended, refused)
        found = _findings(fleet, self._paths, now, self._quiet_after, known)
        last = self._at_root
        self._at_root = {finding: last.get(finding) or _at_root(finding, self._here) for finding in found}
        return tuple(map(self._at_root.__getitem__, found))

    def _why_refused(self, automation: Automation) -> tuple[str, ...] | None:
        return why_refused(self._paths.automations, automation.config, AutomationConfig)


def _findings(
    fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta, known: _Known
) -> tuple[Finding, ...]:
    return findings(fleet, _gather(fleet, paths, now, quiet_after, known), now)


def _at_root(finding: Finding, here: CommandLine) -> Finding:
    """Return the finding with the option ``--root`` in its commands, where they need it."""
    return replace(finding, fix=finding.fix and here.at_root(finding.fix), message=here.at_root(finding.message))


def walk_files(base: Path, now: datetime) -> FileWalk:
    """Look at the modes of all files below ``base``, and for files that were left behind."""
    modes = scan_modes(base, now - LEFT_AFTER)
    return FileWalk(modes, bool(modes.wrong_modes) and is_exposed(base), backups_left(base))


def _gather(fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta, known: _Known) -> FindingContext:
    """Return the facts for findings that are not in the fleet: processes, modes, temp files, the disk, dispatches."""
    base = paths.automations
    of_runs = gather_run_context(fleet, now, quiet_after, known.locks, known.unended)
    found = known.walk.modes
    old = tuple(aside.path for aside in list_set_aside(base) if aside.released and aside.at < now - KEPT)
    record = dispatcher_record(paths, fleet)
    return FindingContext(
        index=known.fleet,
        locks=known.locks,
        slots=of_runs.slots,
        runs=RunsOnDemand(fleet, of_runs, now, known.fleet.locks),
        last_signs=of_runs.last_signs,
        wrong_modes=found.wrong_modes,
        exposed=known.walk.is_exposed,
        leftovers=tuple(sorted({*found.leftovers, *old})),
        backups_left=known.walk.backups_left,
        captured=tuple(path for path, pid in sorted(found.captured.items()) if _has_ended(pid)),
        drafts=tuple(str(draft.file) for draft in left_drafts() if draft.edited),
        cut_short=tuple(_cut_short(paths, now)),
        refused=refused_documents(fleet, base, known.refused),
        versions=_odd_versions(fleet, paths),
        disk=_disk_space(paths),
        dispatches=record.dispatches,
        skips=record.skips,
        quiet_after=quiet_after,
    )


def _has_ended(pid: int) -> bool:
    process = find_process(pid)
    return process is None or process.ended


def _cut_short(paths: StatePaths, now: datetime) -> Iterator[InterruptedAct]:
    for work in (*find_interrupted(paths, now), *find_interrupted_removals(paths, now)):
        yield InterruptedAct(work.lock, work.text, work.fix if work.lock else None)


def _odd_versions(fleet: Fleet, paths: StatePaths) -> Mapping[str, OddVersion]:
    """Return the documents that could not be read because of their version."""
    odd = {}
    for path in (DISPATCHER_FILE, CONCURRENCY_FILE):
        if path in fleet.problems:
            try:
                version = read_version(paths.automations, path)
                item = judge_version(path, parse_json5(version.data)) if version else None
            except ClawtuiError:  # the fleet has a problem for it already
                continue
            if item is not None and item.action in ("migrate", "unknown"):
                fault = "has no version" if item.version is None else f"has version {item.version!r:.40}"
                odd[path] = OddVersion(fault, item.action == "migrate")
    return odd


def _disk_space(paths: StatePaths) -> DiskSpace | None:
    try:
        found = os.statvfs(paths.automations)
    except OSError:  # there is no such directory any more
        return None
    size = found.f_frsize or found.f_bsize
    return DiskSpace(found.f_bavail * size, found.f_blocks * size, found.f_favail, found.f_files)
