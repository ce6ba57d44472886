"""``clawtui prune``: log retention."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.operations.state.incomplete import require_nothing_hidden
from clawtui.operations.state.retention import KEPT_DAYS, prune_leftovers
from clawtui.storage.stores.logs import AutomationLogManager


@click.command(cls=Command)
@click.option(
    "--days",
    type=click.IntRange(1),
    default=KEPT_DAYS,
    show_default=True,
    help="Keep the logs of so many days, of today at least.",
)
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, and remove nothing.")
@json_option
@pass_invocation
def prune(invocation: Invocation, days: int, dry_run: bool, as_json: bool) -> None:
    """Remove old logs, those of runs and those of the dispatcher, and what killed writers left.

    A log is as old as its last write. The log of a run that may still be going stays however old it is: one of an
    automation that has a lock, a slot, or a state that is not the end of a run. A temp file is taken
    for left behind a day after it was written. A lock that was released is kept for a day, to be restored.
    What hides logs is told, and the exit status is then 1.

    \b
    Examples:
      clawtui prune --dry-run
      clawtui prune --days 90
    """
    if not dry_run:
        invocation.require_changes_allowed()
    paths, now = invocation.paths(), invocation.now()
    removed = AutomationLogManager(paths).prune(days, now, dry_run=dry_run)
    leftovers = prune_leftovers(paths, now, dry_run=dry_run)
    if as_json:
        invocation.printer.print_json({"days": days, "dryRun": dry_run, "removed": removed, "leftovers": leftovers})
    else:
        invocation.printer.print_lines([path] for path in (*removed, *leftovers))
        logs = "1 log" if len(removed) == 1 else f"{len(removed)} logs"
        said = f"{logs} {'would be removed' if dry_run else 'removed'}, older than {days} days"
        say(f"{said}; left behind: {len(leftovers)}" if leftovers else said)
    require_nothing_hidden(AutomationLogManager(paths).problems())
