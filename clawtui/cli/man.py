"""``clawtui man``: the manual page, made from the help texts of the commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import click

from clawtui import __version__
from clawtui.cli.framework.command import Command
from clawtui.cli.framework.output import print_raw

_ENDINGS: Final = (
    ("0", "done"),
    ("1", "failed, or something wrong was found"),
    ("2", "the command line is wrong"),
    ("3", "refused; the message says why"),
    ("4", "something else changed it in the meantime; nothing was done"),
    ("5", "not found"),
)
_FILES: Final = (
    ("~/.openclaw, ~/.clawdbot", "the state directory, unless --root or a variable names another"),
    ("~/.config/clawtui/config.toml", "the settings; clawtui config prints all of them with their meaning"),
    ("~/.local/state/clawtui/", "the audit trail of releases, the layout of the dashboard, what was copied last"),
)
_VARIABLES: Final = (
    ("OPENCLAW_STATE_DIR, CLAWDBOT_STATE_DIR", "the state directory; the first one that is set counts"),
    ("NO_COLOR", "no colours, if it is set and not empty"),
    ("EDITOR, VISUAL, PAGER", "the programs that the keys e and v open"),
)


@click.command(cls=Command)
@click.pass_context
def man(context: click.Context) -> None:
    """Print the manual page, for man(1).

    \b
    Examples:
      clawtui man | man -l -
      clawtui man > ~/.local/share/man/man1/clawtui.1
    """
    print_raw("\n".join(page(context.find_root())))


def page(context: click.Context) -> Iterator[str]:
    """Yield the lines of the page, in roff."""
    program = context.command
    yield f'.TH CLAWTUI 1 "" "clawtui {__version__}" "User Commands"'
    yield ".SH NAME"
    yield _text("clawtui - a dashboard for the automations of a Clawdbot gateway")
    yield ".SH SYNOPSIS"
    yield r".B clawtui"
    yield r"[\fIOPTION\fR]... [\fICOMMAND\fR [\fIARGUMENT\fR]...]"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(program.help or "")
    yield ".SH OPTIONS"
    yield from _options(program, context)
    yield ".SH COMMANDS"
    yield from _commands(program, context, "clawtui")
    for heading, rows in (("EXIT STATUS", _ENDINGS), ("ENVIRONMENT", _VARIABLES), ("FILES", _FILES)):
        yield f".SH {heading}"
        for name, meaning in rows:
            yield from _tagged(name, meaning)


def _commands(group: click.Command, context: click.Context, called: str) -> Iterator[str]:
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        below = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, below, f"{called} {name}")
            if command.epilog:
                yield f".SS {_text(f'{called} {name}: {command.get_short_help_str(limit=100)}')}"
                yield from _paragraphs(command.epilog)
            continue
        yield f".SS {_text(' '.join([f'{called} {name}', *command.collect_usage_pieces(below)]))}"
        yield from _paragraphs(command.help or "")
        yield from _options(command, below)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        is_repeated = context.parent is not None and parameter.name in ("root", "help")
        if record is not None and record[1] and not is_repeated:
            yield from _tagged(*record)


def _tagged(name: str, meaning: str) -> Iterator[str]:
    yield ".TP"
    yield rf"\fB{_text(name)}\fR"
    yield _text(meaning)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield a help text of click: blank lines separate paragraphs, and one that begins with \\b keeps its lines."""
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        lines = paragraph.strip("\n").splitlines()
        yield ".PP"
        if lines and lines[0].strip() == "\b":
            yield ".nf"
            yield from (_text(line) for line in lines[1:])
            yield ".fi"
        else:
            yield _text(" ".join(line.strip() for line in lines))


def _text(text: str) -> str:
    """Return ``text`` escaped for roff."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{escaped}" if escaped.startswith((".", "'")) else escaped
