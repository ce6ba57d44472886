"""The artifacts that runs leave behind for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from clawtui.demo.runs.fork_script import Conflict
from clawtui.demo.runs.report_script import Finding
from clawtui.demo.runs.run_state import RunSnapshot
from clawtui.demo.seed.fleet_spec import Role


@dataclass(frozen=True, slots=True)
class ArtifactSpec:
    """One artifact before it is stored."""

    name: str
    text: str


def sync_papers(
    role: Role, conflicts: Sequence[Conflict], picture: RunSnapshot, patch: str
) -> tuple[ArtifactSpec, ...]:
    """What a sync with conflicts leaves: a report to read, a summary for scripts, the patch."""
    return (
        ArtifactSpec("conflict-report.md", _conflict_report(role, conflicts, picture)),
        ArtifactSpec("resolution-summary.json", _resolution_summary(role, conflicts, picture)),
        ArtifactSpec("patch.diff", patch),
    )


def report_paper(role: Role, found: Sequence[Finding]) -> ArtifactSpec:
    """What a dependency report leaves."""
    rows = [f"| {item.package} | {item.current} | {item.latest} | {item.verdict} |" for item in found]
    lines = [
        f"# Dependencies of {role.fork}",
        "",
        "| package | in use | latest | verdict |",
        "|---|---|---|---|",
        *rows,
    ]
    return ArtifactSpec("dependency-report.md", "\n".join(lines) + "\n")


def _doubts(picture: RunSnapshot) -> dict[object, object]:
    return {note["file"]: note["reason"] for note in picture.uncertain}


def _conflict_report(role: Role, conflicts: Sequence[Conflict], picture: RunSnapshot) -> str:
    doubts = _doubts(picture)
    lines = [
        f"# Conflicts of {role.fork} with {role.upstream}",
        "",
        f"{picture.detected} found, {picture.resolved} resolved, {picture.skipped} left to a person.",
        "",
        "| file | hunks | remark |",
        "|---|---|---|",
        *(f"| `{c.file}` | {c.hunks} | {doubts.get(c.file, '')} |" for c in conflicts),
    ]
    if picture.pull_request:
        lines += ["", f"Pull request: https://github.com/{role.fork}/pull/{picture.pull_request}"]
    return "\n".join(lines) + "\n"


def _resolution_summary(role: Role, conflicts: Sequence[Conflict], picture: RunSnapshot) -> str:
    summary = {
        "automationId": role.id,
        "branch": picture.branch,
        "totalConflicts": picture.detected,
        "resolved": picture.resolved,
        "skipped": picture.skipped,
        "wrongPathCorrections": picture.corrections,
        "uncertain": [dict(note) for note in picture.uncertain],
        "files": [{"file": c.file, "hunks": c.hunks} for c in conflicts],
    }
    return json.dumps(summary, indent=2) + "\n"
