"""The seed of the demo: a state directory with weeks of history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType
from typing import Any

from clawtui.demo.runs.artifacts import sync_artifacts
from clawtui.demo.runs.history import PastRun, past_runs, session_id
from clawtui.demo.runs.scripted_run import simulated_conflicts
from clawtui.demo.seed.documents import FAR_AWAY, configuration, dispatcher
from clawtui.demo.seed.fleet_spec import AutomationSpec, Feature
from clawtui.demo.seed.seed_writer import SeedWriter, write_past_runs
from clawtui.model.documents.lock import RepositoryLock, normalize_repo_key

FOREIGN_HOST = "gateway-2"
"""Another gateway that shares the directory."""

_FIRST = 3
"""The number of automations that are always due first: one for each slot."""

_COMMENT = (
    "// Mara: keep this one at two hours. Upstream lands in batches, and every\n"
    "// sync in between only makes conflicts that the next batch undoes.\n"
)
_REMARK = "// was 95, which sent nearly everything to review\n"


def write_seed(
    writer: SeedWriter,
    specs: Sequence[AutomationSpec],
    rng: Random,
    now: datetime,
    due: Mapping[str, datetime],
    since: Mapping[str, datetime] = MappingProxyType({}),
) -> Mapping[str, tuple[PastRun, ...]]:
    """Write all configurations, the logs of past runs, finished workspaces and artifacts.

    ``due`` has the time of the next run of each automation by id; ``since`` the start of those that are running.
    Returns the past runs by the same ids, newest first.
    """
    writer.dispatcher(dispatcher(now))
    past_by_id = {}
    for spec in specs:
        past = past_by_id[spec.id] = past_runs(spec, rng, since.get(spec.id, now), writer.workspace_of(spec))
        edit = {"malformed": _with_typo, "commented": _with_comments}.get(spec.feature, str)
        writer.configuration(configuration(spec, past, now, due.get(spec.id)), edit)
        write_past_runs(writer, spec, past)
        _write_artifacts(writer, spec, past)
    return past_by_id


def _with_typo(text: str) -> str:
    return text.replace("schedule:", "schedule", 1)


def _with_comments(text: str) -> str:
    lines = text.splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if "confidenceThreshold" in line)
    indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
    return "".join([_COMMENT, *lines[:place], indent + _REMARK, *lines[place:]])


def _write_artifacts(writer: SeedWriter, spec: AutomationSpec, past: Sequence[PastRun]) -> None:
    if not past or past[0].plan.status not in ("success", "partial") or spec.upstream == spec.fork:
        return
    snapshot, plan = past[0].record.snapshot, past[0].plan
    conflicts = simulated_conflicts(spec, plan)
    if conflicts:
        for artifact in sync_artifacts(spec, conflicts, snapshot, _patch(conflicts[0].file)):
            writer.artifact(spec.id, past[0].record.ended, artifact.name, artifact.text)


def _patch(file: str) -> str:
    return (
        f"diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n@@ -12,3 +12,3 @@\n"
        "     workers: 8,\n-    retries: 2,\n+    retries: 5,\n     backoff: 1.5,\n"
    )


def next_runs(
    specs: Sequence[AutomationSpec], rng: Random, now: datetime, ready: int, apart: timedelta
) -> dict[str, datetime]:
    """Return when each automation runs next: ``ready`` of them are due now, the others ``apart`` from each other."""
    due: dict[str, datetime] = {}
    plain = [spec for spec in specs if spec.enabled and spec.feature in ("plain", "commented")]
    order = plain[:_FIRST] + rng.sample(plain[_FIRST:], len(plain) - _FIRST)
    for position, spec in enumerate(order):
        late = timedelta(seconds=max(1, 40 - 5 * position))
        due[spec.id] = now - late if position < ready else now + apart * (position - ready + 1)
    for spec in specs:
        if spec.feature == "locked":
            due[spec.id] = now - timedelta(minutes=3, seconds=12)
        elif spec.feature == "foreign":
            due[spec.id] = now + timedelta(hours=2, minutes=41)
        elif spec.feature == "far-away":
            due[spec.id] = (now + FAR_AWAY).replace(minute=0, second=0, microsecond=0)
        elif not spec.enabled:
            due[spec.id] = now - timedelta(days=2)
    return due


def seed_locks(
    specs: Sequence[AutomationSpec],
    rng: Random,
    now: datetime,
    hostname: str,
    dead_pid: int,
    identity: Mapping[str, object] = MappingProxyType({}),
) -> dict[str, RepositoryLock]:
    """Return locks that no run of this gateway holds, by the feature of the automation whose repository they lock.

    Args:
        specs: The automations of the demo.
        rng: Makes the session ids.
        now: The current time, from which the ages of the locks are counted.
        hostname: The host of the gateway that held the locks and has ended.
        dead_pid: The process id of that gateway.
        identity: What its locks record of that process beside pid and host name, as ``identity_of`` returns it.
    """
    held: Mapping[Feature, tuple[timedelta, int, str, Mapping[str, object]]] = {
        "locked": (timedelta(hours=1, minutes=4), dead_pid, hostname, identity),
        "foreign": (timedelta(minutes=37), 2291, FOREIGN_HOST, {}),
        "expired": (timedelta(hours=9, minutes=20), dead_pid, hostname, identity),
    }
    locks: dict[str, RepositoryLock] = {}
    for spec in specs:
        if spec.feature in held:
            age, pid, host, recorded = held[spec.feature]
            locks[spec.feature] = lock_of(spec, session_id(rng), now - age, pid, host, recorded)
    return locks


def lock_of(
    spec: AutomationSpec,
    session: str,
    acquired: datetime,
    pid: int,
    hostname: str,
    identity: Mapping[str, object] = MappingProxyType({}),
) -> RepositoryLock:
    """Return a lock of the automation's repository; ``identity`` has further keys about its holder."""
    further: dict[str, Any] = dict(identity)
    return RepositoryLock(
        repo_url=spec.fork_url,
        repo_key=normalize_repo_key(spec.fork_url),
        automation_id=spec.id,
        session_id=session,
        acquired_at=acquired,
        pid=pid,
        hostname=hostname,
        lock_type="repository",
        **further,
    )
