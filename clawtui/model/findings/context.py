"""The facts for findings that are not in the fleet: verdicts, modes, temp files, the disk.

The layer ``operations`` gathers them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.run_state import Skip
from clawtui.model.runs.judgement import QUIET_AFTER, RunJudgement

if TYPE_CHECKING:
    from clawtui.model.findings.index import FindingIndex


class WrongMode(NamedTuple):
    """A file or directory whose mode is not 0600 or 0700 (errata 16)."""

    path: str
    """Relative to ``automations/``; empty for that directory itself."""
    mode: int
    expected_mode: int
    """0600 or 0700."""


class OddVersion(NamedTuple):
    """A document whose version is not the current one (errata 17)."""

    message: str
    """What its version is, without the path."""
    migrates: bool
    """Whether it can be migrated to the current one."""


class InterruptedAct(NamedTuple):
    """A release, a restore or a removal of a workspace during which the process was killed."""

    lock: str
    """The lock's path, or where the workspace is."""
    text: str
    """A description of the act and of the state that it left."""
    mend: str | None
    """The command that completes or undoes it; None if there is none."""


class DiskSpace(NamedTuple):
    """The free space of the file system of the state directory."""

    free: int
    """Bytes that an unprivileged user can still write."""
    total: int
    """Bytes in total."""
    free_files: int
    """Free inodes."""
    total_files: int
    """Inodes in total; 0 if the file system does not count them."""


class FindingContext(Struct, frozen=True):
    """The facts for findings that are not in the fleet. A fact that could not be gathered is empty."""

    index: FindingIndex | None = None
    """The index of the fleet and of ``locks``; None if it is to be made."""
    locks: Mapping[str, LockJudgement] = field(default_factory=dict)
    """The verdicts, by the lock's path."""
    slots: tuple[SlotJudgement, ...] = ()
    runs: Mapping[str, RunJudgement] = field(default_factory=dict)
    """The states of runs, by workspace."""
    last_signs: Mapping[str, datetime] = field(default_factory=dict)
    """By workspace: the last sign of life of the run whose status is ``running``."""
    wrong_modes: tuple[WrongMode, ...] = ()
    exposed: bool = False
    """Whether other users of this host can enter ``automations/``."""
    leftovers: tuple[str, ...] = ()
    """The paths of temp files of killed writers, and of locks that were released more than a day ago."""
    backups_left: tuple[str, ...] = ()
    """The paths of copies of documents that earlier versions made; those that stop the gateway come first."""
    captured: tuple[str, ...] = ()
    """The paths of files that the gateway saved, and that a process of clawtui moved away before it was killed."""
    drafts: tuple[str, ...] = ()
    """The absolute paths of drafts of configurations whose editor has ended."""
    cut_short: tuple[InterruptedAct, ...] = ()
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By path: why the gateway refuses a configuration that can be read here."""
    versions: Mapping[str, OddVersion] = field(default_factory=dict)
    """By path: the documents of another version."""
    disk: DiskSpace | None = None
    dispatches: tuple[datetime, ...] = ()
    """The times of the last dispatches, oldest first; empty if no log has one."""
    skips: Mapping[str, Skip] = field(default_factory=dict)
    """By automation id: the last skip, unless the automation was dispatched since."""
    quiet_after: timedelta = QUIET_AFTER
