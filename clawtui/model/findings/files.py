"""Faults of files: unreadable, readable by others, left behind, of another version; and a full disk."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.model.documents.base import Problem
from clawtui.model.findings.context import DiskSpace, FindingContext, OddVersion
from clawtui.model.findings.finding import Finding, Severity, command
from clawtui.model.findings.index import index_of
from clawtui.model.findings.runs import clean_command
from clawtui.model.fleet import Fleet
from clawtui.model.text.command_line import PROGRAM

MALFORMED = "malformed"
FIELD = "field-not-understood"
REFUSED = "gateway-refuses"
WRONG_MODE = "wrong-mode"
LEFTOVER = "leftover-temp"
BACKUP = "leftover-backup"
CAPTURED = "save-captured"
DRAFT = "draft-left"
OLD_VERSION = "version-old"
UNKNOWN_VERSION = "version-unknown"
DISK_FULL = "disk-full"

_MENDING = f"{PROGRAM} doctor --fix"
_MB = 1 << 20
_FULL = 0.01
_NEARLY_FULL = 0.05
_NEARLY_FULL_BYTES = 1024 * _MB


def file_findings(fleet: Fleet, context: FindingContext) -> Iterator[Finding]:
    """Yield the findings about files, except unreadable locks, which `lock_findings` has."""
    versions = {**index_of(fleet, context).automations.versions, **context.versions}
    for path, odd in sorted(versions.items()):
        yield _version(path, odd)
    for path, problem in sorted(fleet.problems.items()):
        if path not in versions and path not in fleet.locks and path not in context.refused:
            yield _of_fields(problem) if problem.partial else _malformed(fleet, problem)
    for path, reasons in sorted(context.refused.items()):
        if path not in versions:
            yield _refused(fleet, path, reasons)
    if context.wrong_modes:
        yield _modes(context)
    if context.leftovers:
        yield _leftovers(context.leftovers)
    if context.backups_left:
        yield _backups(context.backups_left)
    yield from map(_captured, context.captured)
    if context.drafts:
        yield _drafts(context.drafts)
    if context.disk is not None:
        yield from _disk(context.disk)


def _version(path: str, odd: OddVersion) -> Finding:
    if odd.migrates:
        message = f"It {odd.message}: the gateway does not read it. Migrating keeps a copy of it as it is."
        return Finding(OLD_VERSION, "error", path, message, command("migrate"))
    message = (
        f"It {odd.message}. Either another program wrote it, which should be the one to change it, or "
        "its version was mistyped: correct it by hand."
    )
    return Finding(UNKNOWN_VERSION, "error", path, message)


def _of_fields(problem: Problem) -> Finding:
    message = f"A part of it is not understood: {problem.message}. That part is shown as it is, and the rest is used."
    return Finding(FIELD, "warning", problem.path, message)


def _refused(fleet: Fleet, path: str, reasons: tuple[str, ...]) -> Finding:
    """Return the finding. One automation that the gateway refuses makes its list of all automations fail."""
    more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
    automation = fleet.automations.get(path)
    if automation is None:
        return Finding(REFUSED, "error", path, f"The gateway refuses this file: {reasons[0]}{more}.")
    message = f"The gateway refuses it, and cannot list any automation while it is there: {reasons[0]}{more}."
    return Finding(REFUSED, "error", path, message, command("automation", "edit", path))


def _malformed(fleet: Fleet, problem: Problem) -> Finding:
    """Return the finding. A document of a run that is over can be removed with its workspace; others are edited."""
    section, _, rest = problem.path.partition("/")
    if section == "workspaces" and rest:
        return _malformed_in_workspace(fleet, problem, rest.partition("/")[0])
    severity: Severity = "error" if section in ("config", "") else "warning"
    message = f"Not readable: {problem.message}. Only a person can tell what it should say: correct it by hand."
    return Finding(MALFORMED, severity, problem.path or ".", message)


def _malformed_in_workspace(fleet: Fleet, problem: Problem, id: str) -> Finding:
    workspace = fleet.workspaces.get(id)
    if workspace is None or _is_held(fleet, id):
        message = f"Not readable: {problem.message}. Its run may write it again; otherwise correct it by hand."
        return Finding(MALFORMED, "warning", problem.path, message)
    fix = clean_command(workspace)
    what = "No run holds the workspace: it can go as a whole" if fix else "Correct it by hand"
    return Finding(MALFORMED, "warning", problem.path, f"Not readable: {problem.message}. {what}.", fix)


def _is_held(fleet: Fleet, id: str) -> bool:
    locks = (reading.value for reading in fleet.locks.values())
    return any(lock is None or lock.automation_id == id for lock in locks) or any(
        slot.automation_id == id for slot in fleet.slots
    )


def _modes(context: FindingContext) -> Finding:
    first, *others = context.wrong_modes
    of_all = f", as for {_counted(len(others), 'other')}" if others else ""
    others_write = any(wrong.mode & 0o022 for wrong in context.wrong_modes)
    if not context.exposed:
        what = "Nobody else can get there as yet, for the directory above is closed to them."
    else:
        what = f"Others on this host may {'change' if others_write else 'look at'} what is there."
    message = f"Its mode is {first.mode:04o} and should be {first.expected_mode:04o}{of_all}. {what}"
    severity: Severity = "info" if not context.exposed else "error" if others_write else "warning"
    return Finding(WRONG_MODE, severity, first.path or ".", message, _MENDING)


def _leftovers(paths: tuple[str, ...]) -> Finding:
    first, *others = paths
    of_all = f" It is one of {len(paths)}." if others else ""
    message = f"A writer was killed before it was done, over a day ago, and left this; nothing reads it.{of_all}"
    return Finding(LEFTOVER, "info", first, message, _MENDING)


def _backups(paths: tuple[str, ...]) -> Finding:
    """Return the finding; ``paths`` begins with the copies in ``config/``, at which the gateway stops."""
    first, *others = paths
    of_all = f" It is one of {len(paths)}." if others else ""
    message = f"An earlier version of clawtui left this copy of a document.{of_all}"
    if first.count("/") > 1:
        return Finding(BACKUP, "info", first, f"{message} Its place is clawtui's own state directory.", _MENDING)
    stops = "The gateway takes what lies in config/ for directories of automations, and stops at it."
    return Finding(BACKUP, "error", first, f"{message} {stops}", _MENDING)


def _captured(path: str) -> Finding:
    message = (
        "clawtui was killed while it replaced a file that the gateway saved in the same instant; this is the gateway's "
        "save. It gets its name back, unless a newer one stands there."
    )
    return Finding(CAPTURED, "error", path, message, _MENDING)


def _drafts(paths: tuple[str, ...]) -> Finding:
    first, *others = paths
    of_all = f" It is one of {len(paths)}." if others else ""
    message = (
        "An edit of a configuration ended without saving; what was written is here, with any secrets. Take what is "
        f"wanted from it: it is removed a day after its last write.{of_all}"
    )
    return Finding(DRAFT, "info", first, message, _MENDING)


def _disk(disk: DiskSpace) -> Iterator[Finding]:
    bytes_left = disk.free / disk.total if disk.total else 1.0
    files_left = disk.free_files / disk.total_files if disk.total_files else 1.0
    fix = command("prune")
    if min(bytes_left, files_left) < _FULL:
        what = "bytes" if bytes_left <= files_left else "files"
        message = f"{_left(disk, what)}: runs will fail, and what they write may be lost. Old logs are one thing to go."
        yield Finding(DISK_FULL, "error", ".", message, fix)
    elif bytes_left < _NEARLY_FULL and disk.free < _NEARLY_FULL_BYTES:
        yield Finding(DISK_FULL, "warning", ".", f"{_left(disk, 'bytes')}: a clone may not fit any more.", fix)


def _left(disk: DiskSpace, what: str) -> str:
    if what == "files":
        return f"The disk has room for {disk.free_files:,} more files, of {disk.total_files:,}"
    return f"The disk has {disk.free / _MB:,.0f} MB left, of {disk.total / _MB:,.0f}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
