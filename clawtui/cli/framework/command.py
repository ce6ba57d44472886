"""Commands and groups as clawtui has them."""

from __future__ import annotations

from typing import Any

import click

from clawtui.cli.framework.context import Invocation
from clawtui.model.paths import is_plain_component

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
"""``--json``, for each command that shows something; the command gets ``as_json``."""


def _keep_show_secrets(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.ensure_object(Invocation).show_secrets = True


def _show_secrets_option() -> click.Option:
    return click.Option(
        ["--show-secrets"],
        is_flag=True,
        callback=_keep_show_secrets,
        expose_value=False,
        is_eager=True,
        help="Do not mask passwords, tokens and their like.",
    )


yes_option = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")

_WHOLE = 500
"""Characters of help that no first sentence has."""


def _keep_root(context: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Invocation).root = value


def _root_option() -> click.Option:
    """Is kept in the Invocation; the last one that is given counts, wherever it stands."""
    return click.Option(
        ["--root"],
        metavar="DIR|NAME",
        callback=_keep_root,
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
    context.ensure_object(Invocation).profile = value


def _profile_option() -> click.Option:
    return click.Option(
        ["--profile"],
        metavar="NAME",
        callback=_keep_profile,
        expose_value=False,
        help="The gateway's profile: its state directory is ~/.openclaw-NAME. --root wins.",
    )


def _keep_read_only(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted:
        context.ensure_object(Invocation).read_only = True


def _read_only_option() -> click.Option:
    """As before the command: whoever thinks of it late means it no less."""
    return click.Option(["--read-only"], is_flag=True, hidden=True, callback=_keep_read_only, expose_value=False)


class Command(click.Command):
    """A command that takes ``--root`` too; one that ``changes`` things is refused under ``--read-only``."""

    def __init__(self, *args: Any, changes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [_root_option(), _profile_option(), _read_only_option()]
        names = {param.name for param in self.params}
        if "as_json" in names and "show_secrets" not in names:
            self.params.append(_show_secrets_option())
        self.changes = changes

    def invoke(self, ctx: click.Context) -> Any:
        """Runs it. Raises Refused."""
        if self.changes:
            ctx.ensure_object(Invocation).require_changes_allowed()
        return super().invoke(ctx)


class Group(click.Group):
    """The commands of one noun; takes ``--root`` as they do."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [_root_option(), _profile_option()]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each command with the whole first sentence of its help, on as many lines as that takes."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=_WHOLE)) for name, command in commands if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)
