"""``clawtui artifact``: the files that runs make for people to read."""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING

import click

from clawtui.cli.completion import artifact_ids, artifact_names
from clawtui.cli.framework.command import Group, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Column, Table
from clawtui.cli.framework.output import say
from clawtui.cli.framework.streams import print_bytes

if TYPE_CHECKING:
    from clawtui.model.documents.artifact import Artifact


@click.group(cls=Group)
def artifact() -> None:
    """List and print artifacts: reports, patches and other files that runs make."""


@artifact.command("list")
@click.argument("id", required=False, shell_complete=artifact_ids)
@json_option
@pass_invocation
def list_(invocation: Invocation, id: str | None, as_json: bool) -> None:
    """List the artifacts of one automation, or of all.

    If something there cannot be read as an artifact, it is named and the exit status is 1.

    \b
    Examples:
      clawtui artifact list
      clawtui artifact list auto-sync-main-123 --json | jq -r .[].name
    """
    from clawtui.model.text.units import format_bytes
    from clawtui.operations.runs.artifacts import artifact_problems, list_artifacts
    from clawtui.operations.state.incomplete import require_nothing_hidden
    from clawtui.operations.state.names import full_id
    from clawtui.presentation.times import ago

    paths, now = invocation.paths(), invocation.now()
    id = None if id is None else full_id(paths, id)
    found, problems = list_artifacts(paths, id), artifact_problems(paths, id)
    if as_json:
        invocation.printer.print_json([_row(artifact) for artifact in found])
    elif found:
        columns = (
            Column("id", least=12),
            Column("name", least=24),
            Column("size", align="right"),
            Column("modified", align="right"),
        )
        invocation.printer.print_block(
            Table(columns, ((a.automation_id, a.name, format_bytes(a.size), ago(a.modified, now)) for a in found))
        )
    elif not problems:
        say("there are no artifacts")
    require_nothing_hidden(problems)


@artifact.command()
@click.argument("id", shell_complete=artifact_ids)
@click.argument("name", shell_complete=artifact_names)
@json_option
@pass_invocation
def show(invocation: Invocation, id: str, name: str, as_json: bool) -> None:
    """Print one artifact: unchanged, but on a terminal without control characters.

    With --json its content is "text", or "base64" if it is not UTF-8.

    \b
    Examples:
      clawtui artifact show auto-sync-main-123 20250126-103000-conflict-report.md
      clawtui artifact show sync-main 20250126-103000-merge.patch | git apply
    """
    from clawtui.operations.runs.artifacts import read_artifact
    from clawtui.operations.state.names import full_id

    paths = invocation.paths()
    found, data = read_artifact(paths, full_id(paths, id), name)
    if as_json:
        invocation.printer.print_json(_row(found) | _content(data))
    elif sys.stdout.isatty():
        invocation.printer.print_lines([line] for line in data.decode(errors="replace").removesuffix("\n").split("\n"))
    else:
        print_bytes(data)


def _row(artifact: Artifact) -> dict[str, object]:
    return {
        "automationId": artifact.automation_id,
        "name": artifact.name,
        "path": f"artifacts/{artifact.automation_id}/{artifact.name}",
        "size": artifact.size,
        "modified": artifact.modified,
    }


def _content(data: bytes) -> dict[str, object]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}
