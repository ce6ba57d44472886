"""The program ``clawtui``, which opens the dashboard or runs the given command."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from clawtui.cli.start import prepare_process


def _announce_demo() -> bool:
    """Print that the demo is starting if the command line asks for it; return whether it was printed.

    The imports below take a third of a second of processor time: on a busy machine that is long.
    """
    arguments, streams = sys.argv[1:], (sys.stdin, sys.stdout, sys.stderr)
    if arguments[:1] != ["demo"] or {"--help", "-h"} & {*arguments}:
        return False
    if not all(stream is not None and stream.isatty() for stream in streams):
        return False
    print("Starting the simulated gateway …", file=sys.stderr, flush=True)
    return True


prepare_process()
_ANNOUNCED = _announce_demo()

import click  # noqa: E402

from clawtui.cli.framework.command import LazyGroup  # noqa: E402
from clawtui.cli.framework.context import Invocation, pass_invocation  # noqa: E402
from clawtui.cli.framework.errors import ARGUMENTS, FAILED, plain_endings, report_lost_output, report_usage  # noqa: E402
from clawtui.cli.framework.output import Printer, say  # noqa: E402
from clawtui.cli.framework.streams import require_output, require_streams  # noqa: E402

_COMMANDS = {
    "agent": "clawtui.cli.remote.agent:agent",
    "artifact": "clawtui.cli.artifact:artifact",
    "audit": "clawtui.cli.audit:audit",
    "automation": "clawtui.cli.automation.commands:automation",
    "config": "clawtui.cli.config.commands:config",
    "completion": "clawtui.cli.completion:completion",
    "demo": "clawtui.demo.command:demo",
    "dispatcher": "clawtui.cli.dispatcher:dispatcher",
    "doctor": "clawtui.cli.doctor.commands:doctor",
    "export": "clawtui.cli.backup:export",
    "import": "clawtui.cli.backup:import_",
    "lock": "clawtui.cli.lock.commands:lock",
    "man": "clawtui.cli.man:man",
    "logs": "clawtui.cli.logs.commands:logs",
    "metrics": "clawtui.cli.metrics:metrics",
    "migrate": "clawtui.cli.migrate:migrate",
    "progress": "clawtui.cli.run.progress:progress",
    "prune": "clawtui.cli.prune:prune",
    "run": "clawtui.cli.run.commands:run",
    "serve": "clawtui.cli.serve.command:serve",
    "slot": "clawtui.cli.slot.commands:slot",
    "status": "clawtui.cli.status:status",
    "wait": "clawtui.cli.run.wait:wait",
    "why": "clawtui.cli.run.why:why",
    "workspace": "clawtui.cli.workspace.commands:workspace",
}


class Program(LazyGroup):
    """The group of all commands. Every error of a command becomes a plain message and an exit status."""

    takes_several_roots = True

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command line. Return its exit status, or raise SystemExit with it in ``standalone_mode``."""
        require_streams()
        run: Callable[..., Any] = super().main
        try:
            status = run(*args, standalone_mode=False, **extra)
        except click.ClickException as error:
            status = report_usage(error)
        except click.Abort:
            status = FAILED
        except OSError as error:
            status = report_lost_output(error)
        if standalone_mode:
            sys.exit(status)
        return status

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Keep the words of the command line for error messages that repeat it."""
        words = list(args)
        context = super().make_context(info_name, args, parent, **extra)
        context.meta[ARGUMENTS] = words
        context.meta["clawtui.announced"] = _ANNOUNCED
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        with plain_endings(
            lambda: ctx.ensure_object(Invocation).changes, lambda: ctx.ensure_object(Invocation).command_line()
        ):
            return super().invoke(ctx)


def _print_version(context: click.Context, parameter: click.Parameter, is_set: bool) -> None:
    if is_set:
        from clawtui.cli.version import version_lines

        Printer().print_lines(version_lines())
        require_output()
        context.exit()


@click.group(
    cls=Program,
    lazy=_COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option("--read-only", is_flag=True, help="Show everything and change nothing.")
@click.option("--read-write", is_flag=True, help="Allow changes where the settings say read-only.")
@click.option(
    "--all",
    "every_root",
    is_flag=True,
    help="Show every root in the settings in one list, or run the command for each.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version, and what else a bug report needs.",
)
@pass_invocation
@click.pass_context
def main(context: click.Context, invocation: Invocation, read_only: bool, read_write: bool, every_root: bool) -> None:
    """A dashboard for the automations of a Clawdbot gateway.

    Without a command it opens the dashboard over the state directory.

    \b
    Examples:
      clawtui demo                    see it over a simulated gateway
      clawtui                         over ~/.openclaw or ~/.clawdbot
      clawtui --root /srv/clawdbot    over another directory
      clawtui --root ssh://gw1 status     on another host, which has clawtui too
      clawtui --root prod --root /srv/b   several roots in one list
      clawtui --all                   every root in the settings, in one list
      clawtui --all status            of every root in the settings
    """
    invocation.read_only = invocation.read_only or read_only
    invocation.read_write = invocation.read_write or read_write
    if every_root:
        if context.invoked_subcommand is None:
            if invocation.roots or invocation.profile is not None:
                raise click.UsageError("--all and --root exclude each other", context)
            sys.exit(_show_list(invocation, ()))
        from clawtui.cli.remote.every_root import run_for_all

        words: list[str] = list(context.meta[ARGUMENTS])
        words.remove("--all")  # the first one: a command has its options after its name
        context.exit(run_for_all(invocation, words))
    if context.invoked_subcommand is not None:
        return
    if len(set(invocation.roots)) > 1:
        sys.exit(_show_list(invocation, invocation.roots))
    sys.exit(_show_dashboard(context, invocation))


def _show_list(invocation: Invocation, named: Sequence[str]) -> int:
    from clawtui.cli.remote.dashboards import show_roots

    return show_roots(invocation, named)


def _show_dashboard(context: click.Context, invocation: Invocation) -> int:
    """Show the dashboard, for one root after another as the operator switches. Return the exit status."""
    while True:
        from clawtui.tui.run import NoTerminal, run_dashboard

        try:
            if (root := invocation.remote_root()) is not None:
                from clawtui.cli.remote.dashboards import show_remote_root

                ended = show_remote_root(invocation, root)
            else:
                chosen = invocation.chosen_root()
                ended = run_dashboard(
                    chosen.paths.root, read_only=invocation.is_read_only(), loaded=invocation.loaded(), chosen=chosen
                )
        except NoTerminal as error:
            say(str(error))
            return FAILED
        if ended.wants_demo and (demo := main.get_command(context, "demo")) is not None:
            context.invoke(demo)
        if ended.next_root is not None:
            invocation.root = ended.next_root
        elif not ended.wants_default:
            return ended.status
