"""``clawtui doctor``: report inconsistencies in the state directory, and fix them."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from clawtui.cli.doctor.view import counted, finding_lines, lines_of, row_of
from clawtui.cli.framework.command import Command, json_option, yes_option
from clawtui.cli.framework.confirm import ask_yes
from clawtui.cli.framework.context import Invocation, pass_invocation
from clawtui.cli.framework.errors import FAILED
from clawtui.cli.framework.layout import Block, Line, Paragraph, Piece
from clawtui.cli.framework.output import Printer, say
from clawtui.model.text.cleaning import displayable

if TYPE_CHECKING:
    from clawtui.model.findings.finding import Finding
    from clawtui.operations.doctor.fix import Decide, FixResult
    from clawtui.operations.doctor.fix_rule import FixRule


@click.command(cls=Command)
@click.option("--fix", is_flag=True, help="Fix what is safe to fix, and ask about the rest.")
@yes_option
@json_option
@pass_invocation
def doctor(invocation: Invocation, fix: bool, yes: bool, as_json: bool) -> None:
    """Examine the whole state directory and report what is wrong.

    Each finding has a code, its meaning, and the command that fixes it, if there is one. The exit status is 1 if
    something is found; with --fix, if something remains.

    With --fix, file modes are set, temporary files of killed processes removed and old copies moved away. Every other
    fix is asked for, one by one; with --yes it is done without a question. A fix that needs a name to be typed is never
    done here.

    \b
    Examples:
      clawtui doctor
      clawtui doctor --fix
      clawtui doctor --json | jq -r '.findings[].fix | values'
    """
    from clawtui.operations.doctor.examine import examine
    from clawtui.operations.state.follow_fleet import read_fleet

    if yes and not fix:
        raise click.UsageError("--yes goes with --fix")
    if not fix and (report := invocation.gateway_report()) is not None:
        from clawtui.model.gateway.findings.examine import examine as examine_gateway

        found = examine_gateway(report)
        host = None if report.argument is None else platform.node()
        _print_findings(invocation.printer, found, as_json, can_fix=False, host=host)
        sys.exit(FAILED if found else 0)
    if fix:
        invocation.require_changes_allowed()
    paths, quiet_after = invocation.paths(), invocation.loaded().settings.quiet_after
    fleet = read_fleet(paths)
    found = examine(fleet, paths, invocation.now().astimezone(), quiet_after)
    if fix and found:
        from clawtui.operations.doctor.fix import apply_fixes
        from clawtui.operations.user.actor import this_actor

        clock, decide = (lambda: invocation.now().astimezone()), _decider(invocation.printer, yes, asks=not as_json)
        result = apply_fixes(paths, fleet, found, decide, this_actor(), clock, quiet_after)
        _print_result(invocation.printer, found, result, as_json)
        sys.exit(FAILED if result.remaining else 0)
    _print_findings(invocation.printer, found, as_json)
    sys.exit(FAILED if found else 0)


def _print_findings(
    printer: Printer, found: tuple[Finding, ...], as_json: bool, can_fix: bool = True, host: str | None = None
) -> None:
    if as_json:
        printer.print_json({"findings": [row_of(finding, host) for finding in found]})
        return
    printer.print_lines(lines_of(found, host))
    hint = "; --fix fixes what is safe to fix, and asks about the rest" if found and can_fix else ""
    say(f"{counted(found)}{hint}")


def _decider(printer: Printer, yes: bool, asks: bool) -> Decide:
    """Return a function that decides about each fix: it returns None to apply it, else the reason not to."""

    def decide(finding: Finding, rule: FixRule) -> str | None:
        if yes or rule.is_safe:
            return None
        if not asks or sys.stdin is None or not sys.stdin.isatty():
            return f"to {rule.does} needs an answer, and there is no terminal to ask on: add --yes ({rule.why})"
        printer.print_lines(((), *finding_lines(finding)))
        agreed = ask_yes(displayable(f"Shall I {rule.does}? ({rule.why})"))
        return None if agreed else "was not agreed to"

    return decide


def _print_result(printer: Printer, found: tuple[Finding, ...], result: FixResult, as_json: bool) -> None:
    if as_json:
        printer.print_json(
            {
                "findings": [row_of(finding) for finding in found],
                "mended": [
                    {"code": each.finding.code, "subject": each.finding.subject, "did": each.did}
                    for each in result.fixed
                ],
                "remaining": [{**row_of(each.finding), "why": each.why} for each in result.remaining],
            }
        )
        return
    printer.print_lines(_result_lines(result))
    left = counted([each.finding for each in result.remaining]) if result.remaining else "nothing remains"
    say(f"{len(result.fixed)} fixed; {left}")


def _result_lines(result: FixResult) -> Iterator[Line | Block]:

    for each in result.fixed:
        yield (Piece(f"{'fixed':<9}", "ok"), Piece(f"{each.finding.code}  {each.finding.subject}", "strong"))
        yield Paragraph(each.did, lead=Piece(" " * 9))
        yield ()
    for position, left in enumerate(result.remaining):
        if position:
            yield ()
        yield from finding_lines(left.finding, ("remains", left.why))
