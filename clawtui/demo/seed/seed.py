"""A state directory as if the gateway had been at work for weeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from types import MappingProxyType

from clawtui.demo.runs.artifacts import sync_papers
from clawtui.demo.runs.history import PastRun, past_runs, session_id
from clawtui.demo.runs.scripted_run import made_up_conflicts
from clawtui.demo.seed.documents import FAR_AWAY, configuration, dispatcher
from clawtui.demo.seed.fleet_spec import Role
from clawtui.demo.seed.seed_writer import SeedWriter, put_past
from clawtui.model.documents.lock import RepositoryLock, normalize_repo_key

FOREIGN_HOST = "gateway-2"
"""Another gateway, which shares the directory with this one."""

_FIRST = 3
"""How many of the cast are always due first: as many as there are slots."""

_COMMENT = (
    "// Mara: keep this one at two hours. Upstream lands in batches, and every\n"
    "// sync in between only makes conflicts that the next batch undoes.\n"
)
_REMARK = "// was 95, which sent nearly everything to review\n"


def furnish(
    stage: SeedWriter,
    roles: Sequence[Role],
    rng: Random,
    now: datetime,
    due: Mapping[str, datetime],
    since: Mapping[str, datetime] = MappingProxyType({}),
) -> Mapping[str, tuple[PastRun, ...]]:
    """Writes the dispatcher's and all configurations, past logs, finished workspaces and artifacts.

    ``due`` names when each automation runs next, by its id; ``since``, since when those run that do.
    Returns the pasts, newest run first, by the same.
    """
    stage.dispatcher(dispatcher(now))
    pasts = {}
    for role in roles:
        past = pasts[role.id] = past_runs(role, rng, since.get(role.id, now), stage.workspace_of(role))
        by_hand = {"malformed": _with_a_typo, "commented": _with_comments}.get(role.part, str)
        stage.configuration(configuration(role, past, now, due.get(role.id)), by_hand)
        put_past(stage, role, past)
        _leave_papers(stage, role, past)
    return pasts


def _with_a_typo(text: str) -> str:
    return text.replace("interval", "intervall", 1)


def _with_comments(text: str) -> str:
    lines = text.splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if "confidenceThreshold" in line)
    indent = lines[place][: len(lines[place]) - len(lines[place].lstrip())]
    return "".join([_COMMENT, *lines[:place], indent + _REMARK, *lines[place:]])


def _leave_papers(stage: SeedWriter, role: Role, past: Sequence[PastRun]) -> None:
    if not past or past[0].plan.status not in ("success", "partial") or role.upstream == role.fork:
        return
    picture, plan = past[0].account.picture, past[0].plan
    conflicts = made_up_conflicts(role, plan)
    if conflicts:
        for paper in sync_papers(role, conflicts, picture, _patch(conflicts[0].file)):
            stage.artifact(role.id, past[0].account.ended, paper.name, paper.text)


def _patch(file: str) -> str:
    return (
        f"diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n@@ -12,3 +12,3 @@\n"
        "     workers: 8,\n-    retries: 2,\n+    retries: 5,\n     backoff: 1.5,\n"
    )


def timetable(roles: Sequence[Role], rng: Random, now: datetime, ready: int, apart: timedelta) -> dict[str, datetime]:
    """When everybody runs next: ``ready`` of them are due already, the others follow ``apart`` from each other."""
    due: dict[str, datetime] = {}
    plain = [role for role in roles if role.enabled and role.part in ("plain", "commented")]
    order = plain[:_FIRST] + rng.sample(plain[_FIRST:], len(plain) - _FIRST)
    for position, role in enumerate(order):
        late = timedelta(seconds=max(1, 40 - 5 * position))
        due[role.id] = now - late if position < ready else now + apart * (position - ready + 1)
    for role in roles:
        if role.part == "locked":
            due[role.id] = now - timedelta(minutes=3, seconds=12)
        elif role.part == "foreign":
            due[role.id] = now + timedelta(hours=2, minutes=41)
        elif role.part == "far-away":
            due[role.id] = (now + FAR_AWAY).replace(minute=0, second=0, microsecond=0)
        elif not role.enabled:
            due[role.id] = now - timedelta(days=2)
    return due


def strange_locks(
    roles: Sequence[Role], rng: Random, now: datetime, hostname: str, dead_pid: int
) -> dict[str, RepositoryLock]:
    """Locks that no run of this gateway holds, by the part of the automation whose repository they are for.

    ``dead_pid`` is that of a gateway on ``hostname`` which is no more.
    """
    held = {
        "locked": (timedelta(hours=1, minutes=4), dead_pid, hostname),
        "foreign": (timedelta(minutes=37), 2291, FOREIGN_HOST),
        "expired": (timedelta(hours=9, minutes=20), dead_pid, hostname),
    }
    locks: dict[str, RepositoryLock] = {}
    for role in roles:
        if role.part in held:
            age, pid, host = held[role.part]
            locks[role.part] = lock_of(role, session_id(rng), now - age, pid, host)
    return locks


def lock_of(role: Role, session: str, acquired: datetime, pid: int, hostname: str) -> RepositoryLock:
    """The lock of ``role``'s repository."""
    return RepositoryLock(
        repo_url=role.fork_url,
        repo_key=normalize_repo_key(role.fork_url),
        automation_id=role.id,
        session_id=session,
        acquired_at=acquired,
        pid=pid,
        hostname=hostname,
        lock_type="repository",
    )
