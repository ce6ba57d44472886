"""Locks as a table, in detail, and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime

from clawtui.cli.framework.layout import Block, Column, Labelled, Line, Paragraph, Piece, Table, bulleted
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.text.units import age_span, format_timestamp
from clawtui.operations.locks.report import LockReport
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.presentation.times import ago, local_instant
from clawtui.storage.paths import LOCKS

_COLUMNS = (
    Column("verdict"),
    Column("repository"),
    Column("held by", least=10),
    Column("host", least=6, spare=True),
    Column("age", align="right"),
    Column(""),
)


def row_of(report: LockReport, now: datetime) -> dict[str, object]:
    """Return one lock as JSON; a field that cannot be read is null. Scripts rely on its names."""
    lock = report.reading.value
    known = lock.known_fields if lock is not None else {}
    return {
        "path": report.reading.path,
        "repoKey": known.get("repo_key"),
        "repoUrl": known.get("repo_url"),
        "automationId": known.get("automation_id"),
        "sessionId": known.get("session_id"),
        "acquiredAt": lock and format_timestamp(lock.acquired_at) if "acquired_at" in known else None,
        "ageSeconds": lock and max(0, int(lock.age(now).total_seconds())) if "acquired_at" in known else None,
        "pid": known.get("pid"),
        "hostname": known.get("hostname"),
        "verdict": report.judged.verdict,
        "expired": report.judged.expired,
        "facts": report.judged.facts,
        "foreignFacts": report.judged.foreign_facts,
        "fingerprint": report.fingerprint,
    }


def table_of(reports: Sequence[LockReport], now: datetime) -> Iterator[Line | Block]:
    """Yield the table; an unreadable lock has its path in it, and the reason below the table."""
    yield Table(_COLUMNS, (_cells(report, now) for report in reports))
    unreadable = [report for report in reports if report.reading.value is None]
    if unreadable:
        yield ()
    for report in unreadable:
        yield Paragraph(f"{shlex.quote(report.reading.path)}: {', '.join(report.judged.facts)}", "bad")


def _cells(report: LockReport, now: datetime) -> tuple[Piece | str, ...]:
    lock = report.reading.value
    verdict = _verdict(report)
    if lock is None:
        return (verdict, shlex.quote(report.reading.path.removeprefix(f"{LOCKS}/")), "", "", "", "")
    expired = Piece("expired", "warn") if report.judged.expired else ""
    return (
        verdict,
        lock.repo_key or report.reading.path.removeprefix(f"{LOCKS}/"),
        lock.field_text("automation_id"),
        lock.field_text("hostname"),
        age_span(lock.age(now)) if lock.knows("acquired_at") else "unknown",
        expired,
    )


def details_of(report: LockReport, now: datetime) -> Iterator[Line | Block]:
    """Yield the verdict, the holder, and every fact behind the verdict."""
    verdict = report.judged.verdict
    expired = (" · ", Piece("expired", "warn")) if report.judged.expired else ()
    yield (_verdict(report), f": {MEANING[verdict]}", *expired)
    yield ()
    yield Labelled(
        (*_holder(report, now), ("file", shlex.quote(report.reading.path)), ("fingerprint", report.fingerprint)),
    )
    yield ()
    yield from bulleted(report.judged.facts)


def _holder(report: LockReport, now: datetime) -> Iterator[tuple[str, str]]:
    lock, last = report.reading.value, report.judged.last_sign
    if lock is None:
        return
    yield "repository", lock.field_text("repo_key")
    yield "address", lock.field_text("repo_url")
    yield "automation", lock.field_text("automation_id")
    yield "session", lock.field_text("session_id")
    yield "pid", f"{lock.field_text('pid')} on {lock.field_text('hostname')}"
    if lock.knows("acquired_at"):
        yield "acquired", f"{local_instant(lock.acquired_at)} ({ago(lock.acquired_at, now)})"
    if last is not None:
        yield "last sign", f"{local_instant(last)} ({ago(last, now)})"


def _verdict(report: LockReport) -> Piece:
    return Piece(report.judged.verdict, VERDICT_ROLE[report.judged.verdict])
