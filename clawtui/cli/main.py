"""``clawtui``: alone it opens the dashboard, with a command it does that."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from clawtui import __version__
from clawtui.cli.context import Invocation, pass_invocation
from clawtui.cli.errors import FAILED, plain_endings, require_streams, tell_usage
from clawtui.cli.lazy_group import LazyGroup
from clawtui.cli.output import say

_COMMANDS = {
    "artifact": "clawtui.cli.artifact:artifact",
    "automation": "clawtui.cli.automation:automation",
    "completion": "clawtui.cli.completion:completion",
    "demo": "clawtui.demo.command:demo",
    "export": "clawtui.cli.backup:export",
    "import": "clawtui.cli.backup:import_",
    "lock": "clawtui.cli.lock:lock",
    "logs": "clawtui.cli.logs:logs",
    "migrate": "clawtui.cli.migrate:migrate",
    "progress": "clawtui.cli.progress:progress",
    "prune": "clawtui.cli.prune:prune",
    "run": "clawtui.cli.run:run",
    "slot": "clawtui.cli.slot:slot",
    "status": "clawtui.cli.status:status",
    "workspace": "clawtui.cli.workspace:workspace",
}


class Program(LazyGroup):
    """All commands. However one of them ends, it ends in plain words and with the exit status that they mean."""

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Runs the command line. Raises SystemExit with the status, which it returns where not ``standalone_mode``."""
        require_streams()
        run: Callable[..., Any] = super().main
        try:
            status = run(*args, standalone_mode=False, **extra)
        except click.ClickException as error:
            status = tell_usage(error)
        except click.Abort:
            status = FAILED
        if standalone_mode:
            sys.exit(status)
        return status

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command that was named."""
        with plain_endings():
            return super().invoke(ctx)


@click.group(
    cls=Program,
    lazy=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--read-only", is_flag=True, help="Show everything and change nothing.")
@click.version_option(__version__, prog_name="clawtui")
@pass_invocation
@click.pass_context
def main(context: click.Context, invocation: Invocation, read_only: bool) -> None:
    """A dashboard for the automations of a Clawdbot gateway.

    Without a command it opens the dashboard over the state directory.

    \b
    Examples:
      clawtui demo                    see it over a simulated gateway
      clawtui                         over ~/.clawdbot
      clawtui --root /srv/clawdbot    over another directory
    """
    invocation.read_only = invocation.read_only or read_only
    if context.invoked_subcommand is not None:
        return
    from clawtui.tui.run import NoTerminal, run_dashboard

    try:
        sys.exit(run_dashboard(invocation.named_paths().root, read_only=invocation.read_only))
    except NoTerminal as error:
        say(str(error))
        sys.exit(FAILED)
