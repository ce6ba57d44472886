"""The clone of a run, made by real git, or simulated if git is not installed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Protocol

from clawtui.demo.runs.fork_script import DEPTH, Conflict
from clawtui.demo.runs.git import Git, GitFailed
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.scripted_run import ERRORS, commit_name, simulated_conflicts
from clawtui.demo.seed.fleet_spec import REPORT, AutomationSpec
from clawtui.demo.seed.repositories import Remotes
from clawtui.demo.seed.sources import hunks, reconcile
from clawtui.model.paths import CLONE_NAME


class Checkout(Protocol):
    """The operations of a run on its clone. Each method raises GitFailed with a reason in one line."""

    async def prepare(self) -> None:
        """Commit to the remote repositories, so that they diverge before the run starts."""

    async def clone(self) -> str:
        """Clone the fork; return its commit."""

    async def fetch(self) -> tuple[str, int]:
        """Fetch upstream; return its commit, and how many commits the fork is behind."""

    async def merge(self) -> tuple[Conflict, ...]:
        """Merge upstream; return the files that conflict."""

    async def resolve(self, conflict: Conflict, by_model: bool) -> None:
        """Resolve one file: with lines of both sides, or with the fork's side if the model leaves it to a person."""

    async def commit(self, branch: str) -> None:
        """Commit the merge on a new branch."""

    async def push(self, branch: str) -> None:
        """Push the branch to the fork."""

    async def patch(self) -> str:
        """Return the changes of the merge in the fork, as a patch."""

    def size(self) -> int:
        """Return the size of the clone in bytes."""


class GitCheckout:
    """A clone by real git."""

    def __init__(self, git: Git, remotes: Remotes, spec: AutomationSpec, plan: Plan, workspace: Path) -> None:
        self._git = git
        self._remotes = remotes
        self._role = spec
        self._plan = plan
        self._workspace = workspace
        self._clone = workspace / CLONE_NAME

    async def prepare(self) -> None:
        """See Checkout."""
        await self._remotes.prepare(self._role, self._plan)

    async def clone(self) -> str:
        """See Checkout."""
        depth = 1 if self._role.type == REPORT else DEPTH
        options = ("--quiet", "--template=", f"--depth={depth}", f"--branch={self._role.branch}")
        try:
            await self._git.run("clone", *options, self._role.fork_url, CLONE_NAME, cwd=self._workspace)
        except GitFailed as error:
            raise GitFailed(f"Failed to clone repository: {error}") from error
        return await self._in_clone("rev-parse", "HEAD")

    async def fetch(self) -> tuple[str, int]:
        """See Checkout."""
        await self._in_clone("remote", "add", "upstream", self._role.upstream_url)
        await self._in_clone("fetch", "--quiet", "upstream", self._role.branch)
        commit = await self._in_clone("rev-parse", "FETCH_HEAD")
        return commit, int(await self._in_clone("rev-list", "--count", "HEAD..FETCH_HEAD"))

    async def merge(self) -> tuple[Conflict, ...]:
        """See Checkout."""
        try:
            await self._in_clone("merge", "--quiet", "--no-ff", "--no-commit", f"upstream/{self._role.branch}")
        except GitFailed:
            files = (await self._in_clone("diff", "--name-only", "--diff-filter=U")).splitlines()
            if not files:
                raise
            return tuple(Conflict(file, hunks((self._clone / file).read_text())) for file in files)
        return ()

    async def resolve(self, conflict: Conflict, by_model: bool) -> None:
        """See Checkout."""
        path = self._clone / conflict.file
        if by_model:
            path.write_text(reconcile(path.read_text()))
        else:
            await self._in_clone("checkout", "--quiet", "--ours", "--", conflict.file)
        await self._in_clone("add", "--", conflict.file)

    async def commit(self, branch: str) -> None:
        """See Checkout."""
        await self._in_clone("commit", "--quiet", "--message", f"Merge upstream into {self._role.branch}")
        await self._in_clone("checkout", "--quiet", "-b", branch)

    async def push(self, branch: str) -> None:
        """See Checkout."""
        refuse = self._plan.ending == "push-rejected"
        option = ["--receive-pack=git -c receive.maxInputSize=256 receive-pack"] if refuse else []
        try:
            await self._in_clone("push", "--quiet", *option, "origin", branch)
        except GitFailed as error:
            raise GitFailed(f"Push rejected: {error}") from error
        self._remotes.pushed(self._role, branch)

    async def patch(self) -> str:
        """See Checkout."""
        return await self._in_clone("diff", f"origin/{self._role.branch}", "HEAD") + "\n"

    def size(self) -> int:
        """See Checkout."""
        return sum((Path(folder) / name).lstat().st_size for folder, _, names in os.walk(self._clone) for name in names)

    async def _in_clone(self, *arguments: str) -> str:
        return await self._git.run(*arguments, cwd=self._clone)


class SimulatedCheckout:
    """A simulated clone, without git."""

    def __init__(self, spec: AutomationSpec, plan: Plan) -> None:
        self._plan = plan
        self._rng = Random(plan.seed)
        self._conflicts = simulated_conflicts(spec, plan)

    async def prepare(self) -> None:
        """See Checkout."""

    async def clone(self) -> str:
        """See Checkout."""
        self._fail_if("clone-fails")
        return commit_name(self._rng)

    async def fetch(self) -> tuple[str, int]:
        """See Checkout."""
        return commit_name(self._rng), self._rng.randint(3, 14)

    async def merge(self) -> tuple[Conflict, ...]:
        """See Checkout."""
        return self._conflicts

    async def resolve(self, conflict: Conflict, by_model: bool) -> None:
        """See Checkout."""

    async def commit(self, branch: str) -> None:
        """See Checkout."""

    async def push(self, branch: str) -> None:
        """See Checkout."""
        self._fail_if("push-rejected")

    async def patch(self) -> str:
        """See Checkout."""
        return _simulated_patch(self._conflicts)

    def size(self) -> int:
        """See Checkout."""
        return 0

    def _fail_if(self, ending: str) -> None:
        if self._plan.ending == ending:
            raise GitFailed(ERRORS[self._plan.ending])


def _simulated_patch(conflicts: Sequence[Conflict]) -> str:
    return "".join(
        f"diff --git a/{c.file} b/{c.file}\n--- a/{c.file}\n+++ b/{c.file}\n"
        "@@ -12,2 +12,2 @@\n     workers: 8,\n-    retries: 2,\n+    retries: 5,\n"
        for c in conflicts
    )
