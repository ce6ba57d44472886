"""The automations that a command acts on: by id, by a part of one, by path, or by a pattern."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, TypeVar

import click

from clawtui.cli.completion import automation_ids
from clawtui.cli.framework.output import say
from clawtui.model.errors import ClawtuiError, NoSuch, Refused

if TYPE_CHECKING:
    from clawtui.cli.framework.context import Invocation
    from clawtui.model.fleet import Automation
    from clawtui.storage.paths import StatePaths

T = TypeVar("T")

ids_argument = click.argument("ids", metavar="ID...", nargs=-1, shell_complete=automation_ids)
match_option = click.option(
    "--match", "glob", metavar="GLOB", help="Every automation whose id matches, such as 'sync-*'."
)


def choose(
    paths: StatePaths, names: Sequence[str], glob: str | None, *, takes_parts: bool = True
) -> tuple[Automation, ...]:
    """Return the automations that are named or match, each once. Print which one a part of an id means.

    Without ``takes_parts`` a part is refused. Raises click.UsageError without a name and a pattern; NoSuch, Refused,
    Unreadable before anything is done.
    """
    from clawtui.operations.state.automations import find_automation
    from clawtui.operations.state.names import automation_ids as known_ids
    from clawtui.operations.state.names import full_id

    if not names and glob is None:
        raise click.UsageError("Missing argument 'ID', or --match GLOB.")
    ids = []
    for name in names:
        id = full_id(paths, name)
        if id != name and not takes_parts:
            raise Refused(f"“{name}” is only a part of “{id}”; nothing was done", hint="Name it whole.")
        if id != name:
            say(f"“{name}” is taken for {id}")
        ids.append(id)
    if glob is not None:
        found = sorted(id for id in known_ids(paths) if fnmatchcase(id, glob))
        if not found:
            raise NoSuch(f"no automation's id matches “{glob}”")
        ids += found
    by_path = {each.config.path: each for each in (find_automation(paths, name) for name in dict.fromkeys(ids))}
    return tuple(by_path.values())


def paths_for(invocation: Invocation, names: Sequence[str]) -> StatePaths:
    """Return the paths of the state directory; on a stock gateway's the refusal has its own command for the first name.

    Raises NoSuch, Refused as ``Invocation.paths`` does.
    """
    click.get_current_context().params["id"] = next(iter(names), None)
    return invocation.paths()


def act_on_each(automations: Sequence[Automation], act: Callable[[Automation], T]) -> tuple[list[T], int]:
    """Call ``act`` for each automation; return the results of those that succeeded, and the exit status.

    A failure does not stop the others: its error is printed, and the status is that of the first error. With a single
    automation its error is raised.
    """
    from clawtui.cli.framework.errors import DONE, exit_status

    if len(automations) == 1:
        return [act(automations[0])], DONE
    results, status = [], DONE
    for automation in automations:
        try:
            results.append(act(automation))
        except ClawtuiError as error:
            say(f"{automation.id}: {error}")
            status = status or exit_status(error)
    return results, status


def is_one(names: Sequence[str], glob: str | None) -> bool:
    """Return whether a single automation is named, so that ``--json`` prints an object, not a list."""
    return len(names) == 1 and glob is None


def require_one_for_version(automations: Sequence[Automation], if_match: str | None) -> None:
    """Raise click.UsageError for ``--if-match`` with several automations: a fingerprint is of one file."""
    if if_match is not None and len(automations) != 1:
        raise click.UsageError("--if-match goes with one automation.")
