"""The steps of a dependency report, which reads a repository and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run_state import Step, change_step, log_step, milestone_step, progress_step
from clawtui.demo.seed.fleet_spec import AutomationSpec

_PACKAGES = {
    ".toml": (
        "anyio",
        "certifi",
        "cryptography",
        "httpcore",
        "pydantic-core",
        "sqlalchemy",
        "typing-extensions",
        "uvloop",
    ),
    ".json": ("@tanstack/react-query", "esbuild", "lodash", "postcss", "react-dom", "typescript", "undici", "zod"),
    ".lock": ("bstr", "crossbeam-channel", "indexmap", "memchr", "regex-automata", "serde", "tokio", "tracing"),
}
_ADVISORIES = ("GHSA-4jq9-2xhw-jpx7", "GHSA-h5c8-rqwp-cp95", "GHSA-xqr8-7jwr-rhp7")


class Finding(Struct, frozen=True):
    """The state of one dependency."""

    package: str
    current: str
    latest: str
    advisory: str | None
    unknown: bool
    """Whether the package index gave no answer."""

    @property
    def verdict(self) -> str:
        """The state in a few words, for the table of the report."""
        if self.unknown:
            return "not checked"
        if self.advisory:
            return self.advisory
        return "current" if self.current == self.latest else "outdated"


def findings(spec: AutomationSpec, plan: Plan) -> tuple[Finding, ...]:
    """Return the findings of the run; the same plan gives the same findings."""
    rng = Random(plan.seed)
    suffix = next((s for s in _PACKAGES if any(file.endswith(s) for file in reversed(spec.files))), ".toml")
    packages = rng.sample(_PACKAGES[suffix], 7)
    return tuple(
        _finding(package, index in plan.uncertain | plan.skipped, rng) for index, package in enumerate(packages)
    )


def _finding(package: str, unknown: bool, rng: Random) -> Finding:
    major, minor, patch = rng.randint(0, 4), rng.randint(0, 30), rng.randint(0, 9)
    later = f"{major}.{minor + rng.randint(1, 4)}.0" if rng.random() < 0.45 else f"{major}.{minor}.{patch}"
    advisory = rng.choice(_ADVISORIES) if rng.random() < 0.12 else None
    return Finding(package, f"{major}.{minor}.{patch}", later, advisory, unknown)


def opening(spec: AutomationSpec, workspace: str) -> Iterator[Step]:
    """Yield the steps until the clone begins."""
    yield milestone_step(0.0, "initializing", "Initializing workspace", 5, workspaceDir=workspace)
    yield log_step(0.0, "info", "init", "Starting Dependency Report automation")
    yield log_step(0.6, "info", "workspace", "Creating workspace directory", workspaceDir=workspace)
    yield milestone_step(0.7, "cloning", "Cloning repository", 15, repository=spec.fork_url)
    yield log_step(0.1, "info", "git", "Cloning repository", repository=spec.fork_url, branch=spec.branch, depth=1)
    yield log_step(1.1, "debug", "git", "Receiving objects: 58%", objects=733)
    yield progress_step(0.9, 21)


def cloned(spec: AutomationSpec, commit: str) -> Iterator[Step]:
    """Yield the steps from the finished clone until the first dependency."""
    yield change_step(lambda snapshot: replace(snapshot, cloned=True, commit=commit))
    yield log_step(0.3, "info", "git", "Repository cloned", branch=spec.branch, commit=commit[:12])
    yield milestone_step(0.5, "reading-manifests", "Reading manifests", 30, manifests=list(spec.files))
    for file in spec.files:
        yield log_step(0.7, "info", "resolution", "Manifest read", file=file)
    yield progress_step(0.6, 34)


def checking(found: Sequence[Finding], first: int, end: int) -> Iterator[Step]:
    """Yield the steps for the dependencies from index ``first`` to before ``end``."""
    total = len(found)
    for index in range(first, end):
        finding, start = found[index], 40 + 45 * index // total
        yield milestone_step(
            0.5, "checking-dependencies", f"Checking: {finding.package}", start, checked=index, total=total
        )
        yield log_step(0.5, "debug", "resolution", "Asking the index", package=finding.package, current=finding.current)
        yield progress_step(1.1, start + 3)
        yield _finding_step(finding)


def _finding_step(finding: Finding) -> Step:
    named = {"package": finding.package, "current": finding.current}
    if finding.unknown:
        return log_step(1.2, "warn", "resolution", "The index did not answer, left unchecked", **named)
    if finding.advisory:
        return log_step(0.9, "warn", "resolution", "Known vulnerability", **named, advisory=finding.advisory)
    if finding.current != finding.latest:
        return log_step(0.7, "info", "resolution", "Outdated", **named, latest=finding.latest)
    return log_step(0.5, "debug", "resolution", "Current", **named)


def writing(found: Sequence[Finding]) -> Iterator[Step]:
    """Yield the steps in which the report is written."""
    yield milestone_step(0.6, "writing-report", "Writing report", 92, dependencies=len(found))
    yield log_step(1.2, "info", "complete", "Report written", **counts(found))


def counts(found: Sequence[Finding]) -> dict[str, int]:
    """Return how many dependencies are in each state, by the field names of the log."""
    verdicts = [finding.verdict for finding in found]
    return {
        "total": len(found),
        "outdated": verdicts.count("outdated"),
        "vulnerable": sum(finding.advisory is not None and not finding.unknown for finding in found),
        "unchecked": verdicts.count("not checked"),
    }
