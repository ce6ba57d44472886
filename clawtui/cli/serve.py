"""``clawtui serve``: the dashboard in a browser, as an extra."""

from __future__ import annotations

import ipaddress
import shlex
import sys

import click

from clawtui.cli.command import Command
from clawtui.cli.context import Invocation, pass_invocation
from clawtui.cli.errors import FAILED
from clawtui.cli.output import say

_PORT = 8000


@click.command(cls=Command)
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens, as browsers reach it.")
@click.option("--port", type=click.IntRange(1, 65535), default=_PORT, show_default=True, help="And the port.")
@click.option("--allow-changes", is_flag=True, help="Let whoever opens it change things.")
@pass_invocation
@click.pass_context
def serve(context: click.Context, invocation: Invocation, host: str, port: int, allow_changes: bool) -> None:
    """Show the dashboard in a browser: on this machine only and read-only, unless told otherwise.

    There is no password: whoever reaches the port sees what you see.

    \b
    Examples:
      clawtui serve
      clawtui serve --port 9000 --allow-changes
    """
    if allow_changes:
        invocation.require_changes_allowed()
    try:
        from textual_serve.server import Server

        from clawtui.cli.own_pages import guard
    except ImportError:
        say("this needs an extra that is not installed\nInstall it with: pip install 'clawtui[serve]'")
        context.exit(FAILED)
    if not is_loopback(host):
        may = "sees this and may change it" if allow_changes else "sees this"
        say(f"whoever reaches {host}:{port} {may}: no password is asked")
    server = Server(served_command(invocation, allow_changes), host=host, port=port, title="clawtui")
    guard(server, port, loopback=is_loopback(host))
    server.serve()


def served_command(invocation: Invocation, allow_changes: bool) -> str:
    """What runs for each who opens the page, as a shell takes it."""
    words = [sys.executable, "-m", "clawtui", "--read-write" if allow_changes else "--read-only"]
    words += ["--root", str(invocation.chosen_root().paths.root)]
    return shlex.join(words)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
