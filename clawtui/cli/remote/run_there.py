"""Run a command for a root on another host with the clawtui of that host, and forward its output."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from typing import Final

import click

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.errors import ARGUMENTS
from clawtui.cli.framework.output import pass_on
from clawtui.cli.framework.streams import flush_output, lost_output, print_bytes, write_text
from clawtui.model.errors import Refused
from clawtui.model.text.cleaning import clean_lines
from clawtui.remote.address import RemoteRoot
from clawtui.remote.command import request_for, run_remote

_HERE: Final = frozenset({"agent", "completion", "config", "demo", "man"})
"""Commands that need no root."""

_NEEDS_THIS_HOST: Final = {
    "automation create": "it opens your editor",
    "automation edit": "it opens your editor",
    "config edit": "it opens your editor",
    "dispatcher edit": "it opens your editor",
    "import": "it reads a file",
    "lock run": "it runs a command of this host",
    "serve": "it starts a server on this host",
}


def runs_there(context: click.Context) -> bool:
    """Return whether a command for a remote root runs on its host. Raises Refused if it cannot run on either host."""
    words: list[str] = []
    step: click.Context | None = context
    while step is not None and step.parent is not None:
        words.insert(0, step.info_name or "")
        step = step.parent
    path = " ".join(words)
    if words[0] in _HERE:
        return False
    why = _NEEDS_THIS_HOST.get(path) or ("it writes a file" if context.params.get("output") else None)
    if why is not None:
        raise Refused(f"clawtui {path} cannot be run on another host: {why}", hint="Log in there with ssh, and run it.")
    return True


def run_there(context: click.Context, invocation: Invocation, root: RemoteRoot, *, changes: bool) -> int:
    """Run the command on the host of ``root`` and return its exit status. Raises ClawtuiError."""
    invocation.changes = changes
    if changes and (invocation.read_only or invocation.loaded().settings.read_only) and not invocation.read_write:
        raise Refused("read-only: nothing is changed")
    words: list[str] = context.find_root().meta.get(ARGUMENTS, [])
    request = request_for(root, words, read_only=invocation.read_only)
    status = run_remote(root, request, _writer(), pass_on)
    flush_output()
    return status


def _writer() -> Callable[[bytes], bool]:
    """Return a function that writes output of the other host: cleaned on a terminal, else unchanged."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(data: bytes) -> bool:
        if sys.stdout.isatty():
            write_text(clean_lines(decoder.decode(data)))
        else:
            print_bytes(data)
        flush_output()
        return lost_output() is None

    return write
