"""The demo's repositories, with the git of this machine."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random

import psutil
import pytest

from clawtui.demo.runs.checkout import GitCheckout, SimulatedCheckout
from clawtui.demo.runs.fork_script import Conflict
from clawtui.demo.runs.git import Git, GitFailed, find_git
from clawtui.demo.runs.plan import Ending, make_plan
from clawtui.demo.seed.fleet_spec import SPECS, AutomationSpec
from clawtui.demo.seed.repositories import Remotes

ROLE = SPECS[0]
REPORT = next(spec for spec in SPECS if spec.upstream == spec.fork and spec.fork == "mkessler/ruff")


class Bench:
    """Remotes in a directory, and any number of checkouts of them."""

    def __init__(self, directory: Path) -> None:
        program = find_git()
        assert program is not None
        self.directory = directory
        remotes = directory / "remotes"
        remotes.mkdir()
        self.git = Git(program, remotes)
        self._rng = Random(7)
        self.remotes = Remotes(self.git, SPECS, self._rng)
        self._count = 0

    async def checkout(
        self, ending: Ending = "success", conflicts: int = 0, spec: AutomationSpec = ROLE
    ) -> GitCheckout:
        plan = make_plan(spec, self._rng, ending, conflicts)
        self._count += 1
        self.workspace = self.directory / f"workspace-{self._count}"
        self.workspace.mkdir()
        checkout = GitCheckout(self.git, self.remotes, spec, plan, self.workspace)
        await checkout.prepare()
        return checkout

    def tip(self, repository: str, branch: str) -> str:
        command = ["git", "rev-parse", f"refs/heads/{branch}"]
        return subprocess.run(
            command, cwd=self.remotes.bare(repository), check=True, capture_output=True, text=True
        ).stdout.strip()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def _merged(checkout: GitCheckout) -> tuple[Conflict, ...]:
    await checkout.clone()
    await checkout.fetch()
    return await checkout.merge()


async def _published(checkout: GitCheckout, conflicts: Sequence[Conflict], branch: str) -> None:
    for conflict in conflicts:
        await checkout.resolve(conflict, by_model=True)
    await checkout.commit(branch)
    await checkout.push(branch)


@pytest.mark.parametrize("planned", [0, 1, 3, 5])
async def test_exactly_the_planned_number_of_files_really_conflicts(bench: Bench, planned: int) -> None:
    conflicts = await _merged(await bench.checkout(conflicts=planned))
    assert len(conflicts) == planned
    assert {conflict.file for conflict in conflicts} <= set(ROLE.files)
    assert all(conflict.hunks >= 1 for conflict in conflicts)


async def test_a_resolved_merge_is_pushed_to_the_fork_and_found_merged_by_the_next_run(bench: Bench) -> None:
    checkout = await bench.checkout(conflicts=2)
    await _published(checkout, await _merged(checkout), "smart-sync/first")
    assert "+" in await checkout.patch()
    assert checkout.size() > 1000
    pushed = bench.tip(ROLE.fork, "smart-sync/first")
    again = await bench.checkout(conflicts=1)
    conflicts = await _merged(again)
    assert len(conflicts) == 1
    assert await bench.git.succeeds("merge-base", "--is-ancestor", pushed, "HEAD", cwd=bench.workspace / "repo")


async def test_an_unresolved_conflict_keeps_the_side_of_the_fork(bench: Bench) -> None:
    checkout = await bench.checkout(conflicts=1)
    (conflict,) = await _merged(checkout)
    await checkout.resolve(conflict, by_model=False)
    await checkout.commit("smart-sync/x")
    assert await bench.git.run("diff", "origin/main", "HEAD", "--", conflict.file, cwd=bench.workspace / "repo") == ""


async def test_the_clone_knows_only_the_addresses_that_people_know(bench: Bench) -> None:
    await _merged(await bench.checkout())
    config = (bench.workspace / "repo" / ".git" / "config").read_text()
    assert ROLE.fork_url in config
    assert ROLE.upstream_url in config
    assert str(bench.directory) not in config


async def test_a_planned_failure_to_clone_is_a_real_one_and_passes(bench: Bench) -> None:
    with pytest.raises(GitFailed, match="Remote branch main not found") as failure:
        await (await bench.checkout("clone-fails")).clone()
    assert str(bench.directory) not in str(failure.value)
    assert await (await bench.checkout()).clone()


async def test_a_planned_refusal_of_the_push_is_a_real_one(bench: Bench) -> None:
    checkout = await bench.checkout("push-rejected", conflicts=1)
    conflicts = await _merged(checkout)
    with pytest.raises(GitFailed, match="Push rejected") as failure:
        await _published(checkout, conflicts, "smart-sync/refused")
    assert str(bench.directory) not in str(failure.value)
    assert not await bench.git.succeeds("rev-parse", "smart-sync/refused", cwd=bench.remotes.bare(ROLE.fork))


async def test_a_report_and_a_sync_of_one_fork_share_its_repository(bench: Bench) -> None:
    owner = next(spec for spec in SPECS if spec.fork == REPORT.fork and spec.upstream != spec.fork)
    commit = await (await bench.checkout(spec=REPORT)).clone()
    assert commit == bench.tip(owner.fork, "main")
    assert len(await _merged(await bench.checkout(conflicts=2, spec=owner))) == 2


async def test_the_callers_git_does_not_lead_it_astray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "no-such-file"))
    assert await (await Bench(tmp_path).checkout()).clone()


async def test_git_never_leaves_this_machine(bench: Bench, tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="transport 'ssh' not allowed"):
        await bench.git.run("ls-remote", "ssh://git@localhost/x.git", cwd=tmp_path)


async def test_cancelling_ends_git(bench: Bench, tmp_path: Path) -> None:
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    waiting = asyncio.create_task(bench.git.run("hash-object", endless.name, cwd=tmp_path))
    while (writer := _open_once_it_is_read(endless)) is None:
        await asyncio.sleep(0)
    for _ in range(100):  # until nothing but git itself is waited for
        await asyncio.sleep(0)
    (git,) = _gits()
    waiting.cancel()
    await asyncio.wait([waiting], timeout=5)
    assert waiting.cancelled()
    assert not git.is_running()
    os.close(writer)


def _open_once_it_is_read(fifo: Path) -> int | None:
    try:
        return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
    except OSError:
        return None


def _gits() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if child.name() == "git"]


async def test_without_git_the_run_has_the_same_milestones() -> None:
    checkout = SimulatedCheckout(ROLE, make_plan(ROLE, Random(1), "push-rejected", 3))
    assert await checkout.clone()
    assert len(await checkout.merge()) == 3
    with pytest.raises(GitFailed, match="Push rejected"):
        await checkout.push("smart-sync/x")
