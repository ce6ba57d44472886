from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.live.route import MAX_LOCK_DEPTH, Kind, join, parent, route


@pytest.mark.parametrize(
    ("path", "kind", "group", "name"),
    [
        ("", Kind.ROOT, "", ""),
        ("config", Kind.SECTION, "", ""),
        ("workspaces", Kind.SECTION, "", ""),
        ("locks", Kind.SECTION, "", ""),
        ("logs", Kind.SECTION, "", ""),
        ("config/dispatcher.json", Kind.DISPATCHER, "", ""),
        ("config/concurrency-state.json", Kind.CONCURRENCY, "", ""),
        ("config/smart-sync-fork", Kind.TYPE_FOLDER, "smart-sync-fork", ""),
        ("config/smart-sync-fork/a-1.json", Kind.AUTOMATION, "smart-sync-fork", "a-1"),
        ("config/smart-sync-fork/dispatcher.json", Kind.AUTOMATION, "smart-sync-fork", "dispatcher"),
        ("workspaces/a-1", Kind.WORKSPACE, "a-1", ""),
        ("workspaces/a-1/state.json", Kind.STATE, "a-1", ""),
        ("workspaces/a-1/progress.json", Kind.PROGRESS, "a-1", ""),
        ("workspaces/a-1/workspace-info.json", Kind.INFO, "a-1", ""),
        ("locks/github.com-user-repo.lock", Kind.LOCK, "", ""),
        ("locks/github.com", Kind.LOCK_FOLDER, "", ""),
        ("locks/github.com/user/repo.lock", Kind.LOCK, "", ""),
        ("logs/dispatcher", Kind.LOG_FOLDER, "dispatcher", ""),
        ("logs/dispatcher/2025-01-26.jsonl", Kind.LOG, "dispatcher", "2025-01-26.jsonl"),
        ("logs/x/a-1-2025-01-26-10-00-00.jsonl", Kind.LOG, "x", "a-1-2025-01-26-10-00-00.jsonl"),
        ("logs/x/a-1-20250126-100000.jsonl", Kind.LOG, "x", "a-1-20250126-100000.jsonl"),
    ],
)
def test_each_path_of_the_design_has_its_kind(path: str, kind: Kind, group: str, name: str) -> None:
    assert route(path) == (kind, path, group, name)


@pytest.mark.parametrize(
    "path",
    [
        "artifacts",
        "artifacts/a-1/patch.diff",
        "backup",
        "config/dispatcher.json.123.1700000000.tmp",
        "config/x/a-1.json.123.4.tmp",
        "config/x/notes.txt",
        "config/x/.a-1.json.swp",
        "config/x/deeper/a-1.json",
        "config/.git",
        "workspaces/a-1/repo",
        "workspaces/a-1/repo/state.json",
        "workspaces/a-1/other.json",
        "workspaces/a-1/.tmp",
        "logs/x/latest.jsonl",
        "logs/x/a-1-2025-13-40-10-00-00.jsonl",
        "logs/x/deeper/2025-01-26.jsonl",
        "config//a-1.json",
        "config/../config",
        "..",
        "locks/x.lock/y.lock",
        "/config",
        "locks/" + "/".join("d" * MAX_LOCK_DEPTH) + "/d",
    ],
)
def test_a_path_of_no_interest_is_nothing(path: str) -> None:
    assert route(path) is None


def test_locks_are_found_as_deep_as_is_promised_and_no_deeper() -> None:
    folder = "locks/" + "/".join("d" * MAX_LOCK_DEPTH)
    assert (route(folder) or ()) and (route(f"{folder}/x.lock") or ())
    assert route(f"{folder}/d/x.lock") is None


@given(
    st.lists(
        st.sampled_from(["config", "workspaces", "locks", "logs", "a", "..", ".", "", "x.json", "y.lock"]) | st.text()
    )
)
def test_any_path_is_something_below_the_root_or_nothing(steps: list[str]) -> None:
    path = "/".join(steps)
    thing = route(path)
    if thing is not None:
        assert thing.path == path
        assert ".." not in steps
        assert not path or thing.kind is Kind.SECTION or (route(parent(path)) or thing).is_directory


@given(st.text(min_size=1, alphabet=st.characters(exclude_characters="/")), st.sampled_from(["", "a", "a/b"]))
def test_join_and_parent_are_each_others_reverse(name: str, folder: str) -> None:
    assert parent(join(folder, name)) == folder
