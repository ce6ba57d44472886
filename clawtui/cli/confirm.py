"""Asking before something is done that cannot be undone."""

from __future__ import annotations

import sys

import click

from clawtui.model.text import clean
from clawtui.storage.errors import Refused


def confirm(question: str, yes: bool) -> None:
    """Asks on the terminal unless ``yes``. Raises Refused where the answer is no, or nobody is there to give one."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused("this asks for confirmation, and there is no terminal to ask on\nAdd --yes to do it unasked.")
    try:
        confirmed = click.confirm(clean(question), err=True)
    except click.Abort:
        confirmed = False
    if not confirmed:
        raise Refused("not confirmed, nothing was done")


def confirm_by_name(question: str, name: str, flags: str) -> None:
    """Has the operator type ``name``, as it is shown. Raises Refused where they do not, or nobody is there to type.

    ``flags`` say the same unasked.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused(f"this has a name typed, and there is no terminal to type on\nAdd {flags} to do it unasked.")
    name = clean(name).strip()
    try:
        typed = click.prompt(f"{clean(question)}\nType {name} to do it", default="", show_default=False, err=True)
    except click.Abort:
        typed = ""
    if typed.strip() != name:
        raise Refused("not confirmed, nothing was done")
