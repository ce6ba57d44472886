"""What a fleet does not tell, gathered by somebody who may look: processes, modes, temp files, the disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.run_state import Skip


class WrongMode(NamedTuple):
    """A file or directory that is not as private as it should be, or not usable by its owner (errata 16)."""

    path: str
    """Relative to ``automations/``, which itself is the empty path."""
    mode: int
    wanted: int
    """0600 or 0700."""


class OddVersion(NamedTuple):
    """A document of another version than the one that everybody knows (errata 17)."""

    message: str
    """What its version is, without the path."""
    migrates: bool
    """Whether it can be brought to the current one."""


class InterruptedAct(NamedTuple):
    """A release, a restore or the removal of a workspace that a killed process left half done."""

    lock: str
    """The lock's path, or where the workspace is."""
    text: str
    """What was cut short, and how things stand."""
    mend: str | None
    """The command that mends it; None where none of ours does."""


class DiskSpace(NamedTuple):
    """What is left of the file system that the state directory lies on."""

    free: int
    """Bytes that its owner may still write."""
    total: int
    """Bytes of all."""
    free_files: int
    """Files that may still be made."""
    total_files: int
    """None (0) where the file system does not count them."""


@dataclass(frozen=True, slots=True)
class FindingContext:
    """All that findings rest on beside the fleet. What could not be looked at is empty."""

    locks: Mapping[str, LockJudgement] = field(default_factory=dict)
    """The verdicts, by the lock's path."""
    slots: tuple[SlotJudgement, ...] = ()
    last_signs: Mapping[str, datetime] = field(default_factory=dict)
    """By workspace: when the run that says that it is going last showed life."""
    wrong_modes: tuple[WrongMode, ...] = ()
    exposed: bool = False
    """Whether others of this host can reach what lies below ``automations/`` at all."""
    leftovers: tuple[str, ...] = ()
    """The paths of temp files that killed writers left, and of locks that were set aside more than a day ago."""
    backups_left: tuple[str, ...] = ()
    """The paths of copies of documents that earlier versions left, those at which the gateway stops first."""
    captured: tuple[str, ...] = ()
    """The paths of saves by the gateway that a killed process of ours has captured."""
    drafts: tuple[str, ...] = ()
    """The whole paths of edited drafts of configurations that no living process edits."""
    cut_short: tuple[InterruptedAct, ...] = ()
    versions: Mapping[str, OddVersion] = field(default_factory=dict)
    """By path: the documents of another version."""
    disk: DiskSpace | None = None
    dispatches: tuple[datetime, ...] = ()
    """When the dispatcher last looked for work, oldest first; empty where no log tells."""
    skips: Mapping[str, Skip] = field(default_factory=dict)
    """By automation: passed over, and not dispatched since."""
    quiet_after: timedelta = QUIET_AFTER
