"""``clawtui migrate``: convert documents of an old version to the current one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Block, Line, Paragraph, Piece
from clawtui.cli.framework.output import say
from clawtui.presentation.roles import Role

if TYPE_CHECKING:
    from clawtui.storage.stores.migration import Action, MigrationItem


@click.command(cls=Command)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@json_option
@pass_invocation
def migrate(invocation: Invocation, dry_run: bool, as_json: bool) -> None:
    """Bring documents of an old version to the current one.

    A copy of each file that is rewritten is kept in clawtui's own state directory. A document of an unknown version is
    reported and left unchanged, and the exit status is then 1.

    \b
    Examples:
      clawtui migrate --dry-run
      clawtui migrate --json | jq -r '.items[] | select(.backup).backup'
    """
    from clawtui.model.errors import Invalid
    from clawtui.storage.stores import migration

    if not dry_run:
        invocation.require_changes_allowed()
    paths = invocation.paths()
    items = migration.plan(paths) if dry_run else migration.migrate(paths, invocation.now())
    if as_json:
        invocation.printer.print_json({"dryRun": dry_run, "items": [_row(item) for item in items]})
    else:
        invocation.printer.print_lines(_lines(items))
        current = sum(item.action in ("current", "migrated") for item in items)
        say(f"{current} of {len(items)} documents have the current version")
    left = sum(item.action in ("unknown", "unreadable", "failed") for item in items)
    if left:
        raise Invalid(f"{left} document{'' if left == 1 else 's'} could not be brought to the current version")


_STYLES: dict[Action, Role] = {
    "migrate": "warn",
    "migrated": "ok",
    "current": "dim",
    "unknown": "bad",
    "unreadable": "bad",
    "failed": "bad",
}


def _row(item: MigrationItem) -> dict[str, object]:
    return {
        "path": item.path,
        "version": item.version,
        "action": item.action,
        "message": item.message,
        "backup": item.backup,
    }


def _lines(items: Sequence[MigrationItem]) -> Iterator[Line | Block]:
    """Yield the items that are not at the current version, or were not."""
    for item in items:
        if item.action != "current":
            yield (Piece(item.action, _STYLES[item.action]), f"  {item.path}")
            yield Paragraph(item.message, lead=Piece("  "))
            if item.backup is not None:
                yield (Piece(f"  backup: {item.backup}", "dim"),)
