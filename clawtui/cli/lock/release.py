"""``clawtui lock release`` and ``restore``."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import click

from clawtui.cli.completion import repo_keys, restorable_keys
from clawtui.cli.framework.command import Command, json_option, yes_option
from clawtui.cli.framework.confirm import confirm
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.output import say
from clawtui.cli.lock.consent import quiet_option
from clawtui.model.errors import Changed
from clawtui.storage.roots import command_line_for

if TYPE_CHECKING:
    from clawtui.model.liveness.consent import Consent
    from clawtui.operations.locks.release import Released
    from clawtui.operations.locks.release_outcome import ReleaseOutcome
    from clawtui.operations.locks.report import LockReport
    from clawtui.storage.paths import StatePaths


@click.command("release", cls=Command)
@click.argument("key", shell_complete=repo_keys)
@yes_option
@click.option("--force", is_flag=True, help="With --yes: though it is quiet, foreign or invalid.")
@click.option("--force-live", is_flag=True, help="With --yes: though its run shows life. Its clone may be deleted.")
@click.option("--dry-run", is_flag=True, help="Show the verdict and what would be done, and do nothing.")
@click.option("--if-match", metavar="FINGERPRINT", help="Only if it is still this version, as lock show names it.")
@click.option(
    "--wait/--no-wait",
    default=None,
    help="Watch for ten seconds whether it is locked again. Default: on a terminal.",
)
@quiet_option
@json_option
@pass_invocation
def release(
    invocation: Invocation,
    key: str,
    yes: bool,
    force: bool,
    force_live: bool,
    dry_run: bool,
    if_match: str | None,
    wait: bool | None,
    quiet_after: timedelta,
    as_json: bool,
) -> None:
    """Release a lock whose holder is gone; it is set aside, and can be restored for a day.

    KEY is a repo key, a repository address in any form, or a lock file's path. The verdict decides what it takes:
    an orphaned lock is confirmed once (--yes), one that is quiet, foreign or invalid by typing the repository's name
    (--yes --force), and one whose run shows life is released with --force-live only. Exit status 3: refused. 4: it
    is another lock by now, and nothing was done.

    \b
    Examples:
      clawtui lock release github.com/user/repo --dry-run
      clawtui lock release github.com/user/repo
      clawtui lock release github.com/user/repo --yes --if-match "$fingerprint"
    """
    from clawtui.cli.lock.consent import ask, given
    from clawtui.cli.lock.release_view import plan_of, release_row, told_dry, told_release
    from clawtui.model.liveness.consent import consequences
    from clawtui.operations.locks.report import report_lock
    from clawtui.operations.state.follow_fleet import read_fleet

    if not dry_run:
        invocation.require_changes_allowed()
    paths, now = invocation.paths(), _local(invocation)
    fleet = read_fleet(paths)
    report = report_lock(key, fleet, now, quiet_after)
    if if_match not in (None, report.fingerprint):
        raise Changed(f"{report.reading.path} is not the version {if_match}; nothing was done")
    follows = consequences(report.judged, report.reading, fleet)
    asks = not yes and not dry_run and sys.stdin is not None and sys.stdin.isatty()
    line = command_line_for(paths.root)
    plan = () if as_json else plan_of(report, follows, now)
    with invocation.printer.shown_beside_the_act(plan, asks=asks or dry_run):
        if dry_run:
            if as_json:
                invocation.printer.print_json(release_row(report, follows, now))
            else:
                say(told_dry(report))
            return
        consent = ask(report, force_live) if asks else given(report, yes, force, force_live, line)
        released = _release(invocation, paths, report, consent, quiet_after)
    say(told_release(released, line))
    after = _watch(paths, released) if (sys.stderr.isatty() if wait is None else wait) else None
    if as_json:
        invocation.printer.print_json(release_row(report, follows, now, released, after))


@click.command("restore", cls=Command)
@click.argument("key", required=False, shell_complete=restorable_keys)
@yes_option
@click.option("--dry-run", is_flag=True, help="Tell what would be restored, and restore nothing.")
@json_option
@pass_invocation
def restore(invocation: Invocation, key: str | None, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Put a lock back that was released within a day, unless the repository is locked again.

    KEY is a repo key, a repository address in any form, a lock file's path, or what that is called now that it is
    set aside; the newest of several is meant. Without KEY it is the only one that there is.

    \b
    Examples:
      clawtui lock restore github.com/user/repo
      clawtui lock restore --dry-run
    """
    from clawtui.cli.lock.release_view import restorable_row, told_restorable
    from clawtui.operations.locks import restore as restoring
    from clawtui.operations.user.actor import this_actor

    if not dry_run:
        invocation.require_changes_allowed()
    paths = invocation.paths()
    found = restoring.find_restorable(paths, key, _local(invocation))
    restoring.require_free(paths, found)
    if dry_run:
        say(f"would be restored: {told_restorable(found)}")
        if as_json:
            invocation.printer.print_json(restorable_row(found, restored=False))
        return
    if not yes:
        say(told_restorable(found))
    confirm("Restore it?", yes)
    restored = restoring.restore(paths, found.aside.path, this_actor(), lambda: _local(invocation))
    say("\n".join([f"restored {restored.key}", *restored.complaints]))
    if as_json:
        invocation.printer.print_json(restorable_row(found, restored=True, complaints=restored.complaints))


def _local(invocation: Invocation) -> datetime:
    return invocation.now().astimezone()


def _release(
    invocation: Invocation, paths: StatePaths, report: LockReport, consent: Consent, quiet_after: timedelta
) -> Released:
    """Releases what was shown; ends the command with 1 where two runs may overlap now."""
    from clawtui.operations.locks import release as releasing
    from clawtui.operations.user.actor import this_actor
    from clawtui.storage.locks.lock_file import Overlap

    target, line = releasing.target_of(report), command_line_for(paths.root)
    try:
        released = releasing.release(paths, target, consent, this_actor(), lambda: _local(invocation), quiet_after)
    except Overlap as error:
        say(f"ATTENTION: {error}\n{line.hint('lock', 'list')} shows what stands")
        sys.exit(FAILED)
    return released


def _watch(paths: StatePaths, released: Released) -> ReleaseOutcome | None:
    """Says whether it is still free; None where the operator has seen enough."""
    from clawtui.cli.lock.release_view import told_aftermath
    from clawtui.operations.locks.release_outcome import WATCHED, watch_after

    try:
        say(f"watching for {WATCHED:.0f} s whether it is locked again")
        after = watch_after(paths, released)
    except KeyboardInterrupt:
        return None
    say(told_aftermath(after))
    return after
