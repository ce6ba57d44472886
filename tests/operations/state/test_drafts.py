"""Drafts of an edit: reported, swept after a day, and never while they are being edited."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.operations.doctor.examine import examine
from clawtui.operations.state.automations import find_automation
from clawtui.operations.state.drafts import draft_name, is_edited
from clawtui.operations.state.editing import Draft, begin_draft, leave_draft
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.operations.state.retention import left_drafts, prune_leftovers, sweep_drafts
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot
from tests.operations.evidence.test_processes import ended_pid
from tests.storage.processes import together

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    return tmp_path / "own/clawtui"


def now() -> datetime:
    return datetime.now(UTC)


def begin(gateway: GatewayRoot) -> Draft:
    gateway.automation("alpha", secret="s3cret")
    paths = StatePaths(gateway.root)
    return begin_draft(paths, find_automation(paths, "alpha"))


def left_by_a_killed_process(gateway: GatewayRoot, *, edited: bool) -> Path:
    draft = begin(gateway)
    if edited:
        draft.file.write_text(draft.file.read_text().replace("Alpha", "Omega"))
    killed = draft.file.name.replace(f"-{os.getpid()}-", f"-{ended_pid()}-")
    assert killed != draft.file.name
    return draft.file.rename(draft.file.with_name(killed))


def test_an_edited_draft_is_a_finding_and_swept_a_day_after_its_last_write(gateway: GatewayRoot) -> None:
    file = left_by_a_killed_process(gateway, edited=True)
    paths = StatePaths(gateway.root)
    (finding,) = [each for each in examine(read_fleet(paths), paths, now()) if each.code == "draft-left"]
    assert finding.subject == str(file)
    assert "removed a day after its last write" in finding.message
    assert prune_leftovers(paths, now() + DAY - timedelta(minutes=1)) == ()
    assert prune_leftovers(paths, now() + DAY + timedelta(minutes=1), dry_run=True) == (str(file),)
    assert file.exists()
    assert prune_leftovers(paths, now() + DAY + timedelta(minutes=1)) == (str(file),)
    assert not file.exists()


def test_an_unedited_draft_of_a_killed_process_is_swept_without_a_finding(gateway: GatewayRoot) -> None:
    file = left_by_a_killed_process(gateway, edited=False)
    paths = StatePaths(gateway.root)
    assert [draft.edited for draft in left_drafts()] == [False]
    assert not [each for each in examine(read_fleet(paths), paths, now()) if each.code == "draft-left"]
    assert sweep_drafts(now()) == (str(file),)
    assert not file.exists()


def test_a_draft_that_is_being_edited_is_kept_at_any_age(gateway: GatewayRoot) -> None:
    file = begin(gateway).file
    assert left_drafts() == ()
    assert sweep_drafts(now() + 30 * DAY) == ()
    assert file.exists()


@pytest.mark.parametrize("id", ["alpha", "auto-sync-main-123", "a-1-0123456789abcdef-00000000", "x" * 200])
def test_the_name_of_a_draft_has_its_process_for_any_id(place: Path, id: str) -> None:
    (place / "drafts").mkdir(parents=True)
    for _ in range(200):
        file = place / draft_name(id, os.getpid(), b"{}")
        file.write_text("{}")
        assert left_drafts() == ()
        assert not is_edited(file)
        file.unlink()


def test_two_edits_of_one_process_have_two_drafts(gateway: GatewayRoot) -> None:
    assert begin(gateway).file != begin(gateway).file


def test_remaining_drafts_are_named_if_edited_and_removed_if_not(gateway: GatewayRoot) -> None:
    draft = begin(gateway)
    assert leave_draft(draft) is None
    assert not draft.file.exists()
    draft = begin(gateway)
    draft.file.write_text("{")
    assert leave_draft(draft) == f"What you wrote is in {draft.file}"
    assert draft.file.exists()


def test_a_draft_of_an_earlier_version_counts_as_edited(gateway: GatewayRoot, place: Path) -> None:
    (place / "drafts").mkdir(parents=True)
    old = place / f"drafts/sync-a-{ended_pid()}.json"
    old.write_text("{}")
    assert [(draft.automation_id, draft.edited) for draft in left_drafts()] == [("sync-a", True)]
    assert together(lambda: len(sweep_drafts(now()))) == [0]
