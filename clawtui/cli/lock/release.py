"""``clawtui lock release`` and ``clawtui lock restore``."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import click

from clawtui.cli.completion import repo_keys, restorable_keys
from clawtui.cli.framework.command import Command, json_option, yes_option
from clawtui.cli.framework.confirm import confirm
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.output import say
from clawtui.cli.lock.asked_hosts import judged_by_their_hosts
from clawtui.cli.lock.consent import quiet_option
from clawtui.model.errors import Changed
from clawtui.storage.roots import command_line_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clawtui.model.liveness.consent import Consent
    from clawtui.operations.locks.release import Released, ReleaseOutcome
    from clawtui.operations.locks.report import LockReport
    from clawtui.storage.paths import StatePaths


class _Options(NamedTuple):
    """The options of ``lock release``."""

    yes: bool
    force: bool
    force_live: bool
    dry_run: bool
    if_match: str | None
    wait: bool
    """Whether to watch the repository afterwards."""


@click.command("release", cls=Command)
@click.argument("key", shell_complete=repo_keys)
@yes_option
@click.option("--force", is_flag=True, help="With --yes: also if the lock is quiet, foreign or invalid.")
@click.option(
    "--force-live",
    is_flag=True,
    help="With --yes: also if its run shows activity. The clone of that run may be deleted.",
)
@click.option("--dry-run", is_flag=True, help="Show the verdict and what would be done, and do nothing.")
@click.option(
    "--if-match", metavar="FINGERPRINT", help="Only if the lock still has this fingerprint, which `lock show` prints."
)
@click.option(
    "--wait/--no-wait",
    default=None,
    help="Watch for ten seconds whether the repository is locked again. Default: only on a terminal.",
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
    """Release a lock whose holder is gone; it is set aside and can be restored for one day.

    KEY is a repo key, a repository address in any form, or a lock file's path. The consent it takes
    depends on the verdict. An orphaned lock: one confirmation (--yes). A quiet, foreign or invalid one: the name of the
    repository, typed (--yes --force). One whose run shows activity: --force-live. Exit status 3: refused. 4: another
    lock is there by now, and nothing was done.

    On the root of a stock gateway, KEY is the path of a lock file in it, and only an orphaned one is released.

    \b
    Examples:
      clawtui lock release github.com/user/repo --dry-run
      clawtui lock release github.com/user/repo
      clawtui lock release github.com/user/repo --yes --if-match "$fingerprint"
    """
    if not dry_run:
        invocation.require_changes_allowed()
    if (gateway := invocation.gateway_report(per_job=0)) is not None:
        from clawtui.cli.openclaw.lock_release import release_lock_file

        release_lock_file(invocation, gateway, key, quiet_after, if_match, yes=yes, dry_run=dry_run, as_json=as_json)
        return
    options = _Options(yes, force, force_live, dry_run, if_match, sys.stderr.isatty() if wait is None else wait)
    _release_repository_lock(invocation, key, options, quiet_after, as_json=as_json)


def _release_repository_lock(
    invocation: Invocation, key: str, options: _Options, quiet_after: timedelta, *, as_json: bool
) -> None:
    """Show the verdict on the lock of a repository, get the consent, release the lock, and watch it."""
    from clawtui.cli.lock.consent import ask, given
    from clawtui.cli.lock.release_view import plan_of, release_row, release_text
    from clawtui.model.liveness.consent import consequences
    from clawtui.operations.locks.report import report_lock
    from clawtui.operations.state.follow_fleet import read_fleet

    paths, now = invocation.paths(), _local(invocation)
    fleet, line = read_fleet(paths), command_line_for(paths.root)
    yes, dry_run = options.yes, options.dry_run
    # A part of a key is taken only where the operator sees the lock before they agree.
    asks = not yes and not dry_run and sys.stdin is not None and sys.stdin.isatty()
    report = report_lock(key, fleet, now, quiet_after, takes_parts=asks or dry_run)
    (report,) = judged_by_their_hosts(invocation, (report,), quiet_after)
    if options.if_match not in (None, report.fingerprint):
        raise Changed(f"{report.reading.path} is not the version {options.if_match}; nothing was done")
    follows = consequences(report.judged, report.reading, fleet)
    plan = () if as_json else plan_of(report, follows, now)
    with invocation.printer.shown_beside_the_act(plan, asks=asks or dry_run):
        if dry_run:
            _print_dry_run(invocation, report, follows, now, as_json)
            return
        force_live = options.force_live
        consent = ask(report, force_live) if asks else given(report, yes, options.force, force_live, line)
        released = _release(invocation, paths, report, consent, quiet_after)
    say(release_text(released, line))
    after = _watch(paths, released) if options.wait else None
    if as_json:
        invocation.printer.print_json(release_row(report, follows, now, released, after))


def _print_dry_run(
    invocation: Invocation, report: LockReport, follows: Sequence[str], now: datetime, as_json: bool
) -> None:
    """Print the options that a release would need, or the report as JSON."""
    from clawtui.cli.lock.release_view import dry_run_text, release_row

    if as_json:
        invocation.printer.print_json(release_row(report, follows, now))
    else:
        say(dry_run_text(report))


@click.command("restore", cls=Command)
@click.argument("key", required=False, shell_complete=restorable_keys)
@yes_option
@click.option("--dry-run", is_flag=True, help="Say what would be restored, and restore nothing.")
@json_option
@pass_invocation
def restore(invocation: Invocation, key: str | None, yes: bool, dry_run: bool, as_json: bool) -> None:
    """Restore a lock that was released within the last day, unless it is locked again.

    KEY is a repo key, a repository address in any form, its lock file's path, or the path at which it is set aside.
    Of several locks the newest is restored. KEY may be left out if there is only one.

    \b
    Examples:
      clawtui lock restore github.com/user/repo
      clawtui lock restore --dry-run
    """
    from clawtui.cli.lock.release_view import restorable_row, restorable_text
    from clawtui.operations.locks import restore as restoring
    from clawtui.operations.user.actor import this_actor

    if not dry_run:
        invocation.require_changes_allowed()
    paths = invocation.paths(may_be_gateway=True)
    found = restoring.find_restorable(paths, key, _local(invocation))
    restoring.require_free(paths, found)
    if dry_run:
        say(f"would be restored: {restorable_text(found)}")
        if as_json:
            invocation.printer.print_json(restorable_row(found, restored=False))
        return
    if not yes:
        say(restorable_text(found))
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
    """Release the lock that was shown. End the command with status 1 if two runs may overlap now."""
    from clawtui.operations.locks import release as releasing
    from clawtui.operations.user.actor import this_actor
    from clawtui.storage.locks.lock_file import Overlap

    target, line = releasing.target_of(report), command_line_for(paths.root)
    try:
        released = releasing.release(
            paths,
            target,
            consent,
            this_actor(),
            lambda: _local(invocation),
            quiet_after,
            foreign_facts=report.judged.foreign_facts,
        )
    except Overlap as error:
        say(f"ATTENTION: {error}\n{line.hint('lock', 'list')} shows the locks")
        sys.exit(FAILED)
    return released


def _watch(paths: StatePaths, released: Released) -> ReleaseOutcome | None:
    """Watch the repository, and print whether it stays free. Return None if the operator interrupts that."""
    from clawtui.cli.lock.release_view import outcome_text
    from clawtui.operations.locks.release import WATCHED, watch_after

    try:
        say(f"watching for {WATCHED:.0f} s whether it is locked again")
        after = watch_after(paths, released)
    except KeyboardInterrupt:
        return None
    say(outcome_text(after))
    return after
