"""Which directory is the state directory, and which is ``automations/``."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.live.root import Root, find_root
from clawtui.model.documents.base import Problem
from clawtui.storage.paths import StatePaths, find_state_dir
from tests.gateway_root import GatewayRoot


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ((), ".openclaw"),
        ((".clawdbot",), ".clawdbot"),
        ((".openclaw",), ".openclaw"),
        ((".openclaw", ".clawdbot"), ".openclaw"),
        ((".openclaw", ".clawdbot/automations/config"), ".clawdbot"),
        ((".openclaw/logs", ".clawdbot/automations"), ".clawdbot"),
        ((".openclaw/automations/rules", ".clawdbot/automations"), ".clawdbot"),
        ((".openclaw/automations", ".clawdbot/automations"), ".openclaw"),
    ],
)
def test_of_the_default_places_the_first_that_has_automations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: tuple[str, ...], expected: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in made:
        (tmp_path / name).mkdir(parents=True)
    assert find_state_dir(None, {}).root == tmp_path / expected


def test_the_environment_names_a_root_and_is_passed_over_by_an_explicit_one() -> None:
    both = {"CLAWDBOT_STATE_DIR": "/b", "OPENCLAW_STATE_DIR": "/a"}
    assert find_state_dir(None, both).root == Path("/a")
    assert find_state_dir(None, {"CLAWDBOT_STATE_DIR": "/b"}).root == Path("/b")
    assert find_state_dir("/c", both).root == Path("/c")


@pytest.mark.parametrize("section", ["config", "workspaces", "logs", "locks", "artifacts"])
def test_a_section_alone_makes_no_root_unless_its_directory_is_called_automations(tmp_path: Path, section: str) -> None:
    (tmp_path / "R" / section).mkdir(parents=True)
    assert StatePaths(tmp_path / "R").find() is None
    assert StatePaths(tmp_path / "R").automations == tmp_path / "R/automations"
    named = tmp_path / "automations"
    (tmp_path / "R").rename(named)
    assert StatePaths(named).find() == named
    assert StatePaths(tmp_path).find() == named


def test_another_programs_automations_are_a_problem_and_no_root(tmp_path: Path) -> None:
    (tmp_path / "automations/rules").mkdir(parents=True)
    for root in (tmp_path, tmp_path / "automations"):
        found = find_root(StatePaths(root))
        assert isinstance(found, Problem)
        assert "not a gateway's" in found.message


@pytest.mark.parametrize("names", [(), (".DS_Store", "lost+found"), ("locks",)])
def test_an_automations_directory_that_is_empty_or_has_a_section_is_a_root(
    gateway: GatewayRoot, names: tuple[str, ...]
) -> None:
    for name in names:
        (gateway.automations / name).mkdir()
    assert isinstance(find_root(StatePaths(gateway.root)), Root)


def test_a_directory_that_only_has_logs_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "logs/dispatcher").mkdir(parents=True)
    assert find_root(StatePaths(tmp_path)) is None
