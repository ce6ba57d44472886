"""``clawtui``: alone it opens the dashboard, with a command it does that."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def _prepare_process() -> None:
    """Make this process start fast: called before the first import, and only where clawtui is the program.

    What is imported stays. To look for garbage among it, as Python does after every 700 new objects and three times
    at its end, takes a third of the time in which a command is done or the dashboard is up. And pydantic would look
    whether plugins for it are installed: that loads importlib.metadata and e-mail parsing, and takes as long as
    reading a hundred documents. Its own switch is an environment variable, which our children would inherit, and
    loads them all the same.
    """
    gc.set_threshold(200_000, 10, 10)
    atexit.register(gc.freeze)
    no_plugins = ModuleType("pydantic.plugin._loader")
    vars(no_plugins)["get_plugins"] = tuple
    sys.modules.setdefault(no_plugins.__name__, no_plugins)


_prepare_process()

import click  # noqa: E402

from clawtui.cli.framework.context import Invocation, pass_invocation  # noqa: E402
from clawtui.cli.framework.errors import ARGUMENTS, FAILED, plain_endings, require_streams, tell_unwritten, tell_usage  # noqa: E402
from clawtui.cli.framework.lazy_group import LazyGroup  # noqa: E402
from clawtui.cli.framework.output import Printer, say  # noqa: E402
from clawtui.cli.framework.streams import require_output  # noqa: E402

_COMMANDS = {
    "artifact": "clawtui.cli.artifact:artifact",
    "automation": "clawtui.cli.automation.commands:automation",
    "config": "clawtui.cli.config.commands:config",
    "completion": "clawtui.cli.completion:completion",
    "demo": "clawtui.demo.command:demo",
    "doctor": "clawtui.cli.doctor.commands:doctor",
    "export": "clawtui.cli.backup:export",
    "import": "clawtui.cli.backup:import_",
    "lock": "clawtui.cli.lock.commands:lock",
    "man": "clawtui.cli.man:man",
    "logs": "clawtui.cli.logs.commands:logs",
    "migrate": "clawtui.cli.migrate:migrate",
    "progress": "clawtui.cli.run.progress:progress",
    "prune": "clawtui.cli.prune:prune",
    "run": "clawtui.cli.run.commands:run",
    "serve": "clawtui.cli.serve.command:serve",
    "slot": "clawtui.cli.slot.commands:slot",
    "status": "clawtui.cli.status:status",
    "workspace": "clawtui.cli.workspace.commands:workspace",
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
        except OSError as error:
            status = tell_unwritten(error)
        if standalone_mode:
            sys.exit(status)
        return status

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Keep the words of the command line, for errors that name it."""
        words = list(args)
        context = super().make_context(info_name, args, parent, **extra)
        context.meta[ARGUMENTS] = words
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command that was named."""
        with plain_endings(
            lambda: ctx.ensure_object(Invocation).changes, lambda: ctx.ensure_object(Invocation).command_line()
        ):
            return super().invoke(ctx)


def _tell_version(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
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
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_tell_version,
    help="Print the version, and what a report of a fault needs besides.",
)
@pass_invocation
@click.pass_context
def main(context: click.Context, invocation: Invocation, read_only: bool, read_write: bool) -> None:
    """A dashboard for the automations of a Clawdbot gateway.

    Without a command it opens the dashboard over the state directory.

    \b
    Examples:
      clawtui demo                    see it over a simulated gateway
      clawtui                         over ~/.clawdbot
      clawtui --root /srv/clawdbot    over another directory
    """
    invocation.read_only = invocation.read_only or read_only
    invocation.read_write = invocation.read_write or read_write
    if context.invoked_subcommand is not None:
        return
    sys.exit(_show_dashboard(context, invocation))


def _show_dashboard(context: click.Context, invocation: Invocation) -> int:
    """Shows one root after the other, as the operator goes from one to the next; the exit status."""
    from clawtui.tui.run import NoTerminal, run_dashboard

    while True:
        chosen = invocation.chosen_root()
        try:
            ended = run_dashboard(
                chosen.paths.root, read_only=invocation.is_read_only(), loaded=invocation.loaded(), chosen=chosen
            )
        except NoTerminal as error:
            say(str(error))
            return FAILED
        if ended.wants_demo and (demo := main.get_command(context, "demo")) is not None:
            context.invoke(demo)
        if ended.next_root is None:
            return ended.status
        invocation.root = ended.next_root
