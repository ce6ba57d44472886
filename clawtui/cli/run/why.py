"""``clawtui why``: why a run is judged as it is, and why an automation is not running."""

from __future__ import annotations

import click

from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Paragraph, Piece


@click.command(cls=Command)
@click.argument("id", shell_complete=automation_ids)
@json_option
@pass_invocation
def why(invocation: Invocation, id: str, as_json: bool) -> None:
    """Show why an automation is running or not, and the evidence about its run.

    The reasons that it is not running: it is disabled or paused, the dispatcher is stopped, it is not due yet, its
    repository is locked, no slot is free, or its schedule is not understood. A run is judged by its state, its
    workspace, its lock and slot with the process behind them, the end of its log, and the history.

    \b
    Examples:
      clawtui why auto-sync-main-123
      clawtui why auto-sync-main-123 --json | jq -r '.reasons[].cause'
    """
    from clawtui.model.runs.why import last_run_text
    from clawtui.operations.runs.why import explain
    from clawtui.presentation.why_lines import why_document, why_lines

    now = invocation.now().astimezone()
    ended = None
    if (report := invocation.gateway_report(per_job=1)) is not None:
        from clawtui.model.gateway.why import why_job
        from clawtui.operations.openclaw.names import find_job

        answer = why_job(report, find_job(report, id))
    else:
        automation, answer = explain(invocation.paths(), id, now, invocation.loaded().settings.quiet_after)
        ended = last_run_text(automation, answer.run, now)
    if as_json:
        invocation.printer.print_json(why_document(answer))
        return
    invocation.printer.print_lines(
        Paragraph(line.text, line.role, lead=Piece(" " * line.indent)) for line in why_lines(answer, ended, now)
    )
