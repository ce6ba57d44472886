"""Automations as a table, in detail, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from clawtui.cli.framework.layout import Column, Labelled, Piece, Table
from clawtui.cli.framework.output import Printer, to_json_text
from clawtui.model.documents.automation import AutomationConfig, RunResult
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import LastRun, last_run, status_of
from clawtui.model.schedules.outlook import NotUnderstood
from clawtui.model.text.units import rough_span, short_span
from clawtui.presentation.outlook import OutlookText, full_outlook, outlook_json, short_outlook
from clawtui.presentation.roles import RUN_ROLE, STATUS_ROLE
from clawtui.presentation.times import ago, local_minute


def table_of(automations: Sequence[Automation], workspaces: Mapping[str, Workspace], now: datetime) -> Table:
    """Return a table with one line for each automation."""
    columns = [
        Column("id"),
        Column("name", least=14, spare=True),
        Column("status"),
        Column("schedule", least=8),
        Column("next"),
        Column("last run"),
    ]
    return Table(columns, [_cells(automation, workspaces.get(automation.id), now) for automation in automations])


def _cells(automation: Automation, workspace: Workspace | None, now: datetime) -> list[Piece | str]:
    status = status_of(automation, workspace)
    config = automation.config.value
    state = workspace.running if workspace is not None else None
    status_text = f"{status} {_progress(state)}" if state is not None and status == "running" else status
    name: list[Piece | str] = [automation.id, Piece(automation.name, "dim"), Piece(status_text, STATUS_ROLE[status])]
    if config is None:
        return [*name, "", "", ""]
    return [
        *name,
        config.schedule.value,
        "" if status in ("running", "paused", "lost") else Piece(*_next(automation, now)),
        _last_run(last_run(config, workspace.run if workspace is not None else None), now),
    ]


_SHOWN_FAULTS = 10
"""The most problems of fields that are listed."""


def details_of(
    printer: Printer,
    automation: Automation,
    workspace: Workspace | None,
    now: datetime,
    fingerprint: str | None = None,
) -> Labelled:
    """Return all facts about one automation, a line for each value; ``printer`` masks settings by their names."""
    status = status_of(automation, workspace)
    pairs: list[tuple[str, Piece | str | None]] = [
        ("id", Piece(automation.id, "strong")),
        ("type", automation.type),
        ("file", automation.config.path),
        ("fingerprint", fingerprint),
        ("status", Piece(status, STATUS_ROLE[status])),
    ]
    config = automation.config.value
    if config is None:
        message = automation.config.problem.message if automation.config.problem else ""
        return Labelled([*pairs, ("problem", Piece(message, "bad"))])
    pairs += [("problem", Piece(fault.message, "bad")) for fault in automation.config.faults[:_SHOWN_FAULTS]]
    state = workspace.running if workspace is not None else None
    if workspace is not None and workspace.run is not None and workspace.run.needs_attention:
        pairs.append(("run", Piece(workspace.run.text(now), "bad")))
    settings = _config_pairs(printer, automation, config, now, is_running=state is not None)
    return Labelled([*pairs, *_running_pairs(state, now), *settings])


def _running_pairs(state: RuntimeState | None, now: datetime) -> list[tuple[str, Piece | str | None]]:
    if state is None:
        return []
    started = state.start_time
    return [
        ("at", Piece(_progress(state) + f" {state.progress.milestone or state.current_phase or ''}", "active")),
        ("session", state.session_id),
        ("started", f"{local_minute(started)}, {ago(started, now)}" if started else None),
        ("last sign", ago(state.last_update, now) if state.last_update else None),
    ]


def _config_pairs(
    printer: Printer, automation: Automation, config: AutomationConfig, now: datetime, *, is_running: bool
) -> list[tuple[str, Piece | str | None]]:
    run = config.latest_run
    outlook = full_outlook(automation, now, is_running=is_running)
    settings = [(f"config.{name}", _value(printer.value(value, name))) for name, value in config.config.items()]
    return [
        ("name", config.name),
        ("description", config.description),
        ("enabled", _enabled(config)),
        ("schedule", config.raw_text("schedule") or f"{config.schedule.type} {config.schedule.value}"),
        ("next run", Piece(*outlook) if outlook else None),
        ("last run", _ended(run, now) if run else config.raw_text("last_run") or "never"),
        ("summary", run.summary if run else None),
        ("history", f"{len(config.run_history)} runs" + ("" if config.knows("run_history") else ", and others")),
        ("created", local_minute(config.created) if config.created else config.raw_text("created")),
        ("modified", local_minute(config.modified) if config.modified else config.raw_text("modified")),
        *settings,
    ]


def _enabled(config: AutomationConfig) -> Piece | str:
    if config.enabled is None:
        return Piece(config.raw_text("enabled") or "unknown", "bad")
    return "yes" if config.enabled else Piece("no", "warn")


def _progress(state: RuntimeState) -> str:
    percentage = state.progress.percentage_text or "…"
    return percentage if state.progress.percentage is None else f"{percentage} %"


def _next(automation: Automation, now: datetime) -> OutlookText:
    outlook = automation.outlook
    if isinstance(outlook, NotUnderstood):
        return OutlookText("not understood", "warn")  # the schedule is in the column beside it
    return short_outlook(outlook, now)


def _last_run(run: LastRun | None, now: datetime) -> Piece:
    return Piece(f"{run.label} {rough_span(now - run.started)}", RUN_ROLE[run.state]) if run else Piece("")


def _ended(run: RunResult, now: datetime) -> Piece:
    text = f"{run.status}, {local_minute(run.timestamp)}, {ago(run.timestamp, now)}, took {short_span(run.took)}"
    return Piece(text, RUN_ROLE[run.status])


def _value(value: object) -> str:
    return value if isinstance(value, str) else to_json_text(value)


def row_of(automation: Automation, workspace: Workspace | None) -> dict[str, object]:
    """Return one automation as `automation list --json` prints it; unreadable fields are null."""
    config = automation.config.value
    running = workspace.running if workspace is not None else None
    return {
        "id": automation.id,
        "type": automation.type,
        "name": automation.name,
        "enabled": config.enabled if config else None,
        "schedule": config.schedule if config else None,
        "nextRun": automation.due,
        "outlook": outlook_json(automation.outlook),
        "lastRun": config.latest_run if config else None,
        "status": status_of(automation, workspace),
        "running": _running(running) if running is not None else None,
        "path": automation.config.path,
        "problem": trouble.message if (trouble := automation.config.trouble) else None,
        "run": workspace and workspace.run and {"state": workspace.run.state, "reason": workspace.run.reason},
    }


def document_of(automation: Automation, workspace: Workspace | None) -> dict[str, object]:
    """Return one automation as `automation show --json` prints it: its configuration as on disk, and derived values.

    ``nextRun`` is the value on disk; ``due`` is derived from it.
    """
    from clawtui.files.json5.serialize import to_plain

    row = row_of(automation, workspace)
    fields = to_plain(automation.config.value) if automation.config.value else {}
    derived = {name: row[name] for name in ("id", "type", "status", "running", "run", "path", "problem")}
    return fields | derived | {"due": row["nextRun"], "outlook": row["outlook"]}


def _running(state: RuntimeState) -> dict[str, object]:
    return {
        "sessionId": state.session_id,
        "percentage": state.progress.percentage,
        "milestone": state.progress.milestone,
        "startTime": state.start_time,
        "lastUpdate": state.last_update,
    }
