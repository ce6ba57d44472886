"""The command ``clawtui serve``, and the command that it runs for each browser."""

from __future__ import annotations

import sys

import click

from clawtui.cli.framework.command import Command
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.output import print_raw, say
from clawtui.cli.serve.origin_guard import OriginGuard, is_loopback

_PORT = 8000


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address or name to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=_PORT, show_default=True, help="The port to listen at.")
@click.option(
    "--allowed-host",
    "allowed_hosts",
    multiple=True,
    metavar="NAME",
    help="Another host name under which browsers may reach this server; may be repeated.",
)
@click.option("--allow-changes", is_flag=True, help="Allow changes to everyone who has the address.")
@pass_invocation
@click.pass_context
def serve(
    context: click.Context,
    invocation: Invocation,
    host: str,
    port: int,
    allowed_hosts: tuple[str, ...],
    allow_changes: bool,
) -> None:
    """Show the dashboard in a browser: by default on this machine only, and read-only.

    The printed address has a token in it, which is new at each start: everyone who has the address sees what you see.
    From another machine, use `ssh -L 9000:localhost:8000 HOST`, and localhost:9000 in the address.

    \b
    Examples:
      clawtui serve
      clawtui serve --port 9000 --allow-changes
      clawtui serve --host 0.0.0.0 --allowed-host gateway.example
    """
    if allow_changes:
        invocation.require_changes_allowed()
    command = served_command(invocation, allow_changes)
    try:
        import asyncio

        from clawtui.cli.serve.listener import addresses, expected_hosts, listen
        from clawtui.cli.serve.server import WebServer
    except ImportError:
        say("this needs an extra that is not installed\nInstall it with: pip install 'clawtui[serve]'")
        context.exit(FAILED)
    sockets = listen(host, port)
    guard = OriginGuard([*expected_hosts(host), *allowed_hosts])
    server = WebServer(command, guard)
    if not is_loopback(host):
        say("the connection is not encrypted: everyone who reads the network traffic sees the token and the dashboard")
    say(f"the dashboard{'' if allow_changes else ', read-only,'} is at this address; Ctrl+C ends it")
    for address in addresses(host, port):
        print_raw(f"{address}/?token={guard.token}", flush=True)
    asyncio.run(server.serve(sockets))


def served_command(invocation: Invocation, allow_changes: bool) -> list[str]:
    """Return the command that is run for each browser."""
    access = "--read-write" if allow_changes else "--read-only"
    root = str(invocation.chosen_root().paths.root)
    return [sys.executable, "-m", "clawtui", access, "--root", root]
