"""The plan and the result of a release or a restore, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from clawtui.cli.framework.layout import Block, Line, bulleted
from clawtui.cli.lock.view import details_of, row_of
from clawtui.model.liveness.consent import Consent, consent_for, holder_of
from clawtui.model.text.command_line import CommandLine
from clawtui.model.text.units import format_timestamp
from clawtui.operations.doctor.interrupted import InterruptedWork
from clawtui.operations.locks.release import Released, ReleaseOutcome
from clawtui.operations.locks.report import LockReport
from clawtui.operations.locks.restore import Restorable
from clawtui.presentation.times import local_second

FLAGS: Mapping[Consent, str] = {
    Consent.NONE: "",
    Consent.CONFIRMED: "--yes",
    Consent.TYPED: "--yes --force",
    Consent.LIVE: "--yes --force-live",
}
"""The options that give each consent if there is no terminal."""


def plan_of(report: LockReport, follows: Sequence[str], now: datetime) -> Iterator[Line | Block]:
    """Yield the lock with all facts, and the consequences of a release."""
    yield from details_of(report, now)
    yield ()
    yield ("if it is released:",)
    yield from bulleted(follows)


def dry_run_text(report: LockReport) -> str:
    """Return a message with the options that a release would need."""
    flags = FLAGS[consent_for(report.judged)]
    return f"nothing was done. It is {report.judged.verdict}: without a terminal, releasing it takes {flags}"


def release_text(released: Released, line: CommandLine) -> str:
    """Return the message about a released lock, with other errors and the command that restores it."""
    done = f"released {released.key}, which was {released.judged.verdict}"
    restore = line.hint("lock", "restore", released.key, name="KEY")
    back = f"{restore} restores it, for one day, unless the repository is locked again"
    return "\n".join([done, *released.complaints, back])


def outcome_text(after: ReleaseOutcome) -> str:
    """Return the message that says whether the repository is still free."""
    if after.taken is None:
        return f"still free after {after.seconds:.0f} s"
    return f"locked again after {after.seconds:.1f} s, by {holder_of(after.taken)}"


def leftover_text(leftover: InterruptedWork) -> str:
    """Return the message about an interrupted act, with the next command."""
    return f"{leftover.text}\nNext: `{leftover.fix}`"


def release_row(
    report: LockReport,
    follows: Sequence[str],
    now: datetime,
    released: Released | None = None,
    after: ReleaseOutcome | None = None,
) -> dict[str, object]:
    """Return the lock and the result of its release as JSON; ``stillFree`` is null if it was not watched."""
    return {
        **row_of(report, now),
        "released": released is not None,
        "demands": FLAGS[consent_for(report.judged)],
        "follows": follows,
        "aside": released and released.aside.path,
        "complaints": released.complaints if released else (),
        "stillFree": after and after.taken is None,
        "takenBy": after and after.taken and holder_of(after.taken),
    }


def restorable_row(found: Restorable, restored: bool, complaints: Sequence[str] = ()) -> dict[str, object]:
    """Return a lock that is set aside, or was until it was restored, as JSON."""
    lock = found.reading.value
    return {
        "path": found.aside.lock,
        "repoKey": lock and lock.repo_key,
        "automationId": lock and lock.automation_id,
        "sessionId": lock and lock.session_id,
        "aside": found.aside.path,
        "setAsideAt": format_timestamp(found.aside.at),
        "restored": restored,
        "complaints": complaints,
    }


def restorable_text(found: Restorable) -> str:
    """Return a text with the repository of the lock and the time at which it was set aside."""
    how = "released" if found.aside.released else "left set aside by a process that was killed"
    return f"{found.key}, lock of {found.holder}, {how} {local_second(found.aside.at)}"
