"""Asking before something is done that cannot be undone."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout

import click

from clawtui.model.errors import Refused
from clawtui.model.text.cleaning import clean, displayable


def confirm(question: str, yes: bool) -> None:
    """Asks on the terminal unless ``yes``. Raises Refused where the answer is no, or nobody is there to give one."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused(
            "this asks for confirmation, and there is no terminal to ask on", hint="Add --yes to do it unasked."
        )
    if not ask_yes(displayable(question)):
        raise Refused("not confirmed, nothing was done")


def confirm_by_name(question: str, name: str, flags: str) -> None:
    """Has the operator type ``name``, as it is shown. Raises Refused where they do not, or nobody is there to type.

    ``flags`` say the same unasked.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused(
            "this has a name typed, and there is no terminal to type on", hint=f"Add {flags} to do it unasked."
        )
    name = clean(name).strip()
    if ask_text(f"{displayable(question)}\nType {name} to do it").strip() != name:
        raise Refused("not confirmed, nothing was done")


def ask_yes(question: str, default: bool = False) -> bool:
    """Return whether the operator agrees; False where the answer is broken off."""
    try:
        with _asked_on_stderr():
            return click.confirm(question, default=default, err=True)
    except click.Abort:
        return False


def ask_text(question: str) -> str:
    """Return what the operator types; empty where that is broken off."""
    try:
        with _asked_on_stderr():
            answer: str = click.prompt(question, default="", show_default=False, err=True)
            return answer
    except click.Abort:
        return ""


@contextmanager
def _asked_on_stderr() -> Iterator[None]:
    """Keep the last character of a question, which ``input`` prints, off a standard output that is no terminal.

    What reads that wants no question, and may be gone.
    """
    with nullcontext() if sys.stdout.isatty() else redirect_stdout(sys.stderr):
        yield
