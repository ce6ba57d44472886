"""``clawtui agent``: the other end of a connection, which runs one command for a clawtui on another host."""

from __future__ import annotations

import platform
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

import click

from clawtui import __version__
from clawtui.cli.framework.command import Command
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.streams import flush_output, require_output, write_text
from clawtui.model.errors import NoSuch
from clawtui.model.text.cleaning import clean
from clawtui.model.text.command_line import read_elsewhere
from clawtui.storage.roots import called_by_caller


@click.command(cls=Command, hidden=True)
@click.argument("request")
@pass_invocation
def agent(invocation: Invocation, request: str) -> None:
    """Run one command for a clawtui on another host, or keep its dashboard current; it starts this over ssh.

    REQUEST is made by that clawtui. It is not for people, and has no stable form.
    """
    from clawtui.cli.main import main
    from clawtui.remote.request import decode, greeting  # not loaded by a help text, for which all commands are

    options = decode(request)
    if not sys.stdout.isatty():  # the dashboard is for a person
        write_text(greeting(options.nonce, __version__) + "\n")
        flush_output()
        require_output()
    inner = Invocation(root=options.root, read_only=options.read_only, fixed_root=True, clock=invocation.clock)
    root: Path | None = None
    with suppress(NoSuch):  # the command says so, where it needs a root
        root = inner.chosen_root().paths.root
    with ExitStack() as stack:
        if options.called is not None:  # an older caller takes the texts of this host
            stack.enter_context(read_elsewhere(clean(platform.node())))
        if root is not None:
            stack.enter_context(called_by_caller(root, options.called))
        if options.serve:
            from clawtui.remote.agent.serving import Agent

            paths, quiet_after = inner.chosen_root().paths, inner.loaded().settings.quiet_after
            why_no_acts = inner.why_read_only()
            agent_there = Agent(paths, invocation.clock, __version__, sys.stdout.fileno(), quiet_after, why_no_acts)
            agent_there.serve(sys.stdin.fileno())
            return
        sys.exit(main.main(list(options.words), prog_name="clawtui", standalone_mode=False, obj=inner))
