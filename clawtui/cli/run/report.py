"""``clawtui run report``: one run as an HTML page or an SVG picture to share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from clawtui.cli.completion import automation_ids, run_names
from clawtui.cli.framework.command import Command, yes_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import print_raw, say
from clawtui.model.runs.timeline import Step
from clawtui.model.text.units import short_span
from clawtui.presentation.roles import RUN_ROLE, Role
from clawtui.presentation.times import local_instant

if TYPE_CHECKING:
    from clawtui.model.gateway.report import GatewayReport
    from clawtui.model.runs.report import RunReport
    from clawtui.presentation.run_page import Entry, RunPage
    from clawtui.storage.paths import StatePaths

Form = Literal["html", "svg"]

RUNS_READ = 1000
"""How many runs of a job of a stock gateway are read."""
_LINES = 5000

_show_secrets = click.option("--show-secrets", "unmasked", is_flag=True, help="Show passwords, tokens and secrets.")


@click.command(cls=Command)
@click.argument("id", shell_complete=automation_ids)
@click.argument("run", required=False, shell_complete=run_names)
@click.option("--html", "form", flag_value="html", default="html", help="A page with timeline and log (the default).")
@click.option("--svg", "form", flag_value="svg", help="The timeline alone, as a picture.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it to this file."
)
@click.option(
    "--lines", type=click.IntRange(min=0), default=_LINES, show_default=True, help="The last lines of the log."
)
@_show_secrets
@yes_option
@pass_invocation
def report(
    invocation: Invocation,
    id: str,
    run: str | None,
    form: Form,
    output: Path | None,
    lines: int,
    unmasked: bool,
    yes: bool,
) -> None:
    """Write a page about one run, to share: its facts, its timeline, and its log.

    The page is one file: it has no script and loads nothing else. Secrets are masked. RUN is as for `run show`; the
    default is the newest run.

    \b
    Examples:
      clawtui run report auto-sync-main-123 --output report.html
      clawtui run report auto-sync-main-123 auto-sync-main-123-2025-01-26-10-00-00 --html > report.html
      clawtui run report auto-sync-main-123 --svg > timeline.svg
    """
    from clawtui.presentation.run_page import run_html
    from clawtui.presentation.timeline_svg import timeline_svg

    invocation.show_secrets = invocation.show_secrets or unmasked
    seen = invocation.printer.text
    if (gateway := invocation.gateway_report(per_job=RUNS_READ)) is not None:
        page = _gateway_page(gateway, id, run)
    else:
        page = _page(invocation, id, run, lines)
    text = run_html(page, seen) if form == "html" else timeline_svg(page.title, page.steps, page.made, seen)
    if output is None:
        print_raw(text, end="")
    else:
        _write(output, text, yes)


def _write(file: Path, text: str, yes: bool) -> None:
    from clawtui.cli.framework.confirm import confirm
    from clawtui.files.fs.atomic import write_atomic

    file = file.absolute()
    if file.exists():
        confirm(f"{file} exists already. Replace it?", yes)
    write_atomic(file.parent, file.name, text.encode(errors="backslashreplace"))
    say(f"the report is in {file}")


def _page(invocation: Invocation, id: str, name: str | None, most: int) -> RunPage:
    from clawtui.operations.runs.history import list_runs, pick_run
    from clawtui.operations.runs.report import read_report
    from clawtui.operations.runs.run_states import judged_workspace
    from clawtui.operations.state.names import full_id
    from clawtui.presentation.run_page import RunPage

    paths, now = invocation.paths(), invocation.now()
    id = full_id(paths, id)
    runs = list_runs(paths, id, judged_workspace(paths, id, now, invocation.loaded().settings.quiet_after))
    found = read_report(paths, pick_run(paths, runs, id, name), runs, now)
    log, note = _log(paths, found, most) if most else ((), "Left out.")
    title = f"{found.run.automation_id}, run of {local_instant(found.run.started)}"
    return RunPage(title, tuple(_facts(found)), found.timeline.steps, log, note, now)


def _facts(page: RunReport) -> Iterator[tuple[str, str | None, Role]]:
    run, error = page.run, page.log_summary.error
    status = run.status or "unknown"
    yield "automation", run.automation_id, "strong"
    yield "run", run.name, "plain"
    yield "status", status, RUN_ROLE[status]
    yield "error", f"{error.phase}: {error.message}" if error and not run.is_completed else None, "bad"
    yield "started", local_instant(run.started), "plain"
    yield "ended", None if run.ended is None else local_instant(run.ended), "plain"
    yield "took", None if run.took is None else short_span(run.took), "plain"
    yield "summary", run.summary, "plain"
    yield "session", run.session_id, "plain"
    yield "log", run.log, "plain"
    yield "problem", page.problem, "bad"


def _log(paths: StatePaths, page: RunReport, most: int) -> tuple[Sequence[Entry], str]:
    """Return the lines of the run's log, and what they are."""
    from clawtui.cli.logs.view import log_text
    from clawtui.model.search.log_query import LogQuery
    from clawtui.operations.logs.all_logs import repeats
    from clawtui.operations.runs.logs import read_logs, run_logs
    from clawtui.presentation.run_page import Entry

    if page.run.log is None:
        return (), "The run has left no log."
    if page.problem is not None:
        return (), f"The log cannot be read: {page.problem}"
    lines = list(read_logs(paths, run_logs(page.run), LogQuery(), most))
    entries = [Entry(*log_text(line), times) for line, times in repeats(lines)]
    note = f"The last {most:,} lines." if len(lines) == most else f"All {len(lines):,} lines."
    return entries, f"{note} Times are of {page.run.started.astimezone():%Z}."


def _gateway_page(report: GatewayReport, job_name: str, run_name: str | None) -> RunPage:
    """Return the page of a run of a stock gateway: its diagnostics are the timeline, and its store has no log."""
    from clawtui.operations.openclaw.names import find_job_id, find_run
    from clawtui.presentation.run_page import RunPage

    run = find_run(report, find_job_id(report, job_name), run_name)
    name = report.state.name_of(run.job_id)
    judged = report.owners.get(run.id)
    facts: list[tuple[str, str | None, Role]] = [
        ("automation", name, "strong"),
        ("run", run.id, "plain"),
        ("status", run.status, RUN_ROLE[run.status]),
        ("error", run.error, "bad"),
        ("started", local_instant(run.started), "plain"),
        ("ended", None if run.finished is None else local_instant(run.finished), "plain"),
        ("took", None if run.took is None else short_span(run.took), "plain"),
        ("summary", run.summary, "plain"),
        ("not delivered", run.delivery.error if run.delivery else None, "warn"),
        ("model", run.model, "plain"),
        ("session", run.session_id, "plain"),
        ("owner", None if judged is None else f"{judged.verdict}: {'; '.join(judged.facts)}", "plain"),
    ]
    steps = [Step(at, text, None, failed=severity == "error") for at, severity, text in run.diagnostics if at]
    note = "The store of this gateway has no log of a run; the timeline is made of its diagnostics."
    return RunPage(f"{name}, run of {local_instant(run.started)}", facts, steps, (), note, report.now)
