"""``clawtui lock``: list and show locks with the verdicts on their holders, and run a command under a lock."""

from __future__ import annotations

import sys
from datetime import timedelta

import click

from clawtui.cli.completion import repo_keys
from clawtui.cli.framework.command import Group, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import say
from clawtui.cli.lock.asked_hosts import judged_by_their_hosts
from clawtui.cli.lock.consent import quiet_option
from clawtui.cli.lock.release import release, restore


@click.group(cls=Group)
def lock() -> None:
    """List, release and restore locks on repositories, and run a command under one.

    \b
    orphaned  the holder cannot be alive
    invalid   the lock cannot be read
    foreign   another host holds it, and this one cannot check the holder
    quiet     the process exists, but the run has been silent for long
    live      the run shows activity
    """


lock.add_command(release)
lock.add_command(restore)


@lock.command("list")
@quiet_option
@json_option
@pass_invocation
def list_(invocation: Invocation, quiet_after: timedelta, as_json: bool) -> None:
    """List all locks, those that need attention first, and what interrupted releases left.

    If a directory that may hold more locks cannot be read, it is named and the exit status is 1. A lock that names the
    host of another root in the settings is judged there, as in the dashboard; a host that cannot be asked is named.

    \b
    Examples:
      clawtui lock list
      clawtui lock list --json | jq '.[] | select(.verdict == "orphaned").path'
    """
    from clawtui.cli.lock.release_view import leftover_text
    from clawtui.cli.lock.view import row_of, table_of
    from clawtui.operations.doctor.interrupted import find_interrupted
    from clawtui.operations.locks.report import report_locks
    from clawtui.operations.state.follow_fleet import read_fleet
    from clawtui.operations.state.incomplete import hiding_locks, require_nothing_hidden

    if (report := invocation.gateway_report(per_job=0)) is not None:
        from clawtui.cli.openclaw.lock_view import show_locks

        show_locks(invocation.printer, report, as_json)
        for leftover in find_interrupted(invocation.paths(may_be_gateway=True), report.now):
            say(leftover_text(leftover))
        return
    paths, now = invocation.paths(), invocation.now()
    fleet = read_fleet(paths)
    reports, hiding = report_locks(fleet, now.astimezone(), quiet_after), hiding_locks(fleet)
    reports = judged_by_their_hosts(invocation, reports, quiet_after)
    if as_json:
        invocation.printer.print_json([row_of(report, now) for report in reports])
    elif reports:
        invocation.printer.print_lines(table_of(reports, now))
    elif not hiding:
        say("nothing is locked")
    for leftover in find_interrupted(paths, now.astimezone()):
        say(leftover_text(leftover))
    require_nothing_hidden(hiding)


@lock.command()
@click.argument("key", shell_complete=repo_keys)
@quiet_option
@json_option
@pass_invocation
def show(invocation: Invocation, key: str, quiet_after: timedelta, as_json: bool) -> None:
    """Show one lock with the verdict on its holder and every fact behind it.

    KEY is a repo key, a repository address in any form, or a lock file's path; or a part of one that no other lock has.

    \b
    Examples:
      clawtui lock show github.com/user/repo
      clawtui lock show git@github.com:user/repo.git
      clawtui lock show locks/github.com-user-repo.lock --json
    """
    from clawtui.cli.lock.view import details_of, row_of
    from clawtui.operations.locks.report import report_lock
    from clawtui.operations.state.follow_fleet import read_fleet

    if (gateway := invocation.gateway_report(per_job=0)) is not None:
        from clawtui.cli.openclaw.lock_view import show_lock

        show_lock(invocation.printer, gateway, key, as_json)
        return
    now = invocation.now()
    report = report_lock(key, read_fleet(invocation.paths()), now.astimezone(), quiet_after, takes_parts=True)
    (report,) = judged_by_their_hosts(invocation, (report,), quiet_after)
    if as_json:
        invocation.printer.print_json(row_of(report, now))
    else:
        invocation.printer.print_lines(details_of(report, now))


@lock.command("run", changes=True)
@click.argument("url")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- CMD...")
@click.option("--wait", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="Wait this long for the lock.")
@click.option(
    "--die-with-me",
    is_flag=True,
    help="Kill the command if clawtui is killed, but not the processes that the command started.",
)
@pass_invocation
def run(invocation: Invocation, url: str, command: tuple[str, ...], wait: float, die_with_me: bool) -> None:
    """Run a command while holding a repository's lock, so that no automation touches it.

    The lock is released when the command ends for any reason, and the exit status is that of the command. If clawtui
    itself is killed, the command and the lock stay: the lock counts as live until the last process has ended. If the
    repository is locked already, nothing is run and the exit status is 3. The gateway removes a lock that is older than
    lockTimeoutHours.

    \b
    Examples:
      clawtui lock run git@github.com:user/repo.git -- git -C ~/src/repo push
      clawtui lock run --wait 60 https://github.com/user/repo -- make release
    """
    from clawtui.model.errors import Invalid
    from clawtui.operations.locks.lock_run import run_locked

    try:
        ending = run_locked(
            invocation.paths(), url, command, clock=invocation.now, wait=wait, notify=say, die_with_me=die_with_me
        )
    except Invalid as error:
        raise click.BadParameter(f"“{url}” is not a repository address", param_hint="URL") from error
    if ending.complaint is not None:
        say(ending.complaint)
    sys.exit(ending.status)
