"""Automations as JSON that scripts rely on."""

from __future__ import annotations

from clawtui.model.fleet import Automation, Workspace
from clawtui.model.outlook import status_of
from clawtui.model.workspace import RuntimeState


def row_of(automation: Automation, workspace: Workspace | None) -> dict[str, object]:
    """What `automation list` says of one: null for what an unreadable configuration does not tell."""
    config = automation.config.value
    running = workspace.running if workspace is not None else None
    return {
        "id": automation.id,
        "type": automation.type,
        "name": automation.name,
        "enabled": config.enabled if config else None,
        "schedule": config.schedule if config else None,
        "nextRun": config.due if config else None,
        "lastRun": config.latest_run if config else None,
        "status": status_of(automation, workspace),
        "running": _running(running) if running is not None else None,
        "path": automation.config.path,
        "problem": automation.config.problem.message if automation.config.problem else None,
    }


def document_of(automation: Automation, workspace: Workspace | None) -> dict[str, object]:
    """What `automation show` says: the configuration as it is on disk, and beside it what follows from it.

    ``nextRun`` is what is on disk there, and ``due`` what follows.
    """
    from clawtui.storage.json_text import to_plain

    row = row_of(automation, workspace)
    said = to_plain(automation.config.value) if automation.config.value else {}
    derived = {name: row[name] for name in ("id", "type", "status", "running", "path", "problem")}
    return said | derived | {"due": row["nextRun"]}


def _running(state: RuntimeState) -> dict[str, object]:
    return {
        "sessionId": state.session_id,
        "percentage": state.progress.percentage,
        "milestone": state.progress.milestone,
        "startTime": state.start_time,
        "lastUpdate": state.last_update,
    }
