"""The output of `clawtui lock` on a stock gateway's root: runs in progress and lock files, with their verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clawtui.cli.framework.layout import Column, Labelled, Piece, Table, bulleted
from clawtui.cli.framework.output import Printer, say
from clawtui.model.errors import NoSuch, Refused
from clawtui.model.gateway.owner import OwnerJudgement, OwnerVerdict
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.text.units import age_span
from clawtui.presentation.roles import VERDICT_ROLE

VERDICTS: tuple[OwnerVerdict, ...] = ("live", "quiet", "orphaned", "foreign", "invalid")
_ORDER = {verdict: position for position, verdict in enumerate(("orphaned", "invalid", "quiet", "foreign", "live"))}
assert set(_ORDER) == set(VERDICTS)

Held = tuple[dict[str, object], OwnerJudgement, str, datetime | None]
"""The row for JSON, the verdict, the subject, and the time since which it is held."""


def verdict_piece(verdict: OwnerVerdict) -> Piece:
    """Return a verdict in its colour."""
    return Piece(verdict, VERDICT_ROLE[verdict])


def show_locks(printer: Printer, report: GatewayReport, as_json: bool) -> None:
    """Print each run in progress and each lock file, the most urgent first."""
    held = sorted(_held(report), key=lambda each: _ORDER[each[1].verdict])
    if as_json:
        printer.print_json([row for row, *_ in held])
    elif held:
        printer.print_block(_table(report, held))
    else:
        say("nothing is locked")


def show_lock(printer: Printer, report: GatewayReport, key: str, as_json: bool) -> None:
    """Print one run in progress or lock file with every fact. `key` is the id of a run or its beginning, or a file's
    path.

    Raises NoSuch if nothing matches, Refused if several do.
    """
    found = [each for each in _held(report) if key in (each[0].get("path"), each[0].get("run"))]
    found = found or [each for each in _held(report) if str(each[0].get("run", "")).startswith(key)]
    if not found:
        raise NoSuch(f"there is no run that is going, and no lock, “{key}” in {report.state.root}")
    if len(found) > 1:
        raise Refused(f"“{key}” is more than one run\nName more of its id.")
    row, judged, what, since = found[0]
    if as_json:
        printer.print_json(row)
        return
    age = None if since is None else age_span(report.now - since)
    pairs: list[tuple[str, Piece | str | None]] = [
        ("verdict", verdict_piece(judged.verdict)),
        ("of", what),
        ("age", age),
    ]
    printer.print_lines([Labelled(pairs), (), *bulleted(judged.facts)])


def _held(report: GatewayReport) -> Iterator[Held]:
    for run in report.state.going:
        judged = report.owners.get(run.id)
        if judged is not None:
            fields = {"kind": "run", "run": run.id, "automationId": run.job_id, "sessionId": run.session_id}
            pid = run.owner.pid if run.owner is not None else None
            row = _row(report, fields, run.started, pid, judged, expired=False)
            yield row, judged, f"run of {report.state.name_of(run.job_id)}", run.started
    for each in report.locks:
        lock = each.lock
        fields = {"path": lock.path, "kind": lock.kind}
        row = _row(report, fields, lock.created, lock.pid, each.judgement, lock.is_expired(report.now))
        yield row, each.judgement, lock.path, lock.created


def _row(
    report: GatewayReport,
    fields: dict[str, str | None],
    since: datetime | None,
    pid: int | None,
    judged: OwnerJudgement,
    expired: bool,
) -> dict[str, object]:
    """Return one row for JSON. Scripts rely on its names; fields that the store does not have are missing."""
    known: dict[str, object] = {name: value for name, value in fields.items() if value is not None}
    age = None if since is None else max(0, int((report.now - since).total_seconds()))
    return known | {
        "acquiredAt": since,
        "ageSeconds": age,
        "pid": pid,
        "hostname": judged.host,
        "verdict": judged.verdict,
        "expired": expired,
        "facts": judged.facts,
    }


def _table(report: GatewayReport, held: list[Held]) -> Table:
    columns = [Column("verdict"), Column("what", least=16), Column("age", "right"), Column("fact", least=12)]
    rows: list[list[Piece | str]] = [
        [
            verdict_piece(judged.verdict),
            what,
            "unknown" if since is None else age_span(report.now - since),
            judged.facts[0] if judged.facts else "",
        ]
        for _, judged, what, since in held
    ]
    return Table(columns, rows)
