"""Releases and restores as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from clawtui.cli.framework.layout import Block, Line, bulleted
from clawtui.cli.lock.view import details_of, row_of
from clawtui.model.liveness.consent import Consent, holder_of, required_consent
from clawtui.model.text.command_line import CommandLine
from clawtui.model.text.units import format_timestamp
from clawtui.operations.doctor.interrupted import InterruptedWork
from clawtui.operations.locks.release import Released
from clawtui.operations.locks.release_outcome import ReleaseOutcome
from clawtui.operations.locks.report import LockReport
from clawtui.operations.locks.restore import Restorable
from clawtui.presentation.times import local_second

FLAGS: Mapping[Consent, str] = {
    Consent.NONE: "",
    Consent.CONFIRMED: "--yes",
    Consent.TYPED: "--yes --force",
    Consent.LIVE: "--yes --force-live",
}
"""What says so on a command line where nobody can be asked."""


def plan_of(report: LockReport, follows: Sequence[str], now: datetime) -> Iterator[Line | Block]:
    """The lock with all facts, and what would come of releasing it."""
    yield from details_of(report, now)
    yield ()
    yield ("if it is released:",)
    yield from bulleted(follows)


def told_dry(report: LockReport) -> str:
    """What a release would take, and do."""
    flags = FLAGS[required_consent(report.judged.verdict)]
    return f"nothing was done. It is {report.judged.verdict}: without a terminal, releasing it takes {flags}"


def told_release(released: Released, line: CommandLine) -> str:
    """That it is done, what went wrong beside it, and how it is taken back."""
    done = f"released {released.key}, which was {released.judged.verdict}"
    restore = line.hint("lock", "restore", released.key, name="KEY")
    back = f"{restore} takes that back, for a day, unless it is locked again"
    return "\n".join([done, *released.complaints, back])


def told_aftermath(after: ReleaseOutcome) -> str:
    """Whether it is still free."""
    if after.taken is None:
        return f"still free after {after.seconds:.0f} s"
    return f"locked again after {after.seconds:.1f} s, by {holder_of(after.taken)}"


def told_leftover(leftover: InterruptedWork) -> str:
    """What was cut short, and what to do about it."""
    return f"{leftover.text}\nNext: `{leftover.mend}`"


def release_row(
    report: LockReport,
    follows: Sequence[str],
    now: datetime,
    released: Released | None = None,
    after: ReleaseOutcome | None = None,
) -> dict[str, object]:
    """The lock as JSON, and what became of it; ``stillFree`` is null where nobody watched."""
    return {
        **row_of(report, now),
        "released": released is not None,
        "demands": FLAGS[required_consent(report.judged.verdict)],
        "follows": follows,
        "aside": released and released.aside.path,
        "complaints": released.complaints if released else (),
        "stillFree": after and after.taken is None,
        "takenBy": after and after.taken and holder_of(after.taken),
    }


def restorable_row(found: Restorable, restored: bool, complaints: Sequence[str] = ()) -> dict[str, object]:
    """A lock that is, or was, set aside, as JSON."""
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


def told_restorable(found: Restorable) -> str:
    """Which lock it is, and since when it is out of the way."""
    how = "released" if found.aside.released else "left set aside by a process that was killed"
    return f"{found.key}, lock of {holder_of(found.reading)}, {how} {local_second(found.aside.at)}"
