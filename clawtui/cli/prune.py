"""``clawtui prune``: log retention."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.model.errors import Unreadable
from clawtui.operations.state.retention import KEPT_DAYS


@click.command(cls=Command)
@click.option(
    "--days",
    type=click.IntRange(1),
    default=KEPT_DAYS,
    show_default=True,
    help="Keep the logs of this many days.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed, and remove nothing.")
@json_option
@pass_invocation
def prune(invocation: Invocation, days: int, dry_run: bool, as_json: bool) -> None:
    """Remove old logs of runs and of the dispatcher, and the files that killed processes left.

    The age of a log is that of its last write. The log of a run that may still be in progress is kept at any age: its
    automation has a lock, a slot, or a state other than the end of a run. A temporary file counts as left behind one
    day after it was written. A released lock is kept for one day, so that it can be restored. Directories that cannot
    be read are named, what is in the others is removed, and the exit status is 1.

    \b
    Examples:
      clawtui prune --dry-run
      clawtui prune --days 90
    """
    from clawtui.operations.state.maintenance import prune as remove

    if not dry_run:
        invocation.require_changes_allowed()
    paths, now = invocation.paths(), invocation.now()
    pruned = remove(paths, now, days, dry_run=dry_run)
    removed, leftovers = pruned.logs, pruned.leftovers
    if as_json:
        invocation.printer.print_json({"days": days, "dryRun": dry_run, "removed": removed, "leftovers": leftovers})
    else:
        invocation.printer.print_lines([path] for path in (*removed, *leftovers))
        logs = "1 log" if len(removed) == 1 else f"{len(removed)} logs"
        message = f"{logs} {'would be removed' if dry_run else 'removed'}, older than {days} days"
        say(f"{message}; left behind: {len(leftovers)}" if leftovers else message)
    if pruned.unrecorded:
        say(pruned.unrecorded)
    if pruned.unread:  # after what was removed
        raise Unreadable("\n".join(pruned.unread))
