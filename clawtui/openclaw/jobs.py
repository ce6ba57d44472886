"""The conversion of a job's definition and state, both JSON objects, into a `Job`."""

from __future__ import annotations

from clawtui.model.documents.base import Problem
from clawtui.model.gateway.job import Job, JobState
from clawtui.model.gateway.schedule import Schedule
from clawtui.openclaw.fields import Fields


def job_of(id: str, row: Fields, definition: Fields, state: Fields, path: str, problems: list[Problem]) -> Job:
    """Return the job with the id ``id``.

    Args:
        id: Its id, from its row or its definition.
        row: The values in columns of their own, or beside the state in the JSON files.
        definition: ``job_json``, or its entry in ``cron/jobs.json``.
        state: ``state_json``, or its entry in ``cron/jobs-state.json``.
        path: Its path for problems.
        problems: The problems of this job so far; further ones are added.
    """
    schedule = _schedule_of(definition.mapping("schedule"))
    if schedule is None:
        definition.note("schedule", "is missing or has no kind")
    enabled = row.flag("enabled") if row.has("enabled") else definition.flag("enabled")
    identity = row.json_object("schedule_identity")
    return Job(
        id=id,
        name=definition.text("displayName") or row.text("name") or definition.text("name") or id,
        enabled=enabled,
        schedule=schedule,
        state=_state_of(state),
        store_key=row.text("store_key") or "",
        description=definition.text("description"),
        payload_kind=definition.mapping("payload").text("kind") or row.text("payload_kind"),
        agent_id=definition.text("agentId") or row.text("agent_id"),
        created=definition.instant("createdAtMs"),
        updated=row.instant("updated_at") or row.instant("updatedAtMs"),
        has_trigger=bool(identity.flag("hasTrigger")) or definition.has("trigger"),
        path=path,
        problems=tuple(problems),
    )


def _schedule_of(fields: Fields) -> Schedule | None:
    kind = fields.text("kind")
    if kind is None:
        return None
    at = fields.instant("atMs")
    if at is None and kind == "at" and fields.has("at"):
        at = fields.iso_instant("at")
    return Schedule(
        kind=kind,
        at=at,
        every=fields.span("everyMs"),
        anchor=fields.instant("anchorMs"),
        expression=fields.text("expr"),
        zone=fields.text("tz") or None,
        stagger=fields.span("staggerMs"),
    )


def _state_of(fields: Fields) -> JobState:
    return JobState(
        next_run=fields.instant("nextRunAtMs"),
        running_at=fields.instant("runningAtMs"),
        running_receipt=fields.text("runningReceiptId"),
        queued_at=fields.instant("queuedAtMs"),
        last_run=fields.instant("lastRunAtMs"),
        last_status=fields.text("lastRunStatus") or fields.text("lastStatus"),
        last_duration=fields.span("lastDurationMs"),
        last_error=fields.text("lastError"),
        last_error_reason=fields.text("lastErrorReason"),
        last_summary=fields.text("lastDiagnosticSummary"),
        last_delivery_status=fields.text("lastDeliveryStatus"),
        last_delivery_error=fields.text("lastDeliveryError"),
        consecutive_errors=fields.whole("consecutiveErrors") or 0,
        consecutive_skipped=fields.whole("consecutiveSkipped") or 0,
        startup_catchup=fields.instant("startupCatchupAtMs"),
        paced_next_run=fields.instant("pacedNextRunAtMs"),
    )
