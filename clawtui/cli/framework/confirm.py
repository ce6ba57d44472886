"""Questions on the terminal, for a command that needs the consent of the operator."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout

import click

from clawtui.model.errors import Refused
from clawtui.model.text.cleaning import clean, displayable


def confirm(question: str, yes: bool) -> None:
    """Ask on the terminal unless ``yes``. Raises Refused if the answer is no, or if there is no terminal."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused(
            "this needs confirmation, and there is no terminal to ask on", hint="Add --yes to do it without a question."
        )
    if not ask_yes(displayable(question)):
        raise Refused("not confirmed, nothing was done")


def confirm_by_name(question: str, name: str, flags: str) -> None:
    """Ask the operator to type ``name`` as it is shown. Raises Refused if they do not, or if there is no terminal.

    ``flags`` are the options that give the same consent without a question, for the message.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        raise Refused(
            "this needs a name to be typed, and there is no terminal to ask on",
            hint=f"Add {flags} to do it without a question.",
        )
    name = clean(name).strip()
    if ask_text(f"{displayable(question)}\nType {name} to do it").strip() != name:
        raise Refused("not confirmed, nothing was done")


def ask_yes(question: str, default: bool = False) -> bool:
    """Return whether the operator agrees; False if they interrupt the question."""
    try:
        with _question_on_stderr():
            return click.confirm(question, default=default, err=True)
    except click.Abort:
        return False


def ask_text(question: str) -> str:
    """Return the text that the operator types; an empty string if they interrupt the question."""
    try:
        with _question_on_stderr():
            answer: str = click.prompt(question, default="", show_default=False, err=True)
            return answer
    except click.Abort:
        return ""


@contextmanager
def _question_on_stderr() -> Iterator[None]:
    """Print the whole question on standard error if standard output is no terminal.

    ``input`` prints the last character of it on standard output, whose reader expects no question and may be gone.
    """
    with nullcontext() if sys.stdout.isatty() else redirect_stdout(sys.stderr):
        yield
