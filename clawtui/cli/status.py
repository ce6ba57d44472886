"""``clawtui status``: the totals of the state directory, and its changes as they happen."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.layout import Block, Column, Labelled, Line, Piece, Table
from clawtui.cli.framework.streams import pause_for_reader, require_output
from clawtui.model.text.units import short_span
from clawtui.presentation.roles import STATUS_ROLE, Role
from clawtui.presentation.times import ago, local_minute, local_second

if TYPE_CHECKING:
    from clawtui.model.fleet import Fleet
    from clawtui.model.liveness.verdict import LockJudgement
    from clawtui.operations.state.summary import Totals

_VERDICTS = ("live", "quiet", "orphaned", "foreign", "invalid")
_LOOK = 0.5
"""Seconds between two checks whether the output still has a reader."""
_WANT_A_LOOK = frozenset({"quiet", "orphaned", "invalid", "expired"})


@click.command(cls=Command)
@click.option("--follow", is_flag=True, help="Print a line for each change.")
@click.option("--check", is_flag=True, help="Exit with status 1 if something needs attention.")
@json_option
@pass_invocation
def status(invocation: Invocation, follow: bool, check: bool, as_json: bool) -> None:
    """Show the totals of the state directory.

    With --follow, a plain line is printed for each change, and nothing is repainted: for a screen reader, a log or a
    pipe. With --follow --json each change is one line of JSON.

    With --check the exit status is 1 if something needs attention: an automation whose last run failed or is lost, a
    lock that a dead run left behind, or a file that cannot be read. For cron and monitoring.

    \b
    Examples:
      clawtui status
      clawtui status --check >/dev/null || mail -s "automations need attention" ops
      clawtui status --json | jq .locks.orphaned
      clawtui status --follow
    """
    if check and follow:
        raise click.UsageError("--check does not go with --follow")
    report = invocation.gateway_report(per_job=1)
    if report is not None and follow:
        from clawtui.cli.openclaw.log_view import follow_status

        follow_status(invocation, report, as_json)
    if report is not None:
        from clawtui.cli.openclaw.status_view import needs_attention, show_status

        show_status(invocation.printer, report, as_json)
        needy = needs_attention(report)
    elif follow:
        _follow(invocation, as_json)
        needy = False
    else:
        needy = _show(invocation, as_json)
    if check and needy:
        sys.exit(FAILED)


def _show(invocation: Invocation, as_json: bool) -> bool:
    """Print the totals; return whether something needs attention."""
    from clawtui.operations.runs.dispatch_history import last_dispatch
    from clawtui.operations.state.follow_fleet import read_fleet
    from clawtui.operations.state.summary import totals_of

    paths, now = invocation.paths(), invocation.now()
    quiet_after = invocation.loaded().settings.quiet_after
    fleet, judged = _judged(read_fleet(paths), now, quiet_after)
    totals = totals_of(fleet, judged, last_dispatch(paths, fleet))
    if as_json:
        invocation.printer.print_json(_document(totals))
    else:
        invocation.printer.print_lines(_lines(totals, now))
    return totals.needs_attention


def _judged(
    fleet: Fleet, now: datetime, quiet_after: timedelta, *, patient: bool = True
) -> tuple[Fleet, Mapping[str, LockJudgement]]:
    """Return the fleet with the state of each run, and the verdicts on locks by path.

    Without locks and workspaces, the modules that judge them are not imported.
    """
    if not fleet.locks and not fleet.workspaces:
        return fleet, {}
    from clawtui.operations.locks.report import judged_locks
    from clawtui.operations.runs.run_states import judged_fleet

    judged = judged_locks(fleet, now, quiet_after, patient=patient)
    return judged_fleet(fleet, now, quiet_after, judged), judged


def _follow(invocation: Invocation, as_json: bool) -> None:
    from clawtui.operations.runs.dispatch_history import last_dispatch
    from clawtui.operations.state.follow_fleet import first_fleet, follow_changes, live_fleets
    from clawtui.operations.state.summary import totals_of

    paths, quiet_after = invocation.paths(), invocation.loaded().settings.quiet_after
    with live_fleets(paths) as next_fleet:

        def wait(patience: float) -> Fleet | None:
            """Wait for the next fleet while the output has a reader."""
            end = time.monotonic() + patience
            while (fleet := next_fleet(min(_LOOK, patience))) is None and time.monotonic() < end:
                pause_for_reader(0)
            return fleet

        fleet, now = first_fleet(wait), invocation.now()
        totals = totals_of(*_judged(fleet, now, quiet_after), last_dispatch(paths, fleet))
        if as_json:
            invocation.printer.print_json_line(_document(totals))
        else:
            invocation.printer.print_lines(_lines(totals, now))
        require_output()
        for news in follow_changes(wait, fleet, invocation.now, quiet_after):
            if as_json:
                invocation.printer.print_json_line({"at": invocation.now(), **news._asdict()})
            else:
                invocation.printer.print_lines([[f"{local_second(invocation.now())}  {news.subject}  {news.text}"]])
            require_output()


def _document(totals: Totals) -> dict[str, object]:
    verdicts = {verdict: totals.verdicts.get(verdict, 0) for verdict in _VERDICTS}
    return {
        "root": totals.root,
        "automations": {
            "total": totals.automations,
            "enabled": totals.enabled,
            "running": len(totals.running),
            "paused": totals.paused,
            "failed": _count(totals, "failed"),
            "lost": _count(totals, "lost"),
            "invalid": totals.invalid,
        },
        "needAHand": [
            {"id": one.automation_id, "status": one.status, "since": one.since, "reason": one.reason}
            for one in totals.need_attention
        ],
        "slots": {"used": totals.used_slots, "max": totals.max_slots},
        "locks": {"total": totals.locks} | verdicts | {"expired": totals.expired},
        "dispatcher": {"enabled": totals.dispatcher_enabled, "lastDispatch": totals.last_dispatch},
        "problems": [{"path": problem.path, "message": problem.message} for problem in totals.problems],
    }


def _lines(totals: Totals, now: datetime) -> Iterator[Line | Block]:
    most = "?" if totals.max_slots is None else totals.max_slots
    slots = "unknown: their file cannot be read, or not all of it"
    if totals.used_slots is not None:
        slots = f"{totals.used_slots} of {most} taken"
    yield Labelled(
        [
            ("root", totals.root),
            ("automations", f"{totals.automations}, {totals.enabled} enabled" + _of_note(totals.invalid, "invalid")),
            ("running", _running(totals)),
            ("failed", _failed(totals)),
            ("slots", slots),
            ("locks", _locks(totals)),
            ("dispatcher", _dispatcher(totals, now)),
            ("problems", Piece(str(len(totals.problems)), "bad" if totals.problems else "plain")),
        ]
    )
    if totals.running:
        yield ()
        yield from _runs(totals, now)
    if totals.need_attention:
        yield ()
        yield _attention_table(totals, now)
    if totals.problems:
        yield ()
        yield Labelled((problem.path, Piece(problem.message, "bad")) for problem in totals.problems)


def _count(totals: Totals, status: str) -> int:
    return sum(one.status == status for one in totals.need_attention)


def _running(totals: Totals) -> Piece:
    text = str(len(totals.running)) + _of_note(totals.paused, "paused")
    return Piece(text, "active" if totals.running else "plain")


def _failed(totals: Totals) -> Piece:
    failed, lost = _count(totals, "failed"), _count(totals, "lost")
    return Piece(str(failed) + _of_note(lost, "lost"), "bad" if failed or lost else "plain")


def _attention_table(totals: Totals, now: datetime) -> Table:
    """Return a table of the automations that need attention, with the reasons."""
    columns = [Column("needs attention", least=16), Column("status"), Column("since", "right"), Column("why", least=12)]
    rows: list[list[Piece | str]] = [
        [
            one.automation_id,
            Piece(one.status, STATUS_ROLE[one.status]),
            "" if one.since is None else ago(one.since, now),
            one.reason or "",
        ]
        for one in totals.need_attention
    ]
    return Table(columns, rows)


def _locks(totals: Totals) -> Piece:
    counts = [*((verdict, totals.verdicts.get(verdict, 0)) for verdict in _VERDICTS), ("expired", totals.expired)]
    style: Role = "warn" if any(count and name in _WANT_A_LOOK for name, count in counts) else "plain"
    return Piece(str(totals.locks) + "".join(_of_note(count, name) for name, count in counts), style)


def _dispatcher(totals: Totals, now: datetime) -> Piece:
    last = totals.last_dispatch
    dispatched = f"last dispatch {local_minute(last)}, {ago(last, now)}" if last else totals.why_no_dispatch
    return Piece(f"{totals.dispatcher_state}, {dispatched}", "plain" if totals.dispatcher_enabled else "warn")


def _runs(totals: Totals, now: datetime) -> Iterator[Line | Block]:
    columns = [Column("running", least=16), Column("%", "right"), Column("milestone", least=12), Column("for", "right")]
    yield Table(
        columns,
        [
            [
                automation.id,
                state.progress.percentage_text,
                state.progress.milestone or state.current_phase or "",
                "" if state.start_time is None else short_span(now - state.start_time),
            ]
            for automation, state in totals.running
        ],
    )


def _of_note(count: int, what: str) -> str:
    return f", {count} {what}" if count else ""
