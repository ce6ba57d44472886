"""``clawtui completion``: the script that makes a shell complete our commands, ids and files."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Command
from clawtui.cli.framework.output import print_raw

_VARIABLE = "_CLAWTUI_COMPLETE"


@click.command(cls=Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script of a shell.

    \b
    Examples:
      clawtui completion bash > ~/.local/share/bash-completion/completions/clawtui
      clawtui completion zsh  > "${fpath[1]}/_clawtui"
      clawtui completion fish > ~/.config/fish/completions/clawtui.fish
    """
    from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

    kinds: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    completer = kinds[shell](context.find_root().command, {}, "clawtui", _VARIABLE)
    # BashComplete's own way starts a bash to see how old it is; the script may be for another machine.
    print_raw(ShellComplete.source(completer))
