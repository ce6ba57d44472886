"""``automation create`` and ``duplicate``: nothing is created that the gateway would not accept, or over another."""

from __future__ import annotations

from pathlib import Path

import pyjson5
import pytest

from tests.cli.automation.test_edit import edits
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))
    monkeypatch.delenv("VISUAL", raising=False)
    return tmp_path / "state-home/clawtui"


def drafts(own_state: Path) -> list[Path]:
    return list((own_state / "drafts").iterdir())


def test_the_edited_template_is_shown_and_created(
    gateway: GatewayRoot, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_state: Path
) -> None:
    gateway.automation("alpha")
    edits(monkeypatch, tmp_path, 'sed -i "s/my-automation/sync-docs/; s/My automation/Docs/" "$1"')
    answer = call("automation", "create", typed=b"y\n")
    assert answer.status == 0, answer.err
    assert "+  id: 'sync-docs'," in answer.out
    file = gateway.automations / "config/smart-sync-fork/sync-docs.json"
    saved = pyjson5.decode(file.read_text())
    assert (saved["id"], saved["type"], saved["enabled"]) == ("sync-docs", "smart-sync-fork", False)
    assert saved["created"] == saved["modified"] == iso(NOON)
    assert "// The dispatcher starts it only where this is true." in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert drafts(own_state) == []
    assert call("automation", "show", "sync-docs").status == 0
    assert call("audit", "--json").json[-1]["event"] == "automation-create"


def test_the_template_itself_creates_nothing(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edits(monkeypatch, tmp_path, "true")
    answer = call("automation", "create", "--json")
    assert (answer.status, answer.json) == (0, None)
    assert answer.err == "clawtui: nothing was changed\n"
    assert call.files() == {}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("s/my-automation/alpha/", "there is an automation “alpha” already, in config/smart-sync-fork/alpha.json"),
        ("s/my-automation/Not An Id/", "id must be lower-case letters, digits and hyphens"),
        ("s/type: 'smart-sync-fork'/type: '..'/", "cannot be a type"),
        ("s/my-automation/sync'/", "is not JSON5"),
        ("s/type: 'interval', value: '2h' },$/type: 'never', value: '2h' },/", "schedule.type"),
    ],
)
def test_an_invalid_draft_is_not_created_and_kept(
    gateway: GatewayRoot,
    call: Caller,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    own_state: Path,
    change: str,
    why: str,
) -> None:
    gateway.automation("alpha")
    before = call.files()
    edits(monkeypatch, tmp_path, f'sed -i "{change}" "$1"')
    answer = call("automation", "create", "--yes")
    assert answer.status == 1
    assert why in answer.err
    assert call.files() == before
    (draft,) = drafts(own_state)
    assert str(draft) in answer.err


def test_a_file_that_was_created_meanwhile_is_not_overwritten(
    gateway: GatewayRoot, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("alpha")
    file = gateway.automations / "config/smart-sync-fork/my-automation.json"
    monkeypatch.setattr(
        "clawtui.operations.state.editing.fault_of_new", lambda paths, config: file.write_text("x") and None
    )
    edits(monkeypatch, tmp_path, 'sed -i "s/My auto/Auto/" "$1"')
    answer = call("automation", "create", "--yes")
    assert answer.status == 4
    assert file.read_text() == "x"


def test_a_copy_is_disabled_has_not_run_and_keeps_comments(gateway: GatewayRoot, call: Caller) -> None:
    run = {"timestamp": iso(NOON), "status": "success", "duration": 1, "summary": "x"}
    source = gateway.automation("alpha", lastRun=run, runHistory=[run], nextRun=iso(NOON), future="kept")
    source.write_text(source.read_text().replace("{", "{ // a comment", 1))
    before = source.read_bytes()
    answer = call("automation", "duplicate", "alpha", "beta", "--json")
    assert answer.status == 0, answer.err
    assert (answer.json["id"], answer.json["enabled"], answer.json["lastRun"]) == ("beta", False, None)
    text = (source.parent / "beta.json").read_text()
    copy = pyjson5.decode(text)
    assert "// a comment" in text
    assert (copy["future"], copy["runHistory"], copy["name"]) == ("kept", [], "Alpha (copy)")
    assert not copy.keys() & {"lastRun", "nextRun"}
    assert source.read_bytes() == before
    assert call("automation", "duplicate", "alpha").err.startswith("clawtui: alpha-copy is a copy of alpha")
    assert call("automation", "duplicate", "alpha").err.startswith("clawtui: alpha-copy-2 is a copy of alpha")


def test_a_copy_with_an_id_that_is_taken_or_none_is_refused(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("alpha")
    gateway.automation("beta", type="other")
    before = call.files()
    assert call("automation", "duplicate", "alpha", "beta").status == 1
    assert call("automation", "duplicate", "alpha", "../x").status == 1
    assert call("automation", "duplicate", "gamma", "delta").status == 5
    assert call("automation", "duplicate", "alpha", "gamma", read_only=True).status == 3
    assert call.files() == before


def test_a_copy_can_be_edited_before_it_is_created(
    gateway: GatewayRoot, call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.automation("alpha")
    edits(monkeypatch, tmp_path, 'sed -i "s/main/docs/" "$1"')
    answer = call("automation", "duplicate", "alpha", "beta", "--edit", typed=b"y\n")
    assert answer.status == 0, answer.err
    assert "+    forkBranch: 'docs'," in answer.out
    assert "-  id: 'alpha'," in answer.out, "the difference is from the original"
    assert call("automation", "show", "beta", "--json").json["config"]["forkBranch"] == "docs"
