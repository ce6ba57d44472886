"""The factory of assignments: the checkout of a run, the name of its branch, the number of its pull request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from clawtui.demo.runs.checkout import GitCheckout, SimulatedCheckout
from clawtui.demo.runs.git import Git
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run import Assignment
from clawtui.demo.runs.run_state import RunIdentity
from clawtui.demo.runs.scripted_run import RunConditions, branch_name
from clawtui.demo.seed.repositories import Remotes
from clawtui.model.documents.lock import RepositoryLock
from clawtui.storage.paths import WORKSPACES

NO_GIT = "git was not found: cloning, merging and pushing are simulated"
_FIRST_PULL_REQUEST = 41


class RunFactory:
    """A factory of assignments. It keeps the number of the last pull request of each repository."""

    def __init__(self, automations: Path, tools: tuple[Git, Remotes] | None, pull_requests: Mapping[str, int]) -> None:
        """Prepare to assign runs.

        ``automations`` is the directory that has ``workspaces/``; ``pull_requests`` has the last number by
        ``user/repository``.
        """
        self._workspaces = automations / WORKSPACES
        self._tools = tools
        self._pull_requests = dict(pull_requests)

    def assign(self, identity: RunIdentity, plan: Plan, lock: RepositoryLock) -> Assignment:
        """Return the assignment of a run."""
        spec = identity.spec
        workspace = self._workspaces / spec.id
        number = self._pull_requests.get(spec.fork, _FIRST_PULL_REQUEST) + 1
        self._pull_requests[spec.fork] = number
        conditions = RunConditions(
            str(workspace), behind=0, pull_request=number, branch=branch_name(spec.id, identity.started)
        )
        if self._tools is None:
            return Assignment(identity, plan, conditions, SimulatedCheckout(spec, plan), lock, remark=NO_GIT)
        checkout = GitCheckout(*self._tools, spec, plan, workspace)
        return Assignment(identity, plan, conditions, checkout, lock)
