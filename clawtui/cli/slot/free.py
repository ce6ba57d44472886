"""``clawtui slot free``: free the slot of a run that has ended."""

from __future__ import annotations

import click

from clawtui.cli.framework.command import Command, json_option, yes_option
from clawtui.cli.framework.confirm import confirm, confirm_by_name
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.output import Printer, say
from clawtui.cli.slot.view import judged_lines, judged_row
from clawtui.model.errors import Refused
from clawtui.model.liveness.consent import Consent
from clawtui.model.liveness.slot_verdict import SLOT_MEANING, SlotJudgement

_FLAGS = {
    Consent.CONFIRMED: "--yes",
    Consent.TYPED: "--yes --force",
    Consent.LIVE: "--yes --force-live",
}
"""The options that give each consent."""


@click.command("free", cls=Command)
@click.argument("number", type=click.IntRange(1), metavar="N")
@click.option("--session", metavar="SESSION", help="The session that holds it, if two slots have the number.")
@yes_option
@click.option(
    "--force", is_flag=True, help="With --yes: also if its session may be active, but has been silent for long."
)
@click.option("--force-live", is_flag=True, help="With --yes: also if its session is active.")
@click.option("--dry-run", is_flag=True, help="Show the verdict, say what would be done, and do nothing.")
@json_option
@pass_invocation
def free(
    invocation: Invocation,
    number: int,
    session: str | None,
    yes: bool,
    force: bool,
    force_live: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Free slot N, whose session has ended and will not free it itself.

    The verdict on the session and every fact behind it are shown. If the session has ended, one confirmation is needed
    (--yes). If it may be active but has been silent for long, you type the id of the automation (--yes --force). A live
    one is refused with exit status 3, unless --yes --force-live is given. If the slots change in the meantime, nothing
    is done and the exit status is 4. The audit trail and the dispatcher's log record what was done.

    \b
    Examples:
      clawtui slot free 2 --dry-run
      clawtui slot free 2
      clawtui slot free 2 --yes --json
    """
    from clawtui.operations.slots.free import find_slot, free_slot, target_of_slot
    from clawtui.operations.slots.report import judged_slots
    from clawtui.operations.state.follow_fleet import read_fleet
    from clawtui.operations.user.actor import this_actor

    if not dry_run:
        invocation.require_changes_allowed()
    paths, quiet_after = invocation.paths(), invocation.loaded().settings.quiet_after
    fleet = read_fleet(paths)
    slot = find_slot(fleet, number, session)
    judged = next(each for each in judged_slots(fleet, invocation.now(), quiet_after) if each.slot == slot)
    target, actor = target_of_slot(slot, fleet), this_actor()
    with invocation.printer.shown_beside_the_act((() if as_json else judged_lines(judged)), asks=dry_run or not yes):
        if dry_run:
            _print_demand(invocation.printer, judged, as_json)
            return
        consent = _consent(judged, yes, force, force_live)
        freed = free_slot(paths, target, consent, actor, lambda: invocation.now().astimezone(), quiet_after)
    if as_json:
        invocation.printer.print_json({**judged_row(freed.judged), "freed": True, "complaints": freed.complaints})
    else:
        say("\n".join((freed.message, *freed.complaints)))


def _print_demand(printer: Printer, judged: SlotJudgement, as_json: bool) -> None:
    from clawtui.model.liveness.consent import required_consent

    flags = _FLAGS[required_consent(judged.verdict)]
    if as_json:
        printer.print_json({**judged_row(judged), "freed": False, "demands": flags.split()})
    else:
        say(f"it would be freed with {flags}; nothing was done")


def _consent(judged: SlotJudgement, yes: bool, force: bool, force_live: bool) -> Consent:
    """Return the operator's consent, by options or on the terminal. Raises Refused if the verdict demands more."""
    from clawtui.model.liveness.consent import required_consent

    slot, demand = judged.slot, required_consent(judged.verdict)
    flagged = Consent.LIVE if force_live else Consent.TYPED if force else Consent.CONFIRMED
    given = flagged if yes else Consent.TYPED  # the most that an answer on the terminal can give
    if given < demand:
        why = f"slot {slot.slot_number} is {judged.verdict}: {SLOT_MEANING[judged.verdict]}"
        raise Refused(f"{why}; nothing was done", hint=f"If it is to be freed all the same: {_FLAGS[demand]}")
    if yes:
        return given
    question = f"Free slot {slot.slot_number} of {slot.automation_id}? {SLOT_MEANING[judged.verdict].capitalize()}."
    if demand is Consent.TYPED:
        confirm_by_name(question, slot.automation_id, _FLAGS[demand])
    else:
        confirm(question, yes=False)
    return demand
