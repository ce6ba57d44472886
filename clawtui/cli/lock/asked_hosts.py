"""The verdicts of other hosts on the locks that a command shows or releases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.output import say
from clawtui.operations.locks.report import LockReport


def judged_by_their_hosts(
    invocation: Invocation, reports: Sequence[LockReport], quiet_after: timedelta
) -> tuple[LockReport, ...]:
    """Return the locks, those that name the host of another root in the settings as judged there.

    A host that could not be asked, while a lock stays ``foreign``, is named on standard error.
    """
    if all(report.judged.verdict != "foreign" for report in reports):
        return tuple(reports)
    from clawtui.roots.asked_hosts import ask_hosts

    asked = ask_hosts(reports, invocation.loaded().settings, invocation.now, quiet_after)
    for problem in asked.problems:
        say(problem)
    return asked.reports
