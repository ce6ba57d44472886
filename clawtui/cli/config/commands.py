"""``clawtui config``: print the settings and their path, and check them."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Command, Group, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.output import say
from clawtui.model.text.command_line import ANYWHERE


@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def config(context: click.Context) -> None:
    """Show and check the settings, and the path of their file.

    Without a command it does what `config show` does.
    """
    if context.invoked_subcommand is None:
        context.invoke(show)


@config.command(cls=Command)
@json_option
@pass_invocation
def show(invocation: Invocation, as_json: bool) -> None:
    """Print all settings with their meaning, as TOML; a setting with its default value is a comment.

    \b
    Examples:
      clawtui config show
      clawtui config show > config.toml
    """
    from clawtui.cli.config.view import document_of, plain
    from clawtui.tui.controllers.user.settings_check import headings, usual_keys

    loaded = invocation.loaded()
    if as_json:
        invocation.printer.print_json(plain(loaded.settings))
        return
    invocation.printer.print_lines([line] for line in document_of(loaded.settings, usual_keys(), headings()))
    if loaded.complaint is not None:
        say(loaded.complaint)


@config.command(cls=Command)
@json_option
@pass_invocation
def path(invocation: Invocation, as_json: bool) -> None:
    """Print the path of the settings file, which need not exist.

    \b
    Example:
      $EDITOR "$(clawtui config path)"
    """
    from clawtui.storage.user.settings_file import settings_path

    if as_json:
        invocation.printer.print_json({"path": settings_path()})
    else:
        invocation.printer.print_lines([[str(settings_path())]])


@config.command(cls=Command)
@json_option
@pass_invocation
@click.pass_context
def check(context: click.Context, invocation: Invocation, as_json: bool) -> None:
    """Report the faults in the settings, one a line; the exit status is 1 if there are any.

    \b
    Example:
      clawtui config check
    """
    from clawtui.tui.controllers.user.settings_check import objections

    loaded = invocation.loaded()
    faults = (*loaded.faults, *(loaded.fault(name, message) for name, message in objections(loaded.settings)))
    if as_json:
        invocation.printer.print_json([{"line": fault.line, "message": fault.message} for fault in faults])
    elif loaded.notice is not None:
        say(loaded.notice)
    elif loaded.path is None:
        where = ANYWHERE.hint("config", "path")
        say(f"there is no settings file, so the defaults apply; {where} prints its path")
    elif faults:
        invocation.printer.print_lines([f"{loaded.path}: {fault}"] for fault in faults)
    else:
        say(f"{loaded.path} has no faults")
    if faults:
        context.exit(FAILED)
