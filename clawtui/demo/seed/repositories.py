"""The upstreams and forks that the demo's runs work on: bare repositories of this machine that drift apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from clawtui.demo.runs.git import Git
from clawtui.demo.runs.plan import Plan
from clawtui.demo.seed.fleet_spec import REPORT, Role
from clawtui.demo.seed.sources import INITIAL, SourceOptions, common_files, source

_FIXES = (
    "Handle an empty input",
    "Do not retry what was cancelled",
    "Keep the order of equal entries",
    "Close the file on every path",
    "Accept a trailing slash",
    "Say which setting was refused",
    "Avoid a copy of the whole buffer",
    "Follow the renamed option",
)
_HIDDEN = "hidden-by-the-demo"


@dataclass(slots=True)
class _Lineage:
    """What is known of one fork and its upstream."""

    theirs: dict[str, SourceOptions]
    ours: dict[str, SourceOptions]
    changes: list[str] = field(default_factory=list)
    """The lines of upstream's CHANGELOG."""
    pushed: str | None = None
    """The branch of the last run, which nobody has merged yet."""
    conflicting: bool = False
    """Whether the two sides disagree already."""


@dataclass(frozen=True, slots=True)
class _Commit:
    message: str
    files: Mapping[str, str]


class Remotes:
    """Makes each repository when it is first wanted, and lets it drift before every run."""

    def __init__(self, git: Git, roles: Sequence[Role], rng: Random) -> None:
        self._git = git
        self._rng = rng
        self._owners = {role.fork: role for role in reversed(roles) if role.type != REPORT}
        self._lineages: dict[str, _Lineage] = {}

    def bare(self, name: str) -> Path:
        """The bare repository of ``user/repository``."""
        return self._git.remotes / f"{name}.git"

    async def prepare(self, role: Role, plan: Plan) -> None:
        """Makes the remotes such that ``plan`` can happen to ``role``: its conflicts, and its failure to clone."""
        owner = self._owners.get(role.fork, role)
        lineage = self._lineages.get(owner.fork) or await self._found(owner)
        fork = self.bare(owner.fork)
        if not await self._git.succeeds("show-ref", "--verify", "--quiet", f"refs/heads/{owner.branch}", cwd=fork):
            await self._git.run("branch", "-m", _HIDDEN, owner.branch, cwd=fork)
        if role.type != REPORT:
            await self._drift(owner, lineage, plan)
        if plan.ending == "clone-fails":
            await self._git.run("branch", "-m", owner.branch, _HIDDEN, cwd=fork)

    def pushed(self, role: Role, branch: str) -> None:
        """Remembers what the next run finds merged."""
        self._lineages[role.fork].pushed = branch

    async def _found(self, role: Role) -> _Lineage:
        """The upstream with its first commit, and the fork as a copy of it."""
        upstream, fork = self.bare(role.upstream), self.bare(role.fork)
        upstream.mkdir(parents=True)
        await self._git.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={role.branch}", cwd=upstream)
        knobs = dict.fromkeys(role.files, INITIAL)
        files = common_files(role) | {path: source(path, INITIAL) for path in role.files}
        await self._commit(upstream, role.branch, [_Commit("Begin", files)])
        if fork != upstream:
            await self._git.run(
                "clone", "--quiet", "--bare", "--template=", str(upstream), str(fork), cwd=self._git.remotes
            )
        lineage = self._lineages[role.fork] = _Lineage(dict(knobs), dict(knobs))
        return lineage

    async def _drift(self, role: Role, lineage: _Lineage, plan: Plan) -> None:
        """Merges what the last run pushed, then lets both sides commit: apart in ``plan.conflicts`` files."""
        fork = self.bare(role.fork)
        if lineage.pushed is not None:
            await self._git.run("branch", "-f", role.branch, lineage.pushed, cwd=fork)
            lineage.pushed, lineage.conflicting = None, False
        disputed = []
        if not lineage.conflicting:
            disputed = self._rng.sample(role.files, min(plan.conflicts, len(role.files)))
            lineage.conflicting = bool(disputed)
        both = {path: self._rng.random() < 0.4 for path in disputed}
        for side in (lineage.theirs, lineage.ours):
            side.update({path: side[path].turned(self._rng, both[path]) for path in disputed})
        await self._commit(self.bare(role.upstream), role.branch, self._upstream_commits(lineage, disputed))
        if disputed:
            files = {path: source(path, lineage.ours[path]) for path in disputed}
            await self._commit(fork, role.branch, [_Commit("Tune the limits for our machines", files)])

    def _upstream_commits(self, lineage: _Lineage, disputed: Iterable[str]) -> list[_Commit]:
        commits = [
            _Commit(f"Raise the limits of {Path(path).name}", {path: source(path, lineage.theirs[path])})
            for path in disputed
        ]
        for _ in range(self._rng.randint(2, 9)):
            fix = self._rng.choice(_FIXES)
            lineage.changes.append(f"- {fix} (#{1000 + len(lineage.changes)})")
            commits.append(_Commit(fix, {"CHANGELOG.md": "\n".join(["# Changes", "", *lineage.changes, ""])}))
        return commits

    async def _commit(self, bare: Path, branch: str, commits: Sequence[_Commit]) -> None:
        """Adds ``commits`` to ``branch``, all with one process."""
        reference = f"refs/heads/{branch}"
        exists = await self._git.succeeds("show-ref", "--verify", "--quiet", reference, cwd=bare)
        parents = [f"{reference}^0" if exists else None] + [None] * len(commits)
        stream = b"".join(
            _fast_import(commit, reference, parent) for commit, parent in zip(commits, parents, strict=False)
        )
        await self._git.run("fast-import", "--quiet", "--date-format=now", cwd=bare, stdin=stream)


def _fast_import(commit: _Commit, reference: str, parent: str | None) -> bytes:
    """One commit of the stream; only the first names its parent, each other one follows the one before."""
    message = commit.message.encode()
    lines = [b"commit %s" % reference.encode(), b"committer Ada Brook <ada@upstream.example> now"]
    lines += [b"data %d" % len(message), message]
    if parent is not None:
        lines.append(b"from %s" % parent.encode())
    for path, text in commit.files.items():
        data = text.encode()
        lines += [b"M 100644 inline %s" % path.encode(), b"data %d" % len(data), data]
    return b"\n".join(lines) + b"\n"
