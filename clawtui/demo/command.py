"""``clawtui demo``: the dashboard over a simulated gateway, in a directory that is removed at the end."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from clawtui.demo.gateway_process import GatewayFailed, GatewayProcess
from clawtui.demo.home import NotOurs, kept_home, make_temporary, remove_home, temporary_name
from clawtui.demo.seed.fleet_spec import DEFAULT_AUTOMATIONS, MIN_AUTOMATIONS

FAILED = 1
REFUSED = 3

_MOST = 500
_ENDING = (signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 100),
    default=1.0,
    show_default=True,
    help="The speed, compared with a real gateway.",
)
@click.option(
    "--automations",
    type=click.IntRange(MIN_AUTOMATIONS, _MOST),
    default=DEFAULT_AUTOMATIONS,
    show_default=True,
    help="How many automations there are.",
)
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Use DIR and keep it. It must be new, empty, or of an earlier demo, which is started again.",
)
@click.option(
    "--kind",
    type=click.Choice(["design", "openclaw"]),
    default="design",
    show_default=True,
    help="The kind of gateway: one with the files of the storage design, or a stock OpenClaw with its database.",
)
@click.option("--seed", type=int, hidden=True, help="Makes the same runs every time.")
@click.pass_context
def demo(
    context: click.Context, speed: float, automations: int, keep: Path | None, kind: str, seed: int | None
) -> None:
    """See the dashboard at work over a simulated gateway.

    The gateway runs in a temporary directory, clones small repositories with real git, and never leaves
    this machine. When the dashboard ends, so do the gateway and its directory.

    \b
    Example:
      clawtui demo --speed 5 --keep /tmp/clawdbot
      clawtui demo --kind openclaw
    """
    from clawtui.tui.run import NoTerminal, require_terminal, run_dashboard

    try:
        require_terminal()
    except NoTerminal as error:
        _fail(error, FAILED)
    arguments = [f"--speed={speed}"]
    module = "clawtui.demo.openclaw.main"
    if kind == "design":
        module = "clawtui.demo.gateway.main"
        arguments.append(f"--automations={automations}")
        arguments += [f"--seed={seed}"] if seed is not None else []
    if not context.meta.get("clawtui.announced"):
        click.echo("Starting the simulated gateway …", err=True)
    with ExitStack() as cleanup:
        with _signals_exit():
            home = _start_gateway(cleanup, keep, arguments, module)
        sys.exit(run_dashboard(home, demo=True).status)


def _start_gateway(cleanup: ExitStack, keep: Path | None, arguments: list[str], module: str) -> Path:
    """Start the gateway and return its directory; ``cleanup`` ends the gateway and removes a temporary directory."""
    try:
        if keep is None:
            home = temporary_name()
            cleanup.callback(remove_home, home)
            make_temporary(home)
            arguments = [*arguments, "--temporary"]
        else:
            home = kept_home(keep)
        cleanup.enter_context(GatewayProcess(home, arguments, module))
    except NotOurs as error:
        _fail(error, REFUSED)
    except (GatewayFailed, OSError) as error:
        _fail(error, FAILED)
    return home


@contextmanager
def _signals_exit() -> Iterator[None]:
    """Turn signals that would end this process at once into SystemExit, until the dashboard runs.

    After that, the gateway ends itself and removes a temporary directory if this process is killed.
    """

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    handled = [number for number in _ENDING if signal.getsignal(number) == signal.SIG_DFL]
    for number in handled:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


def _fail(error: Exception, status: int) -> NoReturn:
    click.echo(f"clawtui: {error}", err=True)
    sys.exit(status)
