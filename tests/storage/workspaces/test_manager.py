"""Making, measuring and removing workspaces, and what runs say in them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.model.checked.reading import made
from clawtui.model.documents.base import MAX_TIMELINE
from clawtui.model.documents.workspace import Milestone, Repository, RuntimeState, WorkspaceInfo
from clawtui.model.errors import Changed, Invalid, NoSuch, Refused, Unreadable
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager
from tests.gateway_root import NOON, GatewayRoot, iso

ID = "sync-main"


@pytest.fixture
def manager(gateway: GatewayRoot) -> WorkspaceManager:
    return WorkspaceManager(StatePaths(gateway.root))


def info(**changes: object) -> WorkspaceInfo:
    document = {
        "automationId": ID,
        "automationType": "smart-sync-fork",
        "sessionId": "cron:abc",
        "created": iso(NOON),
        "lastUpdated": iso(NOON),
        "status": "active",
    }
    return made(WorkspaceInfo, document | changes)


def milestone(title: str, percentage: int = 50, seconds: int = 0) -> Milestone:
    return Milestone(timestamp=NOON + timedelta(seconds=seconds), milestone=title, percentage=percentage)


# Making and removing


def test_a_workspace_is_an_empty_directory_for_its_owner_only(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    before = os.umask(0)
    try:
        path = manager.create(ID)
    finally:
        os.umask(before)
    assert path == gateway.automations / "workspaces" / ID == manager.path(ID)
    assert list(path.iterdir()) == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert manager.exists(ID)
    assert not manager.exists("other")


def test_creating_replaces_the_workspace_of_an_ended_run(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    gateway.state(ID, status="completed")
    gateway.write(f"workspaces/{ID}/repo/src/file", "old")
    path = manager.create(ID)
    assert list(path.iterdir()) == []


@pytest.mark.parametrize("act", ["create", "clean"])
def test_a_preserved_workspace_is_removed_only_on_request(
    manager: WorkspaceManager, gateway: GatewayRoot, act: str
) -> None:
    manager.create(ID)
    manager.save_info(info(preserve=True, status="complete"))
    gateway.write(f"workspaces/{ID}/repo/file", "work")
    refused, allowed = attempts(manager, act, "preserved")
    for attempt in refused:
        with pytest.raises(Refused, match="preserved"):
            attempt()
    assert (manager.path(ID) / "repo/file").read_text() == "work"
    allowed()
    assert not (manager.path(ID) / "repo").exists()


@pytest.mark.parametrize("act", ["create", "clean"])
def test_a_live_runs_workspace_is_removed_only_on_request(
    manager: WorkspaceManager, gateway: GatewayRoot, act: str
) -> None:
    gateway.state(ID)
    refused, allowed = attempts(manager, act, "live")
    for attempt in refused:
        with pytest.raises(Refused, match="is going"):
            attempt()
    assert manager.state(ID) is not None
    allowed()
    assert manager.state(ID) is None


@pytest.mark.parametrize(("file", "what"), [("state.json", "live"), ("workspace-info.json", "preserved")])
@pytest.mark.parametrize("act", ["create", "clean"])
def test_an_unreadable_document_is_a_reason_to_keep_the_workspace(
    manager: WorkspaceManager, gateway: GatewayRoot, act: str, file: str, what: str
) -> None:
    gateway.write(f"workspaces/{ID}/{file}", "{")
    refused, allowed = attempts(manager, act, what)
    for attempt in refused:
        with pytest.raises(Refused, match="is not known"):
            attempt()
    allowed()
    assert not (manager.path(ID) / file).exists()


def attempts(manager: WorkspaceManager, act: str, what: str) -> tuple[list[Callable[[], object]], Callable[[], object]]:
    """Return the ways that are refused, and the one that is allowed."""

    def attempt(live: bool = False, preserved: bool = False) -> object:
        if act == "create":
            return manager.create(ID, replace_live=live, replace_preserved=preserved)
        manager.clean(ID, remove_live=live, remove_preserved=preserved)
        return None

    is_live = what == "live"
    refused = [attempt, lambda: attempt(live=not is_live, preserved=is_live)]
    return refused, lambda: attempt(live=is_live, preserved=not is_live)


def test_cleaning_removes_links_and_never_their_targets(
    manager: WorkspaceManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("work")
    gateway.write(f"workspaces/{ID}/repo/deep/file", "x")
    (manager.path(ID) / "repo/deep/out").symlink_to(outside)
    (manager.path(ID) / "repo/file-out").symlink_to(outside / "precious")
    gateway.write("workspaces/other/file", "kept")
    manager.clean(ID)
    assert manager.list_workspaces() == ("other",)
    assert (outside / "precious").read_text() == "work"


def test_a_link_in_the_place_of_a_workspace_is_refused(
    manager: WorkspaceManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("work")
    manager.create("other")
    manager.path(ID).symlink_to(outside)
    for act in (manager.create, manager.clean):
        with pytest.raises(Refused, match="link"):
            act(ID)
    for write in (lambda: manager.save_info(info()), lambda: manager.update_progress(ID, milestone("x"))):
        with pytest.raises(Refused, match="link"):
            write()
    with pytest.raises(Unreadable, match="link"):
        manager.size(ID)
    assert [path.name for path in outside.iterdir()] == ["precious"]
    assert manager.list_workspaces() == ("other",)


def test_a_workspace_that_is_not_there_cannot_be_cleaned(manager: WorkspaceManager) -> None:
    with pytest.raises(NoSuch):
        manager.clean(ID)
    manager.create("other")
    with pytest.raises(NoSuch, match=ID):
        manager.clean(ID)


def test_a_tree_of_any_depth_is_removed(manager: WorkspaceManager) -> None:
    directory = os.open(manager.create(ID), os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=directory)
        below = os.open("d", os.O_RDONLY, dir_fd=directory)
        os.close(directory)
        directory = below
    os.close(directory)
    manager.clean(ID)
    assert not manager.exists(ID)


@pytest.mark.parametrize("bad", ["", ".", "..", "a/b", "../other", "a\0b", "x" * 300])
def test_ids_that_are_no_plain_names_are_refused(manager: WorkspaceManager, gateway: GatewayRoot, bad: str) -> None:
    acts: list[Callable[[], object]] = [
        lambda: manager.create(bad),
        lambda: manager.clean(bad),
        lambda: manager.path(bad),
        lambda: manager.exists(bad),
        lambda: manager.size(bad),
        lambda: manager.info(bad),
        lambda: manager.state(bad),
        lambda: manager.progress(bad),
        lambda: manager.save_info(info(automationId=bad)),
        lambda: manager.update_progress(bad, milestone("x")),
        lambda: manager.update_state(bad, RuntimeState(automation_id=bad, session_id="s", status="running")),
    ]
    for act in acts:
        with pytest.raises(Refused):
            act()
    assert list(gateway.automations.iterdir()) == []


# Looking


def test_workspaces_are_listed_by_id(manager: WorkspaceManager, gateway: GatewayRoot, tmp_path: Path) -> None:
    assert manager.list_workspaces() == ()
    for id in ("b", "a", "c"):
        manager.create(id)
    gateway.write("workspaces/stray.json", "{}")
    (gateway.automations / "workspaces/linked").symlink_to(tmp_path)
    assert manager.list_workspaces() == ("a", "b", "c")


def test_the_size_is_that_of_all_files_in_it(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    assert manager.size(ID) == 0
    gateway.write(f"workspaces/{ID}/repo/a/b", b"x" * 1000)
    gateway.write(f"workspaces/{ID}/state.json", b"y" * 24)
    assert manager.size(ID) == 1024
    assert manager.size(ID, stop=lambda: True) == 0


def test_documents_are_read_with_their_problems(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    assert (manager.info(ID), manager.state(ID), manager.progress(ID)) == (None, None, None)
    gateway.state(ID, percentage=42)
    gateway.progress(ID, ("Cloning", 10))
    gateway.write(f"workspaces/{ID}/workspace-info.json", "{broken")
    state, progress, broken = manager.state(ID), manager.progress(ID), manager.info(ID)
    assert state is not None
    assert state.value is not None
    assert state.value.progress.percentage == 42
    assert progress is not None
    assert progress.value is not None
    assert progress.value.timeline[0].milestone == "Cloning"
    assert broken is not None
    assert broken.problem is not None


# Writing


def test_info_is_written_as_the_gateway_writes_it(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    manager.create(ID)
    repository = Repository(fork_url="git@github.com:user/fork.git", upstream_url="u", branch="main")
    manager.save_info(info(preserve=False).changed(repository=repository))
    path = gateway.automations / f"workspaces/{ID}/workspace-info.json"
    assert path.read_text() == (
        "{\n"
        '  "automationId": "sync-main",\n'
        '  "automationType": "smart-sync-fork",\n'
        '  "sessionId": "cron:abc",\n'
        '  "created": "2025-01-26T12:00:00.000Z",\n'
        '  "lastUpdated": "2025-01-26T12:00:00.000Z",\n'
        '  "status": "active",\n'
        '  "repository": {\n'
        '    "forkUrl": "git@github.com:user/fork.git",\n'
        '    "upstreamUrl": "u",\n'
        '    "branch": "main"\n'
        "  },\n"
        '  "preserve": false\n'
        "}"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    saved = manager.info(ID)
    assert saved is not None
    assert saved.value == info(preserve=False).changed(repository=repository)


def test_info_that_changed_since_it_was_read_is_not_overwritten(
    manager: WorkspaceManager, gateway: GatewayRoot
) -> None:
    manager.create(ID)
    read = manager.save_info(info())
    assert read.stamp is not None
    gateway.write_json(f"workspaces/{ID}/workspace-info.json", {"theirs": True})
    with pytest.raises(Changed):
        manager.save_info(info(status="complete"), expected=read.stamp)
    assert "theirs" in (manager.path(ID) / "workspace-info.json").read_text()


def test_state_is_written_whole_and_unknown_keys_survive(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    path = gateway.state(ID, vendor={"kept": [1, None]}, currentPhase="git")
    state = manager.state(ID)
    assert state is not None
    assert state.value is not None
    manager.update_state(ID, state.value.changed(status="completed", current_phase=None))
    written = json.loads(path.read_text())
    assert written["status"] == "completed"
    assert written["vendor"] == {"kept": [1, None]}
    assert "currentPhase" not in written
    assert path.read_text().startswith('{\n  "automationId": "sync-main",\n')


def test_a_new_state_has_only_the_given_fields(manager: WorkspaceManager) -> None:
    manager.create(ID)
    manager.update_state(ID, RuntimeState(automation_id=ID, session_id="s", status="running", start_time=NOON))
    assert json.loads((manager.path(ID) / "state.json").read_text()) == {
        "automationId": ID,
        "sessionId": "s",
        "status": "running",
        "startTime": iso(NOON),
    }


def test_the_first_milestone_makes_the_timeline(manager: WorkspaceManager) -> None:
    manager.create(ID)
    manager.update_progress(ID, milestone("Cloning fork repository", 10), session_id="cron:abc")
    text = (manager.path(ID) / "progress.json").read_text()
    assert json.loads(text) == {
        "automationId": ID,
        "sessionId": "cron:abc",
        "timeline": [{"timestamp": iso(NOON), "milestone": "Cloning fork repository", "percentage": 10, "details": {}}],
        "lastUpdate": iso(NOON),
    }
    assert text == json.dumps(json.loads(text), indent=2)


def test_milestones_are_added_and_everything_else_survives(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    path = gateway.progress(ID, ("Cloning", 10))
    before = json.loads(path.read_text())
    before |= {"vendor": {"x": None}}
    before["timeline"][0] |= {"mark": 1, "details": {"commits": 15, "none": None}}
    gateway.write_json(f"workspaces/{ID}/progress.json", before)
    added = made(
        Milestone,
        {"timestamp": iso(NOON), "milestone": "Merging", "percentage": 33.5, "details": {"file": "ä"}, "more": []},
    )
    manager.update_progress(ID, added)
    after = json.loads(path.read_text())
    assert after["timeline"][:1] == before["timeline"]
    assert after["timeline"][1] == {
        "timestamp": iso(NOON),
        "milestone": "Merging",
        "percentage": 33.5,
        "details": {"file": "ä"},
        "more": [],
    }
    assert {key: after[key] for key in ("vendor", "sessionId", "automationId")} == {
        key: before[key] for key in ("vendor", "sessionId", "automationId")
    }
    assert after["lastUpdate"] == iso(NOON)


def test_the_timeline_keeps_the_newest_thousand(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    path = gateway.progress(ID, *((f"step {n}", 1) for n in range(MAX_TIMELINE)))
    manager.update_progress(ID, milestone("last"))
    timeline = json.loads(path.read_text())["timeline"]
    assert len(timeline) == MAX_TIMELINE
    assert (timeline[0]["milestone"], timeline[-1]["milestone"]) == ("step 1", "last")


def test_a_timeline_that_cannot_be_read_is_left_alone(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    path = gateway.write(f"workspaces/{ID}/progress.json", '{"timeline": [')
    with pytest.raises(Invalid):
        manager.update_progress(ID, milestone("x"))
    assert path.read_text() == '{"timeline": ['


def test_nothing_is_written_into_a_workspace_that_is_not_there(manager: WorkspaceManager, gateway: GatewayRoot) -> None:
    acts: list[Callable[[], object]] = [
        lambda: manager.save_info(info()),
        lambda: manager.update_progress(ID, milestone("x")),
        lambda: manager.update_state(ID, RuntimeState(automation_id=ID, session_id="s", status="running")),
    ]
    for act in acts:
        with pytest.raises(NoSuch, match=ID):
            act()
    assert list(gateway.automations.iterdir()) == []


@settings(max_examples=20, deadline=None)
@given(percentages=st.lists(st.integers(0, 100) | st.floats(0, 100), min_size=1, max_size=4))
def test_milestones_come_out_as_they_went_in(
    percentages: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("state")
    (root / "automations").mkdir()
    manager = WorkspaceManager(StatePaths(root))
    manager.create(ID)
    given = [Milestone(timestamp=NOON, milestone=f"m{n}", percentage=p) for n, p in enumerate(percentages)]
    for one in given:
        manager.update_progress(ID, one)
    progress = manager.progress(ID)
    assert progress is not None
    assert progress.value is not None
    assert progress.value.timeline == tuple(given)
