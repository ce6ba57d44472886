"""Shell completion: ``clawtui completion``, and the values that a shell offers for the arguments of commands."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clawtui.cli.framework.command import Command
from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.output import print_raw
from clawtui.model.errors import ClawtuiError
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.model.gateway.report import GatewayReport

_VARIABLE = "_CLAWTUI_COMPLETE"

Offer = Callable[[click.Context, click.Parameter, str], list[str]]
"""A function that click calls for the completions of an argument."""


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
    # BashComplete.source starts a bash to check its version, but the script may be for another machine.
    print_raw(ShellComplete.source(completer))


def _completer(
    names: Callable[[StatePaths, click.Context], Iterable[str]],
    of_stock_gateway: Callable[[GatewayReport], Iterable[str]] = lambda report: (),
) -> Offer:
    """Return a completer that offers the ``names`` which begin with the incomplete word; none if they are unreadable.

    bash inserts a completion unquoted, so a name that needs quoting is left out.
    """

    def offer(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        try:
            invocation = context.ensure_object(Invocation)
            report = invocation.gateway_report(per_job=0)
            found = names(invocation.paths(), context) if report is None else of_stock_gateway(report)
            return sorted({name for name in found if name.startswith(incomplete) and shlex.quote(name) == name})
        except (ClawtuiError, OSError):
            return []

    return offer


def _automation_ids(paths: StatePaths, context: click.Context) -> Iterable[str]:
    from clawtui.storage.stores.configurations import AutomationConfigStore

    return (automation.id for automation in AutomationConfigStore(paths).list_automations())


def _workspace_ids(paths: StatePaths, context: click.Context) -> Iterable[str]:
    from clawtui.storage.workspaces.manager import WorkspaceManager

    return WorkspaceManager(paths).list_workspaces()


def _repo_keys(paths: StatePaths, context: click.Context) -> Iterable[str]:
    from clawtui.operations.state.follow_fleet import read_fleet

    locks = read_fleet(paths).locks
    return (lock.value.repo_key if lock.value is not None else lock.path for lock in locks.values())


def _lock_files(report: GatewayReport) -> Iterable[str]:
    return (each.lock.path for each in report.locks)


def _restorable_files(report: GatewayReport) -> Iterable[str]:
    from clawtui.operations.locks.restore import restorable

    return (each.aside.lock for each in restorable(StatePaths(Path(report.state.root)), report.now))


def _restorable_keys(paths: StatePaths, context: click.Context) -> Iterable[str]:
    from clawtui.operations.locks.restore import restorable

    return (each.key for each in restorable(paths, context.ensure_object(Invocation).now()))


def _run_names(paths: StatePaths, context: click.Context) -> Iterable[str]:
    from clawtui.operations.runs.history import list_runs

    id = _typed_id(context)
    return (run.name for run in list_runs(paths, id)) if id is not None else ()


def _artifact_ids(paths: StatePaths, context: click.Context) -> Iterable[str]:
    from clawtui.storage.stores.artifacts import ArtifactStore

    return ArtifactStore(paths).ids()


def _artifact_names(paths: StatePaths, context: click.Context) -> Iterable[str]:
    from clawtui.storage.stores.artifacts import ArtifactStore

    id = _typed_id(context)
    return (artifact.name for artifact in ArtifactStore(paths).list_artifacts(id)) if id is not None else ()


def _typed_id(context: click.Context) -> str | None:
    """Return the argument ``id``. After an option without its value, click has not assigned the arguments yet."""
    id = context.params.get("id") or next(iter(context.args), None)
    return id if isinstance(id, str) else None


automation_ids = _completer(_automation_ids, lambda report: report.state.jobs)
workspace_ids = _completer(_workspace_ids)
repo_keys = _completer(_repo_keys, _lock_files)
"""The locked repositories; a lock that cannot be read has its path."""
restorable_keys = _completer(_restorable_keys, _restorable_files)
"""The repositories whose locks can be restored."""
run_names = _completer(_run_names)
"""The runs of the automation in the argument ``id``."""
artifact_ids = _completer(_artifact_ids)
artifact_names = _completer(_artifact_names)
"""The artifacts of the automation in the argument ``id``."""
