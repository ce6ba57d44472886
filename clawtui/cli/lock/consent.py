"""The operator's consent to a release: on the terminal, or by options if there is no terminal."""

from __future__ import annotations

from datetime import timedelta

import click

from clawtui.cli.framework.confirm import ask_text, confirm
from clawtui.cli.framework.context import Invocation
from clawtui.cli.lock.release_view import FLAGS
from clawtui.model.errors import Refused
from clawtui.model.liveness.consent import Consent, consent_for, is_typed, name_to_type
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.text.command_line import CommandLine
from clawtui.model.text.units import parse_span
from clawtui.operations.locks.report import LockReport


def ask(report: LockReport, force_live: bool) -> Consent:
    """Ask on the terminal for the consent that the verdict demands. Raises Refused if it is not given."""
    demand = consent_for(report.judged)
    if demand is Consent.CONFIRMED:
        confirm("Release it?", yes=False)
        return demand
    if demand is Consent.LIVE and not force_live:
        raise Refused("its run shows life; nothing was done", hint=f"If it is to go all the same: {FLAGS[demand]}")
    if not is_typed(ask_text(f"Type {name_to_type(report.reading)} to release it"), report.reading):
        raise Refused("not confirmed, nothing was done")
    return demand


def given(report: LockReport, yes: bool, force: bool, force_live: bool, line: CommandLine) -> Consent:
    """Return the consent that the options give. Raises Refused, naming the missing ones, if it is not enough."""
    forced = Consent.LIVE if force_live else Consent.TYPED if force else Consent.CONFIRMED
    consent = forced if yes else Consent.NONE
    verdict = report.judged.verdict
    required = consent_for(report.judged)
    if required > consent:
        raise Refused(
            f"{report.reading.path} is {verdict}: {MEANING[verdict]}; nothing was done\n"
            f"{line.hint('lock', 'show', report.reading.path, name='KEY')} has every fact. "
            f"If it is to go all the same: {FLAGS[required]}"
        )
    return consent


def _span(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta:
    if value is None:
        return context.ensure_object(Invocation).loaded().settings.quiet_after
    span = parse_span(value)
    if span is None:
        raise click.BadParameter(f"“{value}” is not a duration such as 30m or 1h30m.")
    return span


quiet_option = click.option(
    "--quiet-after",
    metavar="SPAN",
    callback=_span,
    help="A run that has been silent for longer is quiet. Default: the value in the settings, else 15m.",
)
"""``--quiet-after``; the command gets ``quiet_after``."""
