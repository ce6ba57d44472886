"""The examination of the whole state directory for findings (contract: doctor)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from clawtui.files.json5.document import parse_json5
from clawtui.model.errors import ClawtuiError
from clawtui.model.findings.context import DiskSpace, FindingContext, InterruptedAct, OddVersion
from clawtui.model.findings.examination import findings
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.model.runs.judge_run import judge_runs
from clawtui.operations.doctor.gateway_view import refused_documents
from clawtui.operations.doctor.interrupted import find_interrupted, find_interrupted_removals
from clawtui.operations.evidence.processes import find_process
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.runs.dispatch_history import dispatcher_record
from clawtui.operations.runs.run_states import gather_run_context
from clawtui.operations.slots.report import judged_slots
from clawtui.operations.state.retention import LEFT_AFTER, left_drafts
from clawtui.storage.locks.released_locks import KEPT, list_set_aside
from clawtui.storage.paths import CONCURRENCY_FILE, DISPATCHER_FILE, StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.migration import judge_version
from clawtui.storage.stores.mode_scan import is_exposed, scan_modes
from clawtui.storage.stores.saving import read_version
from clawtui.storage.user.backups import backups_left


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
    found = findings(fleet, gather_surroundings(fleet, paths, now, quiet_after), now)
    here = command_line_for(paths.root)
    return tuple(
        replace(finding, fix=finding.fix and here.at_root(finding.fix), message=here.at_root(finding.message))
        for finding in found
    )


def gather_surroundings(fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta) -> FindingContext:
    """Return the facts for findings that are not in the fleet: processes, modes, temp files, the disk, dispatches."""
    base = paths.automations
    locks = judged_locks(fleet, now, quiet_after)
    slots = judged_slots(fleet, now, quiet_after, locks)
    of_runs = gather_run_context(fleet, now, quiet_after, locks, slots)
    found = scan_modes(base, now - LEFT_AFTER)
    old = tuple(aside.path for aside in list_set_aside(base) if aside.released and aside.at < now - KEPT)
    record = dispatcher_record(paths, fleet)
    return FindingContext(
        locks=locks,
        slots=slots,
        runs=judge_runs(fleet, of_runs, now),
        last_signs=of_runs.last_signs,
        wrong_modes=found.wrong_modes,
        exposed=bool(found.wrong_modes) and is_exposed(base),
        leftovers=tuple(sorted({*found.leftovers, *old})),
        backups_left=backups_left(base),
        captured=tuple(path for path, pid in sorted(found.captured.items()) if _has_ended(pid)),
        drafts=tuple(str(draft.file) for draft in left_drafts() if draft.edited),
        cut_short=tuple(_cut_short(paths, now)),
        refused=refused_documents(fleet, base),
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
                said = "has no version" if item.version is None else f"has version {item.version!r:.40}"
                odd[path] = OddVersion(said, item.action == "migrate")
    return odd


def _disk_space(paths: StatePaths) -> DiskSpace | None:
    try:
        found = os.statvfs(paths.automations)
    except OSError:  # there is no such directory any more
        return None
    size = found.f_frsize or found.f_bsize
    return DiskSpace(found.f_bavail * size, found.f_blocks * size, found.f_favail, found.f_files)
