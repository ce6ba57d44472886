"""Asking before something is done that cannot be undone."""

from __future__ import annotations

import sys

import click

from clawtui.storage.errors import Refused


def confirm(question: str, yes: bool) -> None:
    """Asks on the terminal unless ``yes``. Raises Refused where the answer is no, or nobody is there to give one."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused("this asks for confirmation, and there is no terminal to ask on\nAdd --yes to do it unasked.")
    try:
        confirmed = click.confirm(question, err=True)
    except click.Abort:
        confirmed = False
    if not confirmed:
        raise Refused("not confirmed, nothing was done")
