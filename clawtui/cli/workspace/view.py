"""Workspaces as a table, in detail, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from clawtui.cli.framework.layout import Block, Column, Labelled, Line, Piece, Table
from clawtui.cli.framework.output import Printer, field_lines
from clawtui.model.documents.workspace import WorkspaceInfo
from clawtui.model.fleet import Workspace
from clawtui.model.text.units import format_bytes
from clawtui.operations.runs.workspaces import WorkspaceReport
from clawtui.presentation.roles import RUN_ROLE
from clawtui.presentation.times import ago, local_minute
from clawtui.storage.paths import WORKSPACES

_Pairs = Iterator[tuple[str, Piece | str | None]]


def row_of(report: WorkspaceReport) -> dict[str, object]:
    """Return one workspace as JSON: fields of ``workspace-info.json``, and derived values."""
    workspace = report.workspace
    info = workspace.info.value if workspace.info else None
    return {
        "id": workspace.id,
        "path": f"{WORKSPACES}/{workspace.id}",
        "automationType": info and info.automation_type,
        "sessionId": info and info.session_id,
        "status": info and info.status,
        "running": workspace.running is not None,
        "run": workspace.run and workspace.run.state,
        "preserve": info and info.preserve,
        "created": info and info.created,
        "lastUpdated": _last_updated(workspace),
        "size": _size(report),
        "problems": [{"path": problem.path, "message": problem.message} for problem in report.problems],
    }


def document_of(report: WorkspaceReport) -> dict[str, object]:
    """Return ``row_of`` with the documents of the workspace added."""
    workspace = report.workspace
    return row_of(report) | {
        "info": workspace.info and workspace.info.value,
        "state": workspace.state and workspace.state.value,
        "progress": workspace.progress and workspace.progress.value,
    }


def table_of(reports: Iterable[WorkspaceReport], now: datetime) -> Table:
    """Return a table with one line for each workspace."""
    columns = (
        Column("id", least=20),
        Column("status", least=8),
        Column("updated", align="right"),
        Column("size", align="right"),
        Column("", least=8),
    )
    return Table(columns, (_cells(report, now) for report in reports))


def details_of(report: WorkspaceReport, printer: Printer, now: datetime) -> Iterator[Line | Block]:
    """Yield all facts about one workspace, then each field of its documents; ``printer`` masks them by their names."""
    yield Labelled(_pairs(report, now))
    workspace = report.workspace
    for reading in (workspace.info, workspace.state, workspace.progress):
        if reading is not None and reading.value is not None:
            yield from field_lines(reading.path, reading.value, printer, now)


def _cells(report: WorkspaceReport, now: datetime) -> tuple[Piece | str, ...]:
    updated = _last_updated(report.workspace)
    return (
        report.workspace.id,
        _status(report.workspace),
        ago(updated, now) if updated else "",
        "" if report.size is None else format_bytes(report.size),
        _remark(report),
    )


def _pairs(report: WorkspaceReport, now: datetime) -> _Pairs:
    workspace = report.workspace
    yield "id", Piece(workspace.id, "strong")
    yield "directory", f"{WORKSPACES}/{workspace.id}"
    yield "status", _status(workspace)
    yield from _info_pairs(workspace, now)
    yield from _run_pairs(workspace, now)
    if report.size is not None:
        yield "size", f"{format_bytes(report.size)} ({report.size:,} bytes)"
    for problem in report.problems:
        yield "problem", Piece(f"{problem.path}: {problem.message}", "bad")


def _info_pairs(workspace: Workspace, now: datetime) -> _Pairs:
    info = workspace.info.value if workspace.info else None
    if info is None:
        return
    yield "type", info.automation_type
    yield "session", info.session_id
    made = info.created
    yield "created", f"{local_minute(made)}, {ago(made, now)}" if made else info.raw_text("created")
    yield "preserve", _preserve(info)
    if info.repository is not None:
        yield "fork", info.repository.fork_url
        yield "upstream", info.repository.upstream_url
        yield "branch", info.repository.branch
        yield "commit", info.repository.commit


def _preserve(info: WorkspaceInfo) -> Piece | str:
    if info.preserve is None:
        return Piece(info.raw_text("preserve") or "unknown", "bad")
    return Piece("yes", "warn") if info.preserve else "no"


def _run_pairs(workspace: Workspace, now: datetime) -> _Pairs:
    state = workspace.state.value if workspace.state else None
    if state is None:
        return
    number = state.progress.percentage_text
    percentage = number if state.progress.percentage is None else f"{number} %"
    run = workspace.run
    status = run.label if run is not None else state.status
    role = RUN_ROLE[run.state] if run is not None else "plain"
    where = state.progress.milestone or state.current_phase or ""
    yield "run", Piece(" ".join(filter(None, (status, percentage, where))), role)
    if run is not None and run.reason is not None:
        yield "why", run.reason
    if state.last_update is not None:
        yield "last sign", f"{local_minute(state.last_update)}, {ago(state.last_update, now)}"


def _status(workspace: Workspace) -> Piece:
    """Return the status: that of ``workspace-info.json`` if it has ended, else the judged state of its run."""
    run = workspace.run
    info = workspace.info.value if workspace.info else None
    ended = run is None or not (run.is_going or run.needs_attention)
    if info is not None and ended and (run is None or info.status != "active"):
        return Piece(info.status)
    return Piece(run.label, RUN_ROLE[run.state]) if run is not None else Piece("unknown", "dim")


def _remark(report: WorkspaceReport) -> Piece | str:
    if report.problems:
        first = report.problems[0]
        return Piece(f"{first.path.rpartition('/')[2]} {first.message}", "bad")
    info = report.workspace.info.value if report.workspace.info else None
    return Piece("preserved", "warn") if info and info.preserve else ""


def _last_updated(workspace: Workspace) -> datetime | None:
    info = workspace.info.value if workspace.info else None
    state = workspace.state.value if workspace.state else None
    times = (info.last_updated if info else None, state.last_update if state else None)
    return max((at for at in times if at is not None), default=None)


def _size(report: WorkspaceReport) -> dict[str, object] | None:
    if report.size is None:
        return None
    return {"bytes": report.size, "humanReadable": format_bytes(report.size)}
