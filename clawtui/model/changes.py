"""The differences between two fleets, as events for the notifications and for ``watch``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from clawtui.model.text.cleaning import clean
from clawtui.model.versioned_map import changed_keys

if TYPE_CHECKING:
    from clawtui.model.documents.automation import RunResult
    from clawtui.model.documents.workspace import RuntimeState
    from clawtui.model.fleet import Automation, Fleet

Kind = Literal[
    "run-started",
    "milestone",
    "run-over",
    "run-ended",
    "run-failed",
    "lock-taken",
    "lock-freed",
    "lock-orphaned",
    "slot-taken",
    "slot-freed",
    "problem",
    "problem-gone",
    "automation-added",
    "automation-gone",
    "enabled",
    "disabled",
]


class Change(NamedTuple):
    """One event."""

    kind: Kind
    subject: str
    """An automation's id, a repository, or a path."""
    text: str
    """A cleaned sentence without its subject."""


V = TypeVar("V")


def changes_between(old: Fleet, new: Fleet) -> Iterator[Change]:
    """Yield the changes from ``old`` to ``new``; none while ``old`` is not fully loaded.

    Only the parts that the two fleets do not share are compared.
    """
    if not old.loaded:
        return
    for _, was, now in _changed(old.automations, new.automations):
        yield from _of_automation(was, now)
    for id_, before, after in _changed(old.workspaces, new.workspaces):
        yield from _of_run(id_, before.running if before else None, after.running if after else None)
    yield from _of_locks(old, new)
    yield from _of_slots(old, new)
    for path, problem, by_now in _changed(old.problems, new.problems):
        if by_now is not None and problem != by_now:
            yield Change("problem", path or new.root, clean(by_now.message))
        elif by_now is None:
            yield Change("problem-gone", path or new.root, "can be read again")


def ended_runs(old: Fleet, new: Fleet) -> Iterator[Change]:
    """Yield the runs that ended since ``old``: ``run-failed`` or ``run-ended``.

    ``old`` need not be fully loaded: an automation that it has was read whole.
    """
    for _, was, now in _changed(old.automations, new.automations):
        yield from (change for change in _of_automation(was, now) if change.kind in ("run-failed", "run-ended"))


def _changed(old: Mapping[str, V], new: Mapping[str, V]) -> Iterator[tuple[str, V | None, V | None]]:
    """Yield each key whose value is another object, with both values; None stands for no value."""
    for key in changed_keys(new, old):
        yield key, old.get(key), new.get(key)


def _of_automation(was: Automation | None, now: Automation | None) -> Iterator[Change]:
    if was is None or now is None:
        some = now or was
        assert some is not None
        yield Change("automation-added" if now else "automation-gone", some.id, "appeared" if now else "is gone")
        return
    before, after = was.config.value, now.config.value
    if before is None or after is None:
        return
    if before.enabled != after.enabled and before.enabled is not None and after.enabled is not None:
        yield Change("enabled" if after.enabled else "disabled", now.id, "enabled" if after.enabled else "disabled")
    last = after.latest_run
    if last is not None and (before.latest_run is None or last.timestamp > before.latest_run.timestamp):
        yield _ended(now.id, last)


def _ended(id_: str, run: RunResult) -> Change:
    summary = f": {clean(run.summary)}" if run.summary else ""
    if run.status == "failed":
        return Change("run-failed", id_, f"failed{summary}")
    return Change("run-ended", id_, f"ended, {run.status}{summary}")


def _of_run(id_: str, was: RuntimeState | None, now: RuntimeState | None) -> Iterator[Change]:
    if now is None:
        if was is not None:
            yield Change("run-over", id_, "is no longer running")
        return
    if was is None or was.session_id != now.session_id:
        yield Change("run-started", id_, "started")
    milestone = now.progress.milestone
    if milestone and (was is None or milestone != was.progress.milestone or was.session_id != now.session_id):
        percent = f"{int(now.progress.percentage)}% " if now.progress.percentage is not None else ""
        yield Change("milestone", id_, f"{percent}{clean(milestone)}")


def _of_locks(old: Fleet, new: Fleet) -> Iterator[Change]:
    for path, was, now in _changed(old.locks, new.locks):
        before, after = was.value if was else None, now.value if now else None
        if before is not None and (after is None or after.session_id != before.session_id):
            yield Change("lock-freed", before.repo_key, f"no longer locked by {clean(before.automation_id)}")
        if after is not None and (before is None or after.session_id != before.session_id):
            yield Change("lock-taken", after.repo_key, f"locked by {clean(after.automation_id)}")
        elif now is not None and after is None and was is None:
            yield Change("lock-taken", path, "locked, and cannot be read")


def _of_slots(old: Fleet, new: Fleet) -> Iterator[Change]:
    if old.concurrency is new.concurrency:
        return
    before = {slot.session_id: slot for slot in old.slots}
    after = {slot.session_id: slot for slot in new.slots}
    for session, slot in after.items():
        if session not in before:
            yield Change("slot-taken", slot.automation_id, f"took slot {slot.slot_number}")
    for session, slot in before.items():
        if session not in after:
            yield Change("slot-freed", slot.automation_id, f"gave slot {slot.slot_number} back")
