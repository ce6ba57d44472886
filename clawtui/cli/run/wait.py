"""``clawtui wait``: wait for the end of a run, and report it as an exit status."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import click

from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.errors import DONE, FAILED
from clawtui.cli.framework.layout import Piece
from clawtui.cli.framework.output import say
from clawtui.model.errors import NoSuch
from clawtui.model.text.units import parse_span, short_span
from clawtui.presentation.roles import RUN_ROLE, Role

if TYPE_CHECKING:
    from clawtui.model.gateway.report import GatewayReport
    from clawtui.operations.runs.wait import WaitCondition, WaitedRun

TIME_IS_UP: Final = 124
"""The exit status if the time limit passed, as of timeout(1)."""
_RUNS_READ: Final = 20
"""How many runs of a job of a stock gateway are read."""

_ROLES: Final[Mapping[str, Role]] = dict[str, Role](RUN_ROLE.items())


def _seconds(context: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """Return the seconds of a span such as ``10m``, or of a plain number as timeout(1) takes it."""
    if value is None:
        return None
    if (span := parse_span(value)) is not None:
        return span.total_seconds()
    try:
        seconds = float(value)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise click.BadParameter(f"“{value}” is neither a span such as 90s or 2h nor a number of seconds.")
    return seconds


@click.command(cls=Command)
@click.argument("id", shell_complete=automation_ids)
@click.option(
    "--for",
    "condition",
    type=click.Choice(["success", "completed", "end", "start"]),
    default="success",
    show_default=True,
    help="success; completed: success or partial; end: any end but a lost run; start: the run has begun.",
)
@click.option("--timeout", metavar="TIME", callback=_seconds, help="Give up after this time: 90s, 2h, or seconds.")
@click.option("--next", "only_next", is_flag=True, help="Wait for the next run, although one is in progress.")
@json_option
@pass_invocation
def wait(
    invocation: Invocation, id: str, condition: WaitCondition, timeout: float | None, only_next: bool, as_json: bool
) -> None:
    """Wait until a run of an automation has ended: the run in progress, or else the next one.

    Exit status: 0 if the run ended as wanted; 1 if it failed, was cancelled or skipped, or is lost because its process
    is dead or it left no result; 124 after the timeout.

    \b
    Examples:
      clawtui wait auto-sync-main-123 && make release
      clawtui wait auto-sync-main-123 --for end --timeout 2h
      clawtui wait auto-sync-main-123 --next --json | jq -r .summary
    """
    from clawtui.operations.runs.wait import wait_for_run

    name, look = _look(invocation, id)
    run = wait_for_run(look, condition, timeout, only_next=only_next)
    status = TIME_IS_UP if run is None else DONE if run.meets(condition) else FAILED
    if as_json:
        invocation.printer.print_json(_document(name, run, status))
    elif run is None:
        going = any(one.is_going for one in look())
        state = "its run is still in progress" if going else "no run has begun"
        say(f"{name}: the time is up after {short_span(timedelta(seconds=timeout or 0))}, and {state}")
    else:
        took = f" after {short_span(run.took)}" if run.took is not None and not run.is_going else ""
        details = "".join(f": {text}" for text in (run.why, run.summary) if text)
        piece = Piece(run.status or "unknown", _ROLES.get(run.status or "unknown", "bad"))
        invocation.printer.print_lines([[f"{name}: ", piece, f"{took}{details}"]])
    sys.exit(status)


def _look(invocation: Invocation, id: str) -> tuple[str, Callable[[], Sequence[WaitedRun]]]:
    """Return the automation's id, and a function that reads its runs. Raises NoSuch, Refused, Unreadable."""
    from clawtui.operations.runs.run_watch import RunWatch, gateway_runs
    from clawtui.operations.state.names import full_id

    if invocation.gateway_report(per_job=0) is not None:

        def report() -> GatewayReport:
            found = invocation.gateway_report(per_job=_RUNS_READ)
            if found is None:
                raise NoSuch("the store of the gateway is gone")
            return found

        return gateway_runs(report, id)
    paths = invocation.paths()
    watch = RunWatch(paths, full_id(paths, id), invocation.now, invocation.loaded().settings.quiet_after)
    return watch.automation_id, watch.look


def _document(name: str, run: WaitedRun | None, status: int) -> dict[str, object]:
    return {
        "automationId": name,
        "run": run and run.name,
        "timestamp": run and run.started,
        "status": run and run.status,
        "duration": run and run.took,
        "summary": run and run.summary,
        "why": run and run.why,
        "asWanted": status == DONE,
        "timedOut": status == TIME_IS_UP,
    }
