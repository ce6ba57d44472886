"""The artifacts that runs write for people."""

from __future__ import annotations

import json
from collections.abc import Sequence

from msgspec import Struct

from clawtui.demo.runs.fork_script import Conflict
from clawtui.demo.runs.report_script import Finding
from clawtui.demo.runs.run_state import RunSnapshot
from clawtui.demo.seed.fleet_spec import AutomationSpec


class ArtifactSpec(Struct, frozen=True):
    """One artifact before it is stored."""

    name: str
    text: str


def sync_artifacts(
    spec: AutomationSpec, conflicts: Sequence[Conflict], snapshot: RunSnapshot, patch: str
) -> tuple[ArtifactSpec, ...]:
    """Return the artifacts of a sync with conflicts: a report to read, a summary for scripts, the patch."""
    return (
        ArtifactSpec("conflict-report.md", _conflict_report(spec, conflicts, snapshot)),
        ArtifactSpec("resolution-summary.json", _resolution_summary(spec, conflicts, snapshot)),
        ArtifactSpec("patch.diff", patch),
    )


def report_artifact(spec: AutomationSpec, found: Sequence[Finding]) -> ArtifactSpec:
    """Return the artifact of a dependency report."""
    rows = [f"| {item.package} | {item.current} | {item.latest} | {item.verdict} |" for item in found]
    lines = [
        f"# Dependencies of {spec.fork}",
        "",
        "| package | in use | latest | verdict |",
        "|---|---|---|---|",
        *rows,
    ]
    return ArtifactSpec("dependency-report.md", "\n".join(lines) + "\n")


def _uncertainty_reasons(snapshot: RunSnapshot) -> dict[object, object]:
    return {note["file"]: note["reason"] for note in snapshot.uncertain}


def _conflict_report(spec: AutomationSpec, conflicts: Sequence[Conflict], snapshot: RunSnapshot) -> str:
    reasons = _uncertainty_reasons(snapshot)
    lines = [
        f"# Conflicts of {spec.fork} with {spec.upstream}",
        "",
        f"{snapshot.detected} found, {snapshot.resolved} resolved, {snapshot.skipped} left to a person.",
        "",
        "| file | hunks | remark |",
        "|---|---|---|",
        *(f"| `{c.file}` | {c.hunks} | {reasons.get(c.file, '')} |" for c in conflicts),
    ]
    if snapshot.pull_request:
        lines += ["", f"Pull request: https://github.com/{spec.fork}/pull/{snapshot.pull_request}"]
    return "\n".join(lines) + "\n"


def _resolution_summary(spec: AutomationSpec, conflicts: Sequence[Conflict], snapshot: RunSnapshot) -> str:
    summary = {
        "automationId": spec.id,
        "branch": snapshot.branch,
        "totalConflicts": snapshot.detected,
        "resolved": snapshot.resolved,
        "skipped": snapshot.skipped,
        "wrongPathCorrections": snapshot.corrections,
        "uncertain": [dict(note) for note in snapshot.uncertain],
        "files": [{"file": c.file, "hunks": c.hunks} for c in conflicts],
    }
    return json.dumps(summary, indent=2) + "\n"
