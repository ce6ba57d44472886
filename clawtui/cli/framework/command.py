"""The classes of commands and groups, and the options that many commands have."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Literal

import click

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.waiting import waits_reported
from clawtui.model.paths import is_plain_component

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
"""``--json``, for a command that shows something; the command gets ``as_json``."""


_Flag = Literal["show_secrets", "is_wide", "read_only"]
"""An attribute of the Invocation that a flag sets."""


def _flag_option(name: str, attribute: _Flag, help: str | None = None, *, is_eager: bool = False) -> click.Option:
    """Return a flag that is kept in an attribute of the Invocation; without ``help`` it is hidden."""

    def keep(context: click.Context, option: click.Parameter, is_set: bool) -> None:
        if is_set:
            setattr(context.ensure_object(Invocation), attribute, True)

    hidden = help is None
    return click.Option(
        [name], is_flag=True, hidden=hidden, callback=keep, expose_value=False, is_eager=is_eager, help=help
    )


def _show_secrets_option() -> click.Option:
    help = "Show passwords, tokens and other secrets."
    return _flag_option("--show-secrets", "show_secrets", help, is_eager=True)


def _wide_option() -> click.Option:
    return _flag_option("--wide", "is_wide", "Cut and wrap nothing on a terminal, as in a pipe.", is_eager=True)


yes_option = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")

_NO_LIMIT = 500
"""A limit in characters above the length of any first sentence of a help text."""


def _keep_root(context: click.Context, option: click.Parameter, value: str | None) -> None:
    invocation = context.ensure_object(Invocation)
    if value is not None and not invocation.fixed_root:
        invocation.root = value


def _keep_roots(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> None:
    invocation = context.ensure_object(Invocation)
    if values and not invocation.fixed_root:
        invocation.root, invocation.roots = values[-1], values


def _root_option(*, several: bool = False) -> click.Option:
    """Return ``--root``, which is kept in the Invocation. If it is given several times, the last one counts.

    With ``several`` all are kept, for the list of several roots.
    """
    return click.Option(
        ["--root"],
        metavar="DIR|NAME|ssh://HOST/DIR",
        multiple=several,
        callback=_keep_roots if several else _keep_root,
        expose_value=False,
        type=click.Path(),
        help="The state directory, which holds automations/, or its name in the settings. "
        "Default: $OPENCLAW_STATE_DIR, $CLAWDBOT_STATE_DIR, ~/.openclaw, ~/.clawdbot.",
    )


def _keep_profile(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is None:
        return
    if not is_plain_component(value):
        raise click.BadParameter("a profile's name has no / in it", context, option)
    invocation = context.ensure_object(Invocation)
    if not invocation.fixed_root:
        invocation.profile = value


def _profile_option() -> click.Option:
    return click.Option(
        ["--profile"],
        metavar="NAME",
        callback=_keep_profile,
        expose_value=False,
        help="The gateway's profile: its state directory is ~/.openclaw-NAME. --root wins.",
    )


def _read_only_option() -> click.Option:
    """Return ``--read-only``, so that it may also follow the command."""
    return _flag_option("--read-only", "read_only")


class Command(click.Command):
    """A command that takes ``--root``. One that ``changes`` something is refused under ``--read-only``."""

    def __init__(self, *args: Any, changes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [_root_option(), _profile_option(), _read_only_option()]
        names = {param.name for param in self.params}
        if "as_json" in names and "show_secrets" not in names:
            self.params.append(_show_secrets_option())
        if "as_json" in names:
            self.params.append(_wide_option())
        self.changes = changes

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command. Raises Refused if it changes something and that is not allowed."""
        invocation = ctx.ensure_object(Invocation)
        if (root := invocation.remote_root()) is not None:
            from clawtui.cli.remote.run_there import run_there, runs_there

            if runs_there(ctx):
                ctx.exit(run_there(ctx, invocation, root, changes=self.changes))
        if self.changes:
            invocation.require_changes_allowed()
        with waits_reported():
            return super().invoke(ctx)


class Group(click.Group):
    """The commands of one noun; takes ``--root`` as each of them does."""

    command_class = Command
    takes_several_roots = False
    """Whether ``--root`` may be given several times."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [_root_option(several=self.takes_several_roots), _profile_option()]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the named command; for an unknown name, raise an error with the similar names."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from clawtui.model.search.names import did_you_mean

            message = error.format_message()
            question = did_you_mean(args[0], self.list_commands(ctx)) if args else None
            if question is None or "Did you mean" in message:  # later versions of click ask it themselves
                raise
            raise click.UsageError(f"{message} {question}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with the whole first sentence of its help."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, command.get_short_help_str(limit=_NO_LIMIT)) for name, command in commands if command is not None
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class LazyGroup(Group):
    """A group that imports a command when it is needed. ``lazy`` maps the name to ``module:attribute``."""

    def __init__(self, *args: Any, lazy: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = dict(lazy)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in alphabetical order."""
        return sorted([*super().list_commands(ctx), *self._lazy])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, imported if it is a lazy one; None for an unknown name."""
        place = self._lazy.get(cmd_name)
        if place is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = place.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{place} is no command")
        return command
