"""What the shell offers for arguments: ids, repositories, runs and artifacts that are there."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable

import click

from clawtui.cli.framework.context import Invocation
from clawtui.model.errors import StorageError
from clawtui.storage.paths import StatePaths

Offer = Callable[[click.Context, click.Parameter, str], list[str]]
"""What click asks for completions."""


def _offering(names: Callable[[StatePaths, click.Context], Iterable[str]]) -> Offer:
    """Those of ``names`` that begin as the word on the command line does; none where they cannot be read.

    bash puts a completion on the command line as it is: a name that a shell would read as more than a word is left out.
    """

    def offer(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        try:
            found = names(context.ensure_object(Invocation).paths(), context)
            return sorted({name for name in found if name.startswith(incomplete) and shlex.quote(name) == name})
        except (StorageError, OSError):
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


def _set_aside(paths: StatePaths, context: click.Context) -> Iterable[str]:
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
    """The argument ``id``; behind an option that has no value yet, click has not come to telling what is what."""
    id = context.params.get("id") or next(iter(context.args), None)
    return id if isinstance(id, str) else None


automation_ids = _offering(_automation_ids)
workspace_ids = _offering(_workspace_ids)
repo_keys = _offering(_repo_keys)
"""The repositories that are locked; of a lock that cannot be read, its path."""
set_aside = _offering(_set_aside)
"""The repositories whose locks can be restored."""
run_names = _offering(_run_names)
"""The runs of the automation that the argument ``id`` names."""
artifact_ids = _offering(_artifact_ids)
artifact_names = _offering(_artifact_names)
"""The artifacts of the automation that the argument ``id`` names."""
