"""``clawtui audit``: what was done, and by whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from clawtui.cli.framework.command import Command, json_option
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.layout import Block, Column, Line, Paragraph, Piece, Table
from clawtui.cli.framework.output import say
from clawtui.cli.logs.options import since as since_option
from clawtui.presentation.roles import Role
from clawtui.presentation.times import local_second

if TYPE_CHECKING:
    from clawtui.operations.user.audit_history import AuditedAct

_ROLES: dict[str, Role] = {"done": "ok", "refused": "dim", "changed": "warn", "unfinished": "warn"}


@click.command(cls=Command)
@click.option("--since", callback=since_option, metavar="WHEN", help="Since then: 2h, 7d, or 2025-01-26T10:30.")
@click.option("--limit", "-n", type=click.IntRange(min=1), metavar="N", help="The last N acts.")
@click.option("--every-root", is_flag=True, help="Your own acts on every state directory.")
@click.option("--act", metavar="ID", help="What became of one act that was asked for from another host, by its id.")
@json_option
@pass_invocation
def audit(
    invocation: Invocation, since: datetime | None, limit: int | None, every_root: bool, act: str | None, as_json: bool
) -> None:
    """Show what was done with clawtui and by whom, oldest first.

    Releases and restores of locks, slots that were freed, changes to automations. Your own acts are in your own audit
    file, with their verdict and outcome. What others did is taken from the dispatcher's log: its newest, or with
    --since all from then on.

    With --act the outcome of one act, whose id a dashboard printed at its end because the connection had broken. One
    that has not arrived is withdrawn by this: it is not done if it still arrives. Exit status 0: it was done. 3, 4, 5:
    it was refused, the thing had changed, it has not arrived; nothing was done. 1: anything else.

    \b
    Examples:
      clawtui audit
      clawtui audit --since 7d --json | jq '.[] | select(.event == "lock-release")'
      clawtui audit --every-root --limit 20
      clawtui --root work audit --act 0f3b9c5de1a24f0b8b8c6e0a4f1d2c3b
    """
    if act is not None:
        from clawtui.cli.remote.unknown_acts import show_act

        show_act(invocation, act, as_json=as_json)
        return
    from clawtui.operations.user.audit_history import audited_acts

    acts = audited_acts(None if every_root else invocation.paths(), since)
    if limit is not None:
        acts = acts[-limit:]
    if as_json:
        invocation.printer.print_json([_row(act) for act in acts])
    elif acts:
        invocation.printer.print_lines(_lines(acts))
    else:
        say("nothing is on record" if every_root else "nothing was done here, as far as is on record")


def _row(act: AuditedAct) -> dict[str, object]:
    return {
        "timestamp": act.at,
        "event": act.event,
        "subject": act.subject,
        "outcome": act.outcome,
        "by": act.by,
        "message": act.message,
        "verdict": act.verdict,
        "consent": act.consent,
        "facts": act.facts,
        "id": act.id,
        "root": act.root,
        "path": act.path,
        "source": act.source,
    }


def _lines(acts: Sequence[AuditedAct]) -> Iterator[Line | Block]:
    columns = [
        Column("time"),
        Column("act"),
        Column("subject", least=12),
        Column("outcome"),
        Column("by", least=8),
    ]
    rows: list[list[Piece | str]] = [
        [
            Piece(local_second(act.at), "dim"),
            act.event,
            act.subject,
            Piece(act.outcome, _ROLES.get(act.outcome, "bad")),
            act.by or "unknown",
        ]
        for act in acts
    ]
    yield Table(columns, rows)
    for act in acts:
        if act.message:
            yield Paragraph(act.message, "dim", Piece(f"{local_second(act.at)}  ", "dim"), 30)
