"""``clawtui logs``: the logs of the dispatcher and of the runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import click
from msgspec.structs import replace

from clawtui.cli.completion import automation_ids, run_names
from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import Printer, print_raw
from clawtui.cli.framework.streams import pause_for_reader, require_output
from clawtui.cli.logs.options import parse_pattern, phases
from clawtui.cli.logs.options import since as since_option
from clawtui.model.errors import NoSuch
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.model.documents.base import LogLevel
    from clawtui.model.documents.log_entry import LogLine
    from clawtui.model.errors import ClawtuiError
    from clawtui.model.search.log_query import LogQuery
    from clawtui.operations.runs.logs import Log

_DAY = timedelta(days=1)

MOST_RUNS = 1000
"""How many runs of a job of a stock gateway are searched for the one that is named."""


class _Sources(NamedTuple):
    """The logs of an automation, or of the dispatcher."""

    automation_id: str | None
    find: Callable[[], Sequence[Log]]
    """Returns the logs that exist now."""
    are_complete: Callable[[], bool]
    """Returns whether no more lines will come."""


@click.command(cls=Command)
@click.argument("id", required=False, shell_complete=automation_ids)
@click.option("--run", "run", metavar="RUN", shell_complete=run_names, help="The log of one run, not of the newest.")
@click.option("--all", "every", is_flag=True, help="All runs and the dispatcher, by time; repeated lines once.")
@click.option("--follow", "-f", is_flag=True, help="Go on with each line as it comes; with --run until that run ends.")
@click.option("--level", type=click.Choice(["debug", "info", "warn", "error"]), help="Lines of this level and above.")
@click.option("--phase", metavar="PHASE", shell_complete=phases, help="Lines of this phase of a run.")
@click.option(
    "--grep", metavar="RE", help="Lines, as they are in the file, that match this regular expression (RE2 syntax)."
)
@click.option("--case-sensitive", is_flag=True, help="For --grep, tell upper from lower case whatever RE has.")
@click.option(
    "--since", callback=since_option, metavar="WHEN", help="Lines since then: 2h, 1d12h, or 2025-01-26T10:30."
)
@click.option("--limit", "-n", type=click.IntRange(min=1), metavar="N", help="The last N of these lines.")
@json_option
@pass_invocation
def logs(
    invocation: Invocation,
    id: str | None,
    run: str | None,
    every: bool,
    follow: bool,
    level: LogLevel | None,
    phase: str | None,
    grep: str | None,
    case_sensitive: bool,
    since: datetime | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Show a run's log, or the dispatcher's.

    With ID the log of the automation's newest run, without it the dispatcher's of its last 24 hours; with --since all
    logs that have lines from then on. With --all the logs of every run and of the dispatcher, interleaved by time: of
    the last day, or since --since. With --json the lines as they are in the file, a line that
    is no JSON object as {"line", "fault"}; with --follow --json one a line.

    --grep matches each line as it stands in the file, JSON and all, not as it is shown. An RE without an upper-case
    letter matches either case, unless --case-sensitive is given; escapes such as \\S or \\pL are no letters.

    \b
    Examples:
      clawtui logs --since 2h
      clawtui logs auto-sync-main-123 --level warn
      clawtui logs --all --grep conflict --since 2d
      clawtui logs sync-main --follow --grep 'Conflict (detected|resolved)'
      clawtui logs auto-sync-main-123 --json --limit 1 | jq -r '.[].message'
    """
    from clawtui.model.search.log_query import LogQuery
    from clawtui.operations.state.names import full_id

    if id is None and (run is not None or (phase is not None and not every)):
        raise click.UsageError(f"{'--run' if run is not None else '--phase'} needs the ID of an automation.")
    if (report := invocation.gateway_report(per_job=0 if run is None else MOST_RUNS)) is not None:
        from clawtui.cli.openclaw.log_view import show_log

        shown = LogQuery(level, None, parse_pattern(grep, case_sensitive), since, of_gateway=True)
        show_log(invocation, report, (id, run), shown, limit, follow=follow, as_json=as_json)
        return
    paths = invocation.paths()
    id = None if id is None else full_id(paths, id)
    query = LogQuery(level, phase, parse_pattern(grep, case_sensitive), since)
    if every:
        if id is not None or follow:
            raise click.UsageError(f"--all does not go with {'--follow' if follow else 'an ID'}.")
        _print_every(invocation, paths, query, limit, as_json)
        return
    sources = _sources(paths, id, run, since)
    if follow:
        _print_followed(invocation, paths, sources, query, limit, as_json)
    else:
        _print_found(invocation, paths, sources, query, limit, as_json)


def _print_followed(
    invocation: Invocation, paths: StatePaths, sources: _Sources, query: LogQuery, limit: int | None, as_json: bool
) -> None:
    """Print each line as it comes, until the logs are complete or the reader has gone."""
    from clawtui.operations.logs.follow_logs import follow_logs

    for line in follow_logs(paths, sources.find, query, limit, sources.are_complete, pause_for_reader):
        _print_one(invocation.printer, line, as_json)
        require_output()


def _print_found(
    invocation: Invocation, paths: StatePaths, sources: _Sources, query: LogQuery, limit: int | None, as_json: bool
) -> None:
    """Print the lines that the logs have now. Raises NoSuch if there is no log; with ``--since`` that is no error."""
    from clawtui.cli.logs.view import log_json, log_paragraph
    from clawtui.operations.runs.logs import read_logs

    found = sources.find()
    if not found and query.since is None:
        id = sources.automation_id
        raise NoSuch("the dispatcher has no logs" if id is None else f"“{id}” has no logs")
    lines = read_logs(paths, found, query, limit)
    if as_json:
        invocation.printer.print_json_list(map(log_json, lines))
    else:
        invocation.printer.print_lines(map(log_paragraph, lines))


def _sources(paths: StatePaths, id: str | None, run: str | None, since: datetime | None) -> _Sources:
    """Return the requested logs. Raises NoSuch for an unknown run."""
    from clawtui.operations.logs.follow_logs import is_over
    from clawtui.operations.runs.history import find_run
    from clawtui.operations.runs.logs import automation_logs, dispatcher_logs, run_logs_now

    if id is None:
        return _Sources(None, lambda: dispatcher_logs(paths, since), lambda: False)
    if run is None:
        return _Sources(id, lambda: automation_logs(paths, id, since), lambda: False)
    found = find_run(paths, id, run)
    return _Sources(id, lambda: run_logs_now(paths, found), lambda: is_over(paths, found))


def _print_every(invocation: Invocation, paths: StatePaths, query: LogQuery, limit: int | None, as_json: bool) -> None:
    from clawtui.cli.logs.view import sourced_json, sourced_paragraph
    from clawtui.operations.logs.all_logs import folded, last_of, read_all_logs

    since = query.since or invocation.now() - _DAY
    unread: list[ClawtuiError] = []
    lines = last_of(folded(read_all_logs(paths, replace(query, since=since), since, unread)), limit)
    if as_json:
        invocation.printer.print_json_list(map(sourced_json, lines))
    else:
        invocation.printer.print_lines(map(sourced_paragraph, lines))
    if unread:  # after what can be read
        raise unread[0]


def _print_one(printer: Printer, line: LogLine, as_json: bool) -> None:
    from clawtui.cli.logs.view import log_json, log_paragraph

    if as_json:
        print_raw(printer.json_line(log_json(line)), flush=True)
    else:
        printer.print_lines([log_paragraph(line)])
