"""The upstreams and forks of the demo: bare repositories on this machine that diverge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from random import Random

from msgspec import Struct, field

from clawtui.demo.runs.git import Git
from clawtui.demo.runs.plan import Plan
from clawtui.demo.seed.fleet_spec import REPORT, AutomationSpec
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


class _ForkState(Struct):
    """The state of one fork and its upstream."""

    theirs: dict[str, SourceOptions]
    ours: dict[str, SourceOptions]
    changes: list[str] = field(default_factory=list)
    """The lines of upstream's CHANGELOG."""
    pushed: str | None = None
    """The branch of the last run, which is not merged yet."""
    conflicting: bool = False
    """Whether the two sides already conflict."""


class _Commit(Struct, frozen=True):
    message: str
    files: Mapping[str, str]


class Remotes:
    """The remote repositories. Each is created when it is first needed, and diverges before every run."""

    def __init__(self, git: Git, specs: Sequence[AutomationSpec], rng: Random) -> None:
        self._git = git
        self._rng = rng
        self._owners = {spec.fork: spec for spec in reversed(specs) if spec.type != REPORT}
        self._fork_states: dict[str, _ForkState] = {}

    def bare(self, name: str) -> Path:
        """Return the path of the bare repository of ``user/repository``."""
        return self._git.remotes / f"{name}.git"

    async def prepare(self, spec: AutomationSpec, plan: Plan) -> None:
        """Change the remotes of ``spec`` for ``plan``: its conflicts, or a clone that fails."""
        owner = self._owners.get(spec.fork, spec)
        fork_state = self._fork_states.get(owner.fork) or await self._create(owner)
        fork = self.bare(owner.fork)
        if not await self._git.succeeds("show-ref", "--verify", "--quiet", f"refs/heads/{owner.branch}", cwd=fork):
            await self._git.run("branch", "-m", _HIDDEN, owner.branch, cwd=fork)
        if spec.type != REPORT:
            await self._drift(owner, fork_state, plan)
        if plan.ending == "clone-fails":
            await self._git.run("branch", "-m", owner.branch, _HIDDEN, cwd=fork)

    def pushed(self, spec: AutomationSpec, branch: str) -> None:
        """Record ``branch``, which is merged before the next run."""
        self._fork_states[spec.fork].pushed = branch

    async def _create(self, spec: AutomationSpec) -> _ForkState:
        """Create the upstream with its first commit, and the fork as a copy of it."""
        upstream, fork = self.bare(spec.upstream), self.bare(spec.fork)
        upstream.mkdir(parents=True)
        await self._git.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={spec.branch}", cwd=upstream)
        options = dict.fromkeys(spec.files, INITIAL)
        files = common_files(spec) | {path: source(path, INITIAL) for path in spec.files}
        await self._commit(upstream, spec.branch, [_Commit("Begin", files)])
        if fork != upstream:
            await self._git.run(
                "clone", "--quiet", "--bare", "--template=", str(upstream), str(fork), cwd=self._git.remotes
            )
        fork_state = self._fork_states[spec.fork] = _ForkState(dict(options), dict(options))
        return fork_state

    async def _drift(self, spec: AutomationSpec, fork_state: _ForkState, plan: Plan) -> None:
        """Merge the branch of the last run, then commit to both sides, so that ``plan.conflicts`` files conflict."""
        fork = self.bare(spec.fork)
        if fork_state.pushed is not None:
            await self._git.run("branch", "-f", spec.branch, fork_state.pushed, cwd=fork)
            fork_state.pushed, fork_state.conflicting = None, False
        disputed = []
        if not fork_state.conflicting:
            disputed = self._rng.sample(spec.files, min(plan.conflicts, len(spec.files)))
            fork_state.conflicting = bool(disputed)
        both = {path: self._rng.random() < 0.4 for path in disputed}
        for side in (fork_state.theirs, fork_state.ours):
            side.update({path: side[path].changed(self._rng, both[path]) for path in disputed})
        await self._commit(self.bare(spec.upstream), spec.branch, self._upstream_commits(fork_state, disputed))
        if disputed:
            files = {path: source(path, fork_state.ours[path]) for path in disputed}
            await self._commit(fork, spec.branch, [_Commit("Tune the limits for our machines", files)])

    def _upstream_commits(self, fork_state: _ForkState, disputed: Iterable[str]) -> list[_Commit]:
        commits = [
            _Commit(f"Raise the limits of {Path(path).name}", {path: source(path, fork_state.theirs[path])})
            for path in disputed
        ]
        for _ in range(self._rng.randint(2, 9)):
            fix = self._rng.choice(_FIXES)
            fork_state.changes.append(f"- {fix} (#{1000 + len(fork_state.changes)})")
            commits.append(_Commit(fix, {"CHANGELOG.md": "\n".join(["# Changes", "", *fork_state.changes, ""])}))
        return commits

    async def _commit(self, bare: Path, branch: str, commits: Sequence[_Commit]) -> None:
        """Add ``commits`` to ``branch``, all with one process."""
        reference = f"refs/heads/{branch}"
        exists = await self._git.succeeds("show-ref", "--verify", "--quiet", reference, cwd=bare)
        parents = [f"{reference}^0" if exists else None] + [None] * len(commits)
        stream = b"".join(
            _fast_import(commit, reference, parent) for commit, parent in zip(commits, parents, strict=False)
        )
        await self._git.run("fast-import", "--quiet", "--date-format=now", cwd=bare, stdin=stream)


def _fast_import(commit: _Commit, reference: str, parent: str | None) -> bytes:
    """Return one commit of the stream. Only the first names its parent; each other one follows the previous one."""
    message = commit.message.encode()
    lines = [b"commit %s" % reference.encode(), b"committer Ada Brook <ada@upstream.example> now"]
    lines += [b"data %d" % len(message), message]
    if parent is not None:
        lines.append(b"from %s" % parent.encode())
    for path, text in commit.files.items():
        data = text.encode()
        lines += [b"M 100644 inline %s" % path.encode(), b"data %d" % len(data), data]
    return b"\n".join(lines) + b"\n"
