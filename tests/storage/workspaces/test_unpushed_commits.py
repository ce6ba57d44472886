"""Commits of a clone that are nowhere else are counted, and nothing of the clone is executed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from clawtui.storage.workspaces import unpushed_commits
from clawtui.storage.workspaces.unpushed_commits import Unpushed, count_unpushed

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

WORKSPACE = "workspaces/sync-main"


def git(directory: Path, *arguments: str) -> None:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(directory)}
    who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    command = ["git", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", *arguments]
    subprocess.run(command, cwd=directory, env={**os.environ, **own, **who}, check=True, capture_output=True)


def commit(directory: Path, name: str) -> None:
    (directory / name).write_text(name)
    git(directory, "add", name)
    git(directory, "commit", "-m", name)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """Return a repository with three commits and a tag."""
    path = tmp_path / "remote"
    path.mkdir()
    git(path, "init")
    for name in ("one", "two", "three"):
        commit(path, name)
    git(path, "tag", "v1")
    return path


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "state/automations"
    (path / WORKSPACE).mkdir(parents=True)
    return path


def cloned(base: Path, remote: Path, *options: str) -> Path:
    path = base / WORKSPACE / "repo"
    git(base, "clone", *options, f"file://{remote}", str(path))
    return path


@pytest.mark.parametrize("options", [(), ("--depth", "1"), ("--branch", "v1"), ("--single-branch",)])
def test_a_fresh_clone_has_none(base: Path, remote: Path, options: tuple[str, ...]) -> None:
    cloned(base, remote, *options)
    assert count_unpushed(base, WORKSPACE) == Unpushed(0)


@pytest.mark.parametrize("depth", [(), ("--depth", "1")])
def test_commits_count_on_branches_a_detached_head_and_in_a_stash(
    base: Path, remote: Path, depth: tuple[str, ...]
) -> None:
    clone = cloned(base, remote, *depth)
    commit(clone, "four")
    assert count_unpushed(base, WORKSPACE) == Unpushed(1)
    git(clone, "checkout", "-b", "other")
    commit(clone, "five")
    git(clone, "checkout", "--detach")
    commit(clone, "six")
    assert count_unpushed(base, WORKSPACE) == Unpushed(3)
    git(clone, "pack-refs", "--all")
    assert count_unpushed(base, WORKSPACE) == Unpushed(3)
    (clone / "one").write_text("changed")
    git(clone, "stash")
    assert count_unpushed(base, WORKSPACE).commits == 5, "a stash is two commits"


def test_pushed_commits_do_not_count(base: Path, remote: Path) -> None:
    clone = cloned(base, remote)
    git(clone, "checkout", "-b", "feature")
    commit(clone, "four")
    git(clone, "push", "origin", "feature")
    assert count_unpushed(base, WORKSPACE) == Unpushed(0)
    git(clone, "tag", "local")
    assert count_unpushed(base, WORKSPACE) == Unpushed(0)


def test_a_repository_without_a_remote_has_all_of_them(base: Path, remote: Path) -> None:
    shutil.copytree(remote, base / WORKSPACE / "repo")
    assert count_unpushed(base, WORKSPACE) == Unpushed(3)
    shutil.rmtree(base / WORKSPACE / "repo")
    cloned(base, remote, "--bare")
    assert count_unpushed(base, WORKSPACE) == Unpushed(3)


def test_a_workspace_without_a_clone_has_none(base: Path) -> None:
    assert count_unpushed(base, WORKSPACE) == Unpushed(0)
    (base / WORKSPACE / "repo/src").mkdir(parents=True)
    assert count_unpushed(base, WORKSPACE) == Unpushed(0)


def test_nothing_of_the_clone_is_executed_fetched_or_written(base: Path, remote: Path, tmp_path: Path) -> None:
    clone = cloned(base, remote, "--filter=blob:none")
    commit(clone, "four")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o700)
    for hook in ("post-index-change", "reference-transaction", "pre-auto-gc", "post-checkout"):
        shutil.copy(trap, clone / ".git/hooks" / hook)
    settings = ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "core.gitProxy", "gpg.program")
    for setting in (*settings, "core.alternateRefsCommand", "filter.x.clean", "filter.x.process", "diff.external"):
        git(clone, "config", setting, str(trap))
    git(clone, "config", "remote.origin.url", f"ext::{trap}")
    git(clone, "config", "protocol.allow", "always")
    (clone / ".gitattributes").write_text("* filter=x\n")
    before = {path: path.stat().st_mtime_ns for path in clone.rglob("*")}
    assert count_unpushed(base, WORKSPACE) == Unpushed(1)
    assert {path: path.stat().st_mtime_ns for path in clone.rglob("*")} == before
    assert not (tmp_path / "sprung").exists()


def test_an_unknown_number_of_commits_has_a_reason(
    base: Path, remote: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = cloned(base, remote)
    commit(clone, "four")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert count_unpushed(base, WORKSPACE) == Unpushed(None, "git is not installed")
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o700)
    monkeypatch.setattr(unpushed_commits, "TIMEOUT", 0.2)
    assert count_unpushed(base, WORKSPACE).why.startswith("git did not answer within")
    monkeypatch.undo()
    shutil.rmtree(clone / ".git/objects")
    (clone / ".git/objects").mkdir()
    assert count_unpushed(base, WORKSPACE).commits is None
    shutil.rmtree(clone / ".git")
    (clone / ".git").symlink_to(remote / ".git")
    assert "symbolic link" in count_unpushed(base, WORKSPACE).why
    (clone / ".git").unlink()
    (clone / ".git").write_text(f"gitdir: {remote}/.git")
    assert count_unpushed(base, WORKSPACE).commits is None


def test_the_clone_of_another_user_is_read_too(base: Path, remote: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make files that are another's")
    clone = cloned(base, remote)
    commit(clone, "four")
    for path in (clone, *clone.rglob("*")):
        os.chown(path, 12345, 12345)
    assert count_unpushed(base, WORKSPACE) == Unpushed(1)
