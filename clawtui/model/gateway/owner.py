"""The verdict on whether the process that runs a job or holds a lock can be alive, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from clawtui.model.gateway.ownership import Lease
from clawtui.model.gateway.run import RunOwner
from clawtui.model.liveness.evidence import SLACK, EvidenceItem, Host, Process, Proof, SignOfLife
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import age_span

OwnerVerdict = Literal["live", "quiet", "orphaned", "foreign", "invalid"]

_COMMON_HOST_NAMES = frozenset({"", "(none)", "localhost", "localhost4", "localhost6", "unknown"})


class OwnerEvidence(Struct, frozen=True):
    """All facts about a process that the store or a lock file names as an owner."""

    owner: RunOwner
    since: datetime | None
    """When the run began, or the lock was taken; None if that is not known."""
    what: str
    """The kind of thing that it owns: ``run`` or ``lock``."""
    host: Host
    """This host, and the process that has the pid on it."""
    now: datetime
    lease: Lease | None = None
    """The gateway's lease as it is now."""
    is_local_file: bool = False
    """Whether it is named by a file that only this host can have written, so that no host name is needed."""
    signs: tuple[SignOfLife, ...] = ()
    quiet_after: timedelta = QUIET_AFTER

    @property
    def lease_of_then(self) -> Lease | None:
        """Return the lease that was valid when the run began, if it is of the same process; else None."""
        lease = self.lease
        if lease is None or self.since is None or not lease.covers(self.since) or lease.pid != self.owner.pid:
            return None
        ticks = (lease.start_ticks, self.owner.start_ticks)
        return lease if None in ticks or ticks[0] == ticks[1] else None

    @property
    def host_name(self) -> str | None:
        """Return the name of the host that the owner ran on; None if it is unknown."""
        if self.owner.host is not None:
            return self.owner.host
        return self.lease_of_then.host if self.lease_of_then is not None else None

    @property
    def last_sign(self) -> datetime | None:
        """Return the time of the last sign of life; times far in the future are ignored."""
        believable = [sign.at for sign in self.signs if sign.at <= self.now + self.quiet_after]
        return max(believable, default=None)

    def time_text(self, instant: datetime) -> str:
        """Return a time as text for a sentence, with its date if that is not today."""
        local = instant.astimezone(self.now.tzinfo)
        return f"{local:%H:%M:%S}" if local.date() == self.now.date() else f"{local:%Y-%m-%d %H:%M:%S}"


class OwnerJudgement(Struct, frozen=True):
    """The verdict on an owner, with its reasons."""

    verdict: OwnerVerdict
    facts: tuple[str, ...]
    """The reasons, each a cleaned line; the decisive one comes first."""
    last_sign: datetime | None = None
    host: str | None = None
    """The host on which the owner ran; None if unknown."""


def judge_owner(evidence: OwnerEvidence) -> OwnerJudgement:
    """Return the verdict, never more certain than the evidence allows.

    ``orphaned``: the process cannot be alive. ``foreign``: it cannot be determined on this host. ``live``: the process
    certainly exists, and there was a sign of life within ``quiet_after``. ``quiet``: all other cases, such as no sign
    of life, or only a process with the same pid.
    """
    clues = list(_clues(evidence))
    proofs = {clue.proof for clue in clues}
    if Proof.DEAD in proofs:
        verdict: OwnerVerdict = "orphaned"
    elif Proof.UNREACHABLE in proofs:
        verdict = "foreign"
    else:
        verdict = "live" if Proof.ALIVE in proofs and _is_fresh(evidence) else "quiet"
    lines = [clue.text for clue in sorted(clues, key=lambda clue: clue.proof)]
    facts = tuple(map(clean, (*lines, _life(evidence), *_of_lease(evidence))))
    return OwnerJudgement(verdict, facts, evidence.last_sign, evidence.host_name)


def unreadable_owner(reason: str) -> OwnerJudgement:
    """Return the judgement of a lock that cannot be read."""
    return OwnerJudgement("invalid", (clean(f"not a readable lock: {reason}"),))


def _clues(evidence: OwnerEvidence) -> Iterator[EvidenceItem]:
    name, here, pid = evidence.host_name, evidence.host.name, evidence.owner.pid
    if name is not None and name != here:
        yield EvidenceItem(f"pid {pid} on {name} has the {evidence.what}, and this is {here}", Proof.UNREACHABLE)
        return
    if (clue := _boot_clue(evidence)) is not None:
        yield clue
        if clue.proof == Proof.DEAD:
            return
    yield _process_clue(evidence)


def _process_clue(evidence: OwnerEvidence) -> EvidenceItem:
    process, owner = evidence.host.process, evidence.owner
    namesake = evidence.host.namesake
    if namesake is not None and owner.start_ticks is not None and namesake.start_ticks == owner.start_ticks:
        text = f"it runs in a container of this host, as {_named(namesake)} out here: the start is the same"
        return EvidenceItem(text, Proof.ALIVE)
    if process is None:
        return _absent(evidence, f"pid {owner.pid} is gone")
    if process.ended:
        return _absent(evidence, f"pid {owner.pid} has ended, and waits for its parent to take note")
    if owner.start_ticks is not None and process.start_ticks is not None:
        if owner.start_ticks == process.start_ticks:
            return EvidenceItem(f"{_named(process)} is there, and is the owner: the start is the same", Proof.ALIVE)
        return _absent(evidence, f"{_named(process)} has another start than the owner: the pid was used again")
    return _by_clock(evidence, process)


def _by_clock(evidence: OwnerEvidence, process: Process) -> EvidenceItem:
    """Compare the process's start by the clock with ``since``, as the owner's start was not recorded.

    A process that started later is another one; one that started earlier proves nothing.
    """
    since, started = evidence.since, process.started
    if since is None or started is None or started <= since + SLACK:
        if _lease_vouches(evidence):
            return EvidenceItem(f"{_named(process)} is there, and renews the gateway's lease", Proof.ALIVE)
        return EvidenceItem(
            f"{_named(process)} is there; no start was recorded, so it may be another process with that pid"
        )
    began = f"after the {evidence.what} began {evidence.time_text(since)}"
    text = f"{_named(process)} started {evidence.time_text(started)}, {began}"
    if not evidence.host.can_date(since):
        return EvidenceItem(f"{text}; but the clock may have been set since this host started, so that proves nothing")
    return _absent(evidence, f"{text}: another process")


def _lease_vouches(evidence: OwnerEvidence) -> bool:
    lease = evidence.lease_of_then
    return lease is not None and not lease.is_expired(evidence.now)


def _absent(evidence: OwnerEvidence, text: str) -> EvidenceItem:
    """Return the evidence of an owner's process that is not found on this host."""
    doubt = _why_unsure(evidence)
    return EvidenceItem(text, Proof.DEAD) if doubt is None else EvidenceItem(f"{text}, but {doubt}", Proof.UNREACHABLE)


def _why_unsure(evidence: OwnerEvidence) -> str | None:
    """Return why the owner may be alive although it is not found, as a clause; None if it cannot be."""
    host, owner = evidence.host, evidence.owner
    namesake = host.namesake
    if namesake is not None and None in (owner.start_ticks, namesake.start_ticks):
        return f"a container of this host has a pid {owner.pid} of its own, which is {_named(namesake)} out here"
    if host.hidden is not None:
        return host.hidden
    return None if evidence.is_local_file and host.network is None else _why_unsure_of_host(evidence)


def _why_unsure_of_host(evidence: OwnerEvidence) -> str | None:
    if evidence.host.network is not None:
        return f"other hosts can use this directory too ({evidence.host.network})"
    if evidence.host_name is None:
        return "on which host it ran is not recorded: no lease of that time is left"
    if evidence.host_name.casefold().partition(".")[0] in _COMMON_HOST_NAMES:
        return f"many hosts are called “{evidence.host_name}”, so it may be of another"
    return None


def _boot_clue(evidence: OwnerEvidence) -> EvidenceItem | None:
    booted, since = evidence.host.booted, evidence.since
    if booted is None or since is None or since >= booted - SLACK:
        return None
    began = f"after the {evidence.what} began {evidence.time_text(since)}"
    text = f"this host started {evidence.time_text(booted)}, {began}"
    if not evidence.host.can_date(since):
        return EvidenceItem(f"{text}; but the clock may have been set since, so that proves nothing")
    last = evidence.last_sign
    if last is not None and last > booted + SLACK:
        return EvidenceItem(f"{text}, yet something moved at {evidence.time_text(last)}: the clock was set since")
    if evidence.host_name is None and not evidence.is_local_file:
        return EvidenceItem(f"{text}; on which host it ran is not recorded")
    return _absent(evidence, text)


def _is_fresh(evidence: OwnerEvidence) -> bool:
    instants = [evidence.since, evidence.last_sign]
    return any(instant is not None and abs(evidence.now - instant) <= evidence.quiet_after for instant in instants)


def _life(evidence: OwnerEvidence) -> str:
    last, quiet = evidence.last_sign, age_span(evidence.quiet_after)
    if last is None:
        return f"nothing has moved since the {evidence.what} began"
    sources = " and ".join(sorted({sign.source for sign in evidence.signs if sign.at == last}))
    ago = evidence.now - last
    silence = "" if ago <= evidence.quiet_after else f": silent for longer than {quiet}"
    return f"last sign of life {age_span(ago)} ago, at {evidence.time_text(last)}, in {sources}{silence}"


def _of_lease(evidence: OwnerEvidence) -> Iterator[str]:
    lease = evidence.lease_of_then
    if lease is None or lease.expires is None:
        return
    if lease.is_expired(evidence.now):
        yield f"the gateway's lease expired at {evidence.time_text(lease.expires)}, and was not renewed"
    elif lease.heartbeat is not None:
        yield f"the gateway renewed its lease at {evidence.time_text(lease.heartbeat)}"


def _named(process: Process) -> str:
    return f"pid {process.pid} ({process.command})" if process.command else f"pid {process.pid}"
