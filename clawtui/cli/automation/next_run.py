"""``clawtui automation run-now`` and ``snooze``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from clawtui.cli.automation.selection import act_on_each, choose, ids_argument, is_one, match_option, paths_for
from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.model.text.units import parse_span
from clawtui.presentation.times import local_minute, relative

if TYPE_CHECKING:
    from clawtui.model.fleet import Automation
    from clawtui.operations.state.next_run import NextRun
    from clawtui.storage.paths import StatePaths


@click.command("run-now", cls=Command, changes=True)
@ids_argument
@match_option
@json_option
@pass_invocation
def run_now(invocation: Invocation, ids: tuple[str, ...], glob: str | None, as_json: bool) -> None:
    """Make automations due now, so that the next dispatch starts a run of each.

    It sets nextRun to the current time. A disabled automation, or one that is running, is refused. The message has the
    command that takes it back.

    \b
    Examples:
      clawtui automation run-now auto-sync-main-123
      clawtui automation run-now auto-sync-main-123 && clawtui wait auto-sync-main-123 --next
    """
    from clawtui.operations.state.next_run import run_now as set_due_now

    paths, quiet_after = paths_for(invocation, ids), invocation.loaded().settings.quiet_after

    def act(each: Automation) -> NextRun:
        return set_due_now(paths, each, invocation.now(), quiet_after)

    _act(invocation, paths, (ids, glob), act, as_json)


@click.command(cls=Command, changes=True)
@ids_argument
@click.argument("until", metavar="UNTIL", required=False)
@match_option
@click.option("--clear", is_flag=True, help="Instead of UNTIL: by the schedule again.")
@json_option
@pass_invocation
def snooze(
    invocation: Invocation, ids: tuple[str, ...], until: str | None, glob: str | None, clear: bool, as_json: bool
) -> None:
    """Postpone the next run of automations until a time.

    UNTIL is a span from now, such as 2h or 1d12h, or a time such as 2025-01-26T18:00, local if it has no zone. It sets
    nextRun; runs after that follow the schedule. The message has the command that takes it back.

    \b
    Examples:
      clawtui automation snooze auto-sync-main-123 2h
      clawtui automation snooze --match 'sync-*' 2025-01-27T09:00
      clawtui automation snooze auto-sync-main-123 --clear
    """
    from clawtui.operations.state.next_run import set_next_run

    if clear and until is not None:
        ids, until = (*ids, until), None
    paths, now = paths_for(invocation, ids), invocation.now()
    at = None if clear else _moment(until, now)
    when = "its schedule again" if at is None else f"{local_minute(at)}, {relative(at, now)}"

    def act(each: Automation) -> NextRun:
        message = f"{each.id}: its next run is by {when}" if at is None else f"{each.id}: no run before {when}"
        return set_next_run(paths, each, at, now, message, "automation-snooze")

    _act(invocation, paths, (ids, glob), act, as_json)


def _moment(text: str | None, now: datetime) -> datetime:
    """Return the time that UNTIL means. Raises click.BadParameter if it is not a time, or is in the past."""
    if text is None:
        raise click.UsageError("Missing argument 'UNTIL', or --clear.")
    try:
        span = parse_span(text)
        at = now + span if span is not None else datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        expected = "neither a span such as 2h or 1d12h nor a time such as 2025-01-26T18:00"
        raise click.BadParameter(f"“{text}” is {expected}.", param_hint="'UNTIL'") from error
    if at <= now:
        raise click.BadParameter(f"“{text}” is past.", param_hint="'UNTIL'")
    return at


def _act(
    invocation: Invocation,
    paths: StatePaths,
    chosen: tuple[Sequence[str], str | None],
    act: Callable[[Automation], NextRun],
    as_json: bool,
) -> None:
    """Act on each automation, and print what was done."""
    from clawtui.cli.automation.view import row_of
    from clawtui.operations.state.automations import workspace_of

    results, status = act_on_each(choose(paths, *chosen), act)
    if as_json:
        rows = [
            {**row_of(each.automation, workspace_of(paths, each.automation.id)), "nextRunBefore": each.before}
            for each in results
        ]
        invocation.printer.print_json(rows[0] if is_one(*chosen) else rows)
    else:
        for each in results:
            say(each.message)
    if status:
        sys.exit(status)
