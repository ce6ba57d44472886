"""``doctor --fix --yes`` over every finding, beside files that neither the gateway nor clawtui wrote: untouched."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.processes import environment, run
from tests.gateway_root import GatewayRoot, iso
from tests.operations.ailing import HOUR, IN_AILING, write_ailing
from tests.operations.evidence.test_processes import ended_pid

INSIDE = (
    "notes.txt",
    "automations/notes.txt",
    "automations/my-folder/deep/notes.json",
    "automations/config/README.md",
    "automations/config/notes/todo.txt",
    "automations/workspaces/README",
    "automations/workspaces/my-notes/important.txt",
    "automations/workspaces/my-notes/draft.4711.1.tmp",
    "automations/workspaces/lost+found/#12345",
    "automations/workspaces/@eaDir/SYNO@.fileindexdb",
    "automations/workspaces/.hidden/file",
    "automations/workspaces/sync-gone/notes-of-mine.txt",
    "automations/workspaces/clone-without-documents/repo/src/work.ts",
    "automations/logs/smart-sync-fork/notes.txt",
    "automations/locks/README",
    "automations/locks/notes/keep.txt",
    "logs/sessions/2020-01-01.jsonl",
    "config/settings.json",
)
LONG_AGO = 1_500_000_000


def plant(path: Path) -> None:
    """Write a file of another owner, years old, with modes of its own, in directories of its own."""
    for parent in reversed(path.parents):
        if not parent.exists():
            parent.mkdir(mode=0o755)
            parent.chmod(0o755)
    path.write_text("not yours")
    path.chmod(0o644)
    os.utime(path, (LONG_AGO, LONG_AGO))


def picture(paths: list[Path]) -> dict[str, tuple[object, ...]]:
    """Return every attribute of each file, and the modes of the directories that hold it."""
    return {
        str(path): (
            path.read_bytes(),
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            path.stat().st_ino,
            path.stat().st_uid,
        )
        for path in paths
    }


@pytest.fixture
def canaries(gateway: GatewayRoot, tmp_path: Path) -> list[Path]:
    """Write an ailing state directory, with files of others inside it, around it and behind links in it."""
    ward = write_ailing(gateway)
    gateway.write_json(
        "workspaces/copy-of-gone/state.json", {"automationId": "sync-gone", "sessionId": "s", "status": "x"}
    )
    cut = gateway.write(f"workspaces/.clawtui-removing.{ended_pid()}.0123abcd/sync-cut/repo/file", "x").parents[2]
    os.utime(cut, (LONG_AGO, LONG_AGO))
    ward.state("sync-gone-2", "completed", 3 * HOUR, 2 * HOUR)
    repository = {"forkUrl": "git@h:u/gone.git", "upstreamUrl": "git@h:u/gone.git", "branch": "main"}
    ward.info("sync-gone-2", "complete", 2 * HOUR, repository=repository)
    outside = [
        tmp_path / "outside" / name for name in ("2020-01-01.jsonl", "state.json", "x.lock", "a.1.2.tmp", "file")
    ]
    planted = [*outside, *(gateway.root / name for name in INSIDE)]
    for path in planted:
        plant(path)
    (gateway.automations / "workspaces/sync-gone-2/repo").mkdir()
    for link in ("workspaces/linked", "workspaces/sync-gone-2/repo/linked", "logs/linked"):
        (gateway.automations / link).symlink_to(tmp_path / "outside")
    (gateway.automations / "workspaces/sync-gone-2/repo/hard").hardlink_to(outside[-1])
    return [*planted, gateway.automations / "workspaces/copy-of-gone/state.json"]


def test_no_fix_touches_files_of_others(gateway: GatewayRoot, canaries: list[Path], tmp_path: Path) -> None:
    directories = {path.parent: path.parent.stat().st_mode for path in canaries}
    before = picture(canaries)
    env = environment(XDG_STATE_HOME=str(tmp_path / "own-state"), XDG_CONFIG_HOME=str(tmp_path / "own-config"))
    ended = run("--root", str(gateway.root), "doctor", "--fix", "--yes", env=env)
    assert ended.returncode == 1, ended.stderr
    mended = {line.split()[1] for line in ended.stdout.splitlines() if line.startswith("fixed")}
    assert {"workspace-orphaned", "workspace-cut-short", "wrong-mode", "leftover-temp", "run-dead"} <= mended
    assert mended & (IN_AILING | {"workspace-cut-short"}) == mended
    assert not (gateway.automations / "workspaces/sync-gone-2").exists(), "what is an orphaned workspace went"
    assert picture(canaries) == before
    own = {gateway.automations / "workspaces/sync-gone", gateway.automations / "logs/smart-sync-fork"}
    own |= {gateway.automations / "locks", gateway.automations / "config", gateway.automations / "workspaces"}
    own |= {gateway.automations, gateway.automations / "workspaces/copy-of-gone"}
    changed = {path for path, mode in directories.items() if path.stat().st_mode != mode} - own
    assert {path.relative_to(gateway.root).as_posix() for path in changed} <= {
        "automations/locks/notes",
        "automations/config/notes",
    }
    reasons = " ".join(ended.stdout.split())
    assert "workspaces/sync-gone/notes-of-mine.txt is nothing that the gateway writes" in reasons


@pytest.mark.parametrize("name", ["my-notes", "lost+found", "@eaDir"])
def test_a_directory_without_workspace_documents_is_no_finding(gateway: GatewayRoot, name: str) -> None:
    gateway.automations.chmod(0o700)
    plant(gateway.automations / "workspaces" / name / "important.txt")
    (gateway.automations / "workspaces").chmod(0o700)
    ended = run("--root", str(gateway.root), "doctor", "--fix", "--yes")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert (gateway.automations / "workspaces" / name / "important.txt").read_text() == "not yours"


def test_commits_that_are_nowhere_else_keep_a_workspace_and_are_counted(gateway: GatewayRoot) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    gateway.state("sync-gone", status="completed")
    clone = gateway.automations / "workspaces/sync-gone/repo"
    clone.mkdir()
    who = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in (("init",), *(("commit", "--allow-empty", "-m", name) for name in ("one", "two"))):
        subprocess.run(["git", *command], cwd=clone, env={**os.environ, **who}, check=True, capture_output=True)
    root = ("--root", str(gateway.root))
    ended = run(*root, "doctor", "--fix", "--yes")
    assert ended.returncode == 1
    assert "2 commits in workspaces/sync-gone/repo are nowhere else" in " ".join(ended.stdout.split())
    refused = run(*root, "workspace", "clean", "sync-gone", "--yes")
    assert refused.returncode == 3 and "--force unpushed" in refused.stderr
    assert (clone / ".git/HEAD").exists()
    without_git = run(*root, "workspace", "clean", "sync-gone", "--yes", env=environment(PATH="/nonexistent"))
    assert without_git.returncode == 3 and "git is not installed" in without_git.stderr
    assert run(*root, "workspace", "clean", "sync-gone", "--yes", "--force", "unpushed").returncode == 0
    assert not clone.exists()


def test_the_workspace_of_a_live_run_is_no_finding_and_is_kept(gateway: GatewayRoot) -> None:
    """An older session's state, and a new session that is cloning: its lock and slot are a living process's."""
    ward = write_ailing(gateway)
    now = iso(ward.now)
    for id in ("sync-gone", "sync-stuck", "sync-stale"):
        gateway.lock(f"github.com/user/{id}", id, sessionId="cron:new", acquiredAt=now)
        gateway.write(f"workspaces/{id}/repo/file", "being cloned")
    run("--root", str(gateway.root), "doctor", "--fix", "--yes")
    for id in ("sync-gone", "sync-stuck", "sync-stale"):
        assert (gateway.automations / f"workspaces/{id}/repo/file").exists()
