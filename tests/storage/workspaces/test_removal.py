"""A workspace is removed only as it was judged, and a killed removal loses nothing."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from clawtui.files.fs.tree_removal import remove_tree
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces import removal as workspace_removal
from clawtui.storage.workspaces.manager import WorkspaceManager
from clawtui.storage.workspaces.removal import finish_removal, list_workspaces_aside, remove_workspace
from tests.cli.processes import PROJECT, environment
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.operations.killing import killed_at

ID = "sync-main"
WORK = f"workspaces/{ID}/repo/src/work"


@pytest.fixture
def manager(gateway: GatewayRoot) -> WorkspaceManager:
    return WorkspaceManager(StatePaths(gateway.root))


def over(gateway: GatewayRoot) -> Path:
    """Write a workspace whose run has ended, with a file in its clone; return its path."""
    gateway.state(ID, status="completed")
    return gateway.write(WORK, "work").parents[2]


def inside(gateway: GatewayRoot) -> set[str]:
    base = gateway.automations / "workspaces"
    return {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}


# A run that came


def slot(gateway: GatewayRoot) -> object:
    return gateway.slots({"automationId": ID, "sessionId": "cron:new", "acquiredAt": iso(NOON), "slotNumber": 1})


def lock(gateway: GatewayRoot) -> object:
    return gateway.lock("github.com/user/repo", ID, sessionId="cron:new")


CLAIMS: dict[str, Callable[[GatewayRoot], object]] = {
    "lock": lock,
    "slot": slot,
    "lock and slot": lambda gateway: (lock(gateway), slot(gateway)),
    "unreadable lock": lambda gateway: gateway.write("locks/github.com-user-repo.lock", "{"),
    "unreadable slots": lambda gateway: gateway.write("config/concurrency-state.json", "{"),
}
STATES: dict[str, Callable[[GatewayRoot], object]] = {
    "no state, as it is cloning": lambda gateway: gateway.write(f"workspaces/{ID}/repo/.git/HEAD", "ref: x"),
    "an older session's state": lambda gateway: gateway.state(ID, status="completed", sessionId="cron:old"),
    "initializing": lambda gateway: gateway.state(ID, status="initializing", sessionId="cron:new"),
    "paused": lambda gateway: gateway.state(ID, status="paused", sessionId="cron:new"),
    "RUNNING": lambda gateway: gateway.state(ID, status="RUNNING", sessionId="cron:new"),
}


@pytest.mark.parametrize("act", ["clean", "create"])
@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("state", STATES)
def test_a_workspace_that_may_be_in_use_is_refused(
    manager: WorkspaceManager, gateway: GatewayRoot, state: str, claim: str, act: str
) -> None:
    STATES[state](gateway)
    gateway.write(WORK, "work")
    CLAIMS[claim](gateway)
    before = inside(gateway)
    with pytest.raises(Refused):
        getattr(manager, act)(ID)
    assert inside(gateway) == before
    manager.clean(ID, remove_live=True)
    assert not manager.exists(ID)


@pytest.mark.parametrize("status", ["running", "RUNNING", "initializing", "paused", "whatever"])
def test_a_status_that_ends_no_run_is_refused_without_any_claim(
    manager: WorkspaceManager, gateway: GatewayRoot, status: str
) -> None:
    gateway.state(ID, status=status)
    for act in (manager.clean, manager.create):
        with pytest.raises(Refused, match=r"state\.json"):
            act(ID)


def test_locks_and_slots_of_the_caller_s_session_are_no_obstacle(
    manager: WorkspaceManager, gateway: GatewayRoot
) -> None:
    over(gateway)
    lock(gateway), slot(gateway)
    with pytest.raises(Refused):
        manager.create(ID, session_id="cron:another")
    assert list(manager.create(ID, session_id="cron:new").iterdir()) == []


def test_another_automation_s_lock_is_no_obstacle(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    over(gateway)
    gateway.lock("github.com/user/other", "sync-other")
    manager.clean(ID)
    assert not manager.exists(ID)


# In the last instant


def test_a_lock_that_appears_at_the_last_instant_restores_the_workspace(gateway: GatewayRoot) -> None:
    inode = over(gateway).stat().st_ino
    before = inside(gateway)
    places = []

    def judge(place: str) -> None:
        places.append(place)
        if ".clawtui-aside" in place:
            raise Refused("a lock has come")

    with pytest.raises(Refused, match="has come"):
        remove_workspace(gateway.automations, ID, judge)
    assert [place.count("/") for place in places] == [1, 1, 2]
    assert inside(gateway) == before
    assert (gateway.automations / "workspaces" / ID).stat().st_ino == inode
    assert list_workspaces_aside(gateway.automations) == ()


def at_the_rename(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Have ``act`` done right before the first rename of the workspace."""
    rename, todo = os.rename, [act]

    def overtaken(source: str, target: str, **directories: int) -> None:
        if todo and source == ID:
            todo.pop()()
        rename(source, target, **directories)

    monkeypatch.setattr(os, "rename", overtaken)


def dispatch(gateway: GatewayRoot) -> None:
    """Do what a gateway does at the start of a run."""
    workspace = gateway.automations / "workspaces" / ID
    shutil.rmtree(workspace)
    workspace.mkdir()
    (workspace / "fresh").write_text("fresh")


def test_another_directory_that_has_the_name_in_the_last_instant_gets_it_back(
    manager: WorkspaceManager, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    over(gateway)
    at_the_rename(monkeypatch, lambda: dispatch(gateway))
    with pytest.raises(Changed, match="another run's"):
        manager.clean(ID, remove_live=True, remove_preserved=True)
    assert inside(gateway) == {f"{ID}/fresh"}


def test_a_document_that_is_written_in_the_last_instant_puts_everything_back(
    manager: WorkspaceManager, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    over(gateway)
    before = inside(gateway)
    at_the_rename(monkeypatch, lambda: gateway.state(ID, status="completed", note="later"))
    with pytest.raises(Changed, match="has written to it"):
        manager.clean(ID, remove_live=True)
    assert inside(gateway) == before


def test_the_judged_workspace_is_removed_although_a_new_one_exists(gateway: GatewayRoot) -> None:
    workspace = over(gateway)

    def judge(place: str) -> None:
        if ".clawtui-aside" in place:
            workspace.mkdir()
            (workspace / "fresh").write_text("fresh")
            raise Refused("a lock has come")

    remove_workspace(gateway.automations, ID, judge)
    assert inside(gateway) == {f"{ID}/fresh"}
    assert list_workspaces_aside(gateway.automations) == ()


def test_a_changed_workspace_that_cannot_be_put_back_is_kept_and_reported(gateway: GatewayRoot) -> None:
    workspace = over(gateway)

    def judge(place: str) -> None:
        if ".clawtui-aside" in place:
            workspace.mkdir()
            raise Changed("a run has written to it")

    with pytest.raises(Changed, match=r"\.clawtui-aside\."):
        remove_workspace(gateway.automations, ID, judge)
    (aside,) = list_workspaces_aside(gateway.automations)
    assert (gateway.automations / aside.path / "repo/src/work").read_text() == "work"
    with pytest.raises(Changed):
        finish_removal(gateway.automations, aside)
    workspace.rmdir()
    assert finish_removal(gateway.automations, aside) is False
    assert inside(gateway) == {f"{ID}/state.json", f"{ID}/repo/src/work"}


def test_an_id_of_any_length_is_set_aside(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    manager.create("x" * 255)
    manager.clean("x" * 255)
    assert manager.list_workspaces() == ()


# Killed

STEPS = (
    remove_workspace,
    workspace_removal._take,
    workspace_removal._holding,
    workspace_removal._put_back,
    remove_tree,
)


@pytest.mark.exhaustive
def test_a_removal_killed_at_any_line_is_found_and_finished(tmp_path: Path) -> None:
    seen = set()
    for step in itertools.count(1):
        gateway = GatewayRoot(tmp_path / str(step))
        over(gateway)
        before, base = inside(gateway), gateway.automations
        killed = killed_at(step, STEPS, lambda gateway=gateway: WorkspaceManager(StatePaths(gateway.root)).clean(ID))  # type: ignore[misc]
        asides = list_workspaces_aside(base)
        standing = (base / "workspaces" / ID).exists()
        seen.add((standing, *((bool(aside.automation_id), aside.verified) for aside in asides)))
        for aside in asides:
            finish_removal(base, aside)
        assert inside(gateway) in (before, set())
        assert list_workspaces_aside(base) == () and WorkspaceManager(StatePaths(gateway.root)).list_workspaces() in (
            (ID,),
            (),
        )
        if not killed:
            break
    unverified, removing = (False, (True, False)), (False, (True, True))
    assert {(True,), (True, (False, False)), unverified, removing, (False,)} <= seen


# Mounts

_IN_NAMESPACE = """
set -e
mount --make-rprivate /
{mount}
exec {python} -c '
import sys
from clawtui.model.errors import Refused
from clawtui.storage.paths import StatePaths
from pathlib import Path
from clawtui.storage.workspaces.manager import WorkspaceManager
manager = WorkspaceManager(StatePaths(Path(sys.argv[1])))
try:
    getattr(manager, sys.argv[2])("{id}")
except Refused as error:
    print(error)
    sys.exit(3)
' "$1" "$2"
"""
MOUNTS = {
    "a bind mount in the clone": ("repo/data", 'mount --bind "$3" "$1/automations/workspaces/{id}/repo/data"'),
    "a bind mount deep in it": ("repo/src/a b/c", 'mount --bind "$3" "$1/automations/workspaces/{id}/repo/src/a b/c"'),
    "a file system of its own": ("repo/data", 'mount -t tmpfs tmpfs "$1/automations/workspaces/{id}/repo/data"'),
    "a file that is a mount": (
        "repo/file",
        'mount --bind "$3/0" "$1/automations/workspaces/{id}/repo/file"',
    ),
    "the workspace itself": ("", 'mount --bind "$3" "$1/automations/workspaces/{id}"'),
}


@pytest.mark.parametrize("act", ["clean", "create"])
@pytest.mark.parametrize("mount", MOUNTS)
def test_a_mount_in_a_workspace_is_named_and_nothing_is_removed(
    gateway: GatewayRoot, tmp_path: Path, mount: str, act: str
) -> None:
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("no mounts of one's own can be made here")
    outside = tmp_path / "outside"
    outside.mkdir()
    for number in range(40):
        (outside / str(number)).write_text("precious")
    workspace = over(gateway)
    (workspace / "repo/data").mkdir()
    (workspace / "repo/src/a b/c").mkdir(parents=True)
    (workspace / "repo/file").touch()
    before = inside(gateway)
    where, command = MOUNTS[mount]
    script = _IN_NAMESPACE.format(mount=command.format(id=ID), python=sys.executable, id=ID)
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(gateway.root), act, str(outside)],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (3, "")
    assert ended.stdout.startswith(f"workspaces/{ID}{where and '/'}{where} is a mount point")
    assert len(list(outside.iterdir())) == 40
    assert inside(gateway) == before
    assert list_workspaces_aside(gateway.automations) == ()


def test_the_mount_of_the_state_directory_is_no_mount_in_the_workspace(
    manager: WorkspaceManager, gateway: GatewayRoot
) -> None:
    over(gateway)
    if subprocess.run(["unshare", "-rm", "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mounts of one's own can be made here")
    script = (
        'mount -t tmpfs tmpfs "$1" && mkdir -p "$1/automations/workspaces/x/repo/src" && '
        f'exec {sys.executable} -m clawtui --root "$1" workspace clean x --yes'
    )
    place = gateway.root.parent / "mounted"
    place.mkdir()
    ended = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(place)],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr


# What may not be changed


def test_a_directory_that_may_not_be_changed_is_named_and_nothing_is_removed(unprivileged: GatewayRoot) -> None:
    over(unprivileged)
    closed = unprivileged.automations / "workspaces" / ID / "repo/src"
    closed.chmod(0o500)
    before = inside(unprivileged)
    with pytest.raises(Refused, match=r"repo/src: permission denied; nothing was removed"):
        WorkspaceManager(StatePaths(unprivileged.root)).clean(ID)
    closed.chmod(0o700)
    assert inside(unprivileged) == before
    WorkspaceManager(StatePaths(unprivileged.root)).clean(ID)


def test_two_removals_at_once_both_end_and_one_of_them_did_it(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    over(gateway)

    def judge(place: str) -> None:
        if ".clawtui-aside" not in place:
            with suppress(NoSuch):
                manager.clean(ID)

    with pytest.raises(NoSuch):
        remove_workspace(gateway.automations, ID, judge)
    assert inside(gateway) == set()
