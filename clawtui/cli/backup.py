"""``clawtui export`` and ``clawtui import``: all automations in one document."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clawtui.cli.framework.command import Command, json_option, yes_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Block, Column, Paragraph, Piece, Table
from clawtui.cli.framework.output import Printer, print_raw, say
from clawtui.cli.framework.streams import require_output
from clawtui.presentation.roles import Role

if TYPE_CHECKING:
    from clawtui.storage.stores.backup import Export, ImportItem, OnConflict, Outcome, Secrets

_STANDARD = "-"


@click.command(cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option(
    "--secrets",
    type=click.Choice(["mask", "include"]),
    help="Whether to mask or include passwords, tokens and other secrets; required if there are any.",
)
@click.option("--show-secrets", is_flag=True, hidden=True, help="The same as --secrets include.")
@yes_option
@json_option
@pass_invocation
def export(
    invocation: Invocation, file: str, secrets: Secrets | None, show_secrets: bool, yes: bool, as_json: bool
) -> None:
    """Write all automations to FILE as one document; - is standard output.

    Automations that cannot be read are named and left out, and the exit status is then 1. If there are secrets in them
    and --secrets is missing, nothing is written and the exit status is 3. An export with --secrets mask is no backup:
    an import of it keeps the existing secrets, and refuses an automation for which a secret is missing.

    \b
    Examples:
      clawtui export automations.json
      clawtui export - --secrets mask | less
      clawtui export backup.json --secrets include
    """
    from clawtui.cli.framework.confirm import confirm
    from clawtui.operations.state.maintenance import save_export
    from clawtui.storage.stores.backup import export_automations, write_export

    paths, now = invocation.paths(), invocation.now()
    made = export_automations(paths, now, secrets="include" if show_secrets else secrets)
    if file == _STANDARD:
        print_raw(made.data.decode(), end="")
        _require_written()
    else:
        if Path(file).exists():
            confirm(f"{file} exists already. Replace it?", yes)
        if invocation.is_read_only():  # then nothing but the file is written
            write_export(Path(file).absolute(), made)
        elif unrecorded := save_export(paths, Path(file).absolute(), made, now):
            say(unrecorded)
        _tell_exported(invocation.printer, file, made, as_json)
    _tell_masked(made)
    _require_complete(made)


@click.command("import", cls=Command)
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Check everything, say what would be done, and do nothing.")
@click.option(
    "--on-conflict",
    type=click.Choice(["fail", "skip", "overwrite"]),
    default="fail",
    show_default=True,
    help="What to do with an automation that exists already.",
)
@json_option
@pass_invocation
def import_(invocation: Invocation, file: str, dry_run: bool, on_conflict: OnConflict, as_json: bool) -> None:
    """Import the automations of an export; - is standard input.

    Everything is checked before anything is written. An empty state directory is accepted if --root or the environment
    names it.

    \b
    Examples:
      clawtui import automations.json --dry-run
      clawtui import automations.json --on-conflict skip
      ssh gateway clawtui export - --secrets include | clawtui import -
    """
    from clawtui.model.errors import Unwritable
    from clawtui.operations.state.backup import import_export, read_export, read_piped_export

    if not dry_run:
        invocation.require_changes_allowed()
    paths = invocation.paths(may_be_empty=True)
    data = read_piped_export(sys.stdin.buffer) if file == _STANDARD else read_export(Path(file))
    items = import_export(paths, data, on_conflict, invocation.now(), dry_run=dry_run)
    if as_json:
        invocation.printer.print_json({"dryRun": dry_run, "items": [_row(item) for item in items]})
    elif items:
        invocation.printer.print_lines(_lines(items, dry_run))
    else:
        say("the export has no automations")
    failed = sum(item.outcome == "failed" for item in items)
    if failed:
        raise Unwritable(f"{failed} of {len(items)} automations could not be written")


def _require_written() -> None:
    """Raise Unwritable if standard output did not take the whole export, also if its reader left."""
    from clawtui.model.errors import Unwritable

    try:
        require_output()
    except OSError as error:
        raise Unwritable(f"the export was not read to its end: {(error.strerror or str(error)).lower()}") from None


def _tell_exported(printer: Printer, file: str, made: Export, as_json: bool) -> None:
    if as_json:
        problems = [{"path": problem.path, "message": problem.message} for problem in made.problems]
        printer.print_json({"file": file, "automations": made.ids, "masked": made.masked, "problems": problems})
    else:
        count = len(made.ids)
        say(f"{count} automation{'' if count == 1 else 's'} written to {file}")


def _tell_masked(made: Export) -> None:
    count = len(made.masked)
    if count:
        what = "1 secret is" if count == 1 else f"{count} secrets are"
        say(f"{what} masked in the export, and cannot be restored from it elsewhere\n--secrets include writes them.")


def _require_complete(made: Export) -> None:
    """Raise Unreadable if something is missing in the export."""
    from clawtui.model.errors import Unreadable

    if made.problems:
        left_out = [f"{problem.path}: {problem.message}" for problem in made.problems]
        raise Unreadable("\n".join(["the export is incomplete:", *left_out]))


_WORDS: dict[Outcome, tuple[str, str, Role]] = {
    "create": ("created", "would create", "ok"),
    "overwrite": ("overwritten", "would overwrite", "warn"),
    "skip": ("skipped", "would skip", "dim"),
    "failed": ("failed", "would fail", "bad"),
}


def _row(item: ImportItem) -> dict[str, object]:
    return {"id": item.id, "type": item.type, "outcome": item.outcome, "message": item.message}


def _lines(items: tuple[ImportItem, ...], dry_run: bool) -> Iterator[Block]:

    columns = (Column("outcome"), Column("id", least=16), Column("type", least=8))
    yield Table(
        columns,
        [(Piece(_WORDS[item.outcome][dry_run], _WORDS[item.outcome][2]), item.id, item.type) for item in items],
    )
    for item in items:
        if item.outcome == "failed":
            yield Paragraph(f"{item.id}: {item.message}", "bad")
