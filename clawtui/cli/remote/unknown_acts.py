"""Acts on another host whose outcome was unknown when the dashboard ended, and the look-up of one by its id."""

from __future__ import annotations

import re
import sys
from typing import Final

import click

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.errors import CHANGED, DONE, FAILED, NO_SUCH, REFUSED
from clawtui.cli.framework.layout import Piece
from clawtui.cli.framework.output import say
from clawtui.live.source import Source
from clawtui.model.text.cleaning import clean_lines
from clawtui.model.text.command_line import CommandLine
from clawtui.presentation.times import local_second
from clawtui.remote.messages.acts import ActOutcome, State

_STATUS: Final[dict[State, int]] = {
    "done": DONE,
    "refused": REFUSED,
    "changed": CHANGED,
    "no-such": NO_SUCH,
    "withdrawn": NO_SUCH,
}
"""The exit status by the state of an act; that of any other state is `FAILED`."""
_WITHDRAWN: Final = "it has not arrived here, and is not done if it still does"
_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def say_unknown(source: Source | None) -> None:
    """Print a line for each act over ``source`` of which it is unknown whether it was done, once."""
    from clawtui.remote.client.source import RemoteSource

    if not isinstance(source, RemoteSource):
        return
    from clawtui.remote.client.pending import description_of

    label = source.exchange.label
    for act in source.exchange.take_unknown():
        command = CommandLine(label).hint("audit", "--act", act.id)
        say(f"{label}: it is unknown whether {description_of(act)} was done (act {act.id}); {command} looks it up.")


def show_act(invocation: Invocation, id: str, *, as_json: bool) -> None:
    """Print what became of an act that another host has asked for, and end with the exit status of its outcome."""
    from clawtui.remote.agent.act_once import look_up
    from clawtui.remote.agent.acts import token_of
    from clawtui.remote.agent.traces import outcome_by_traces

    if _ID.fullmatch(id) is None:
        raise click.BadParameter(f"“{id}” is no id of an act: 32 digits from 0 to f.", param_hint="'--act'")
    paths, now = invocation.paths(may_be_gateway=True), invocation.now()
    outcome = look_up(id, now, lambda: outcome_by_traces(paths, id, token_of(id), now))
    if as_json:
        row = {name: getattr(outcome, name) for name in ("id", "state", "at", "message", "complaints")}
        invocation.printer.print_json(row)
    else:
        invocation.printer.print_lines([_line(outcome)])
    if status := _STATUS.get(outcome.state, FAILED):
        sys.exit(status)


def _line(outcome: ActOutcome) -> list[Piece | str]:
    is_done = outcome.state == "done"
    why = _WITHDRAWN if outcome.state == "withdrawn" else "; ".join(clean_lines(outcome.message).splitlines())
    rest = "; ".join(text for text in (why, *outcome.complaints) if text)
    at = Piece(f"{local_second(outcome.at)}  ", "dim")
    return [at, Piece(outcome.state, "ok" if is_done else "warn"), f"  {rest}"]
