"""``automation edit``: in the operator's editor, saved only if it is valid and the file has not changed."""

from __future__ import annotations

from pathlib import Path

import pyjson5
import pytest

from tests.cli.calls import Caller


@pytest.fixture
def config(call: Caller) -> Path:
    return call.gateway.automation("alpha", future="kept")


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state-home"))
    monkeypatch.delenv("VISUAL", raising=False)
    return tmp_path / "state-home/clawtui"


def edits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *lines: str) -> None:
    editor = tmp_path / "editor"
    editor.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    editor.chmod(0o700)
    monkeypatch.setenv("EDITOR", str(editor))


def test_a_valid_edit_is_shown_and_saved(
    call: Caller, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_state: Path
) -> None:
    edits(monkeypatch, tmp_path, "sed -i \"s/'Alpha'/'Omega'/\" \"$1\"")
    answer = call("automation", "edit", "alpha", typed=b"y\n")
    assert answer.status == 0, answer.err
    assert "+  name: 'Omega'," in answer.out
    saved = pyjson5.decode(config.read_text())
    assert (saved["name"], saved["future"], saved["modified"]) == ("Omega", "kept", "2025-01-26T12:00:00.000Z")
    assert list((own_state / "drafts").iterdir()) == []


def test_a_declined_edit_is_kept_as_a_draft(
    call: Caller, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_state: Path
) -> None:
    edits(monkeypatch, tmp_path, "sed -i \"s/'Alpha'/'Omega'/\" \"$1\"")
    before = config.read_bytes()
    answer = call("automation", "edit", "alpha", typed=b"n\n")
    assert (answer.status, config.read_bytes()) == (3, before)
    (draft,) = (own_state / "drafts").iterdir()
    assert str(draft) in answer.err
    assert "Omega" in draft.read_text()


def test_an_invalid_edit_is_opened_in_the_editor_again(
    call: Caller, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits(
        monkeypatch,
        tmp_path,
        'if grep -q "not 3" "$1"; then sed -i "s/enabled: 3/enabled: false/" "$1"; '
        'else sed -i "s/enabled: true/enabled: 3/" "$1"; fi',
    )
    answer = call("automation", "edit", "alpha", typed=b"\ny\n")
    assert answer.status == 0, answer.err
    assert "enabled must be true or false, not 3" in answer.err
    assert pyjson5.decode(config.read_text())["enabled"] is False


def test_yes_refuses_an_invalid_edit(
    call: Caller, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits(monkeypatch, tmp_path, 'sed -i "s/enabled: true/enabled: 3/" "$1"')
    before = config.read_bytes()
    answer = call("automation", "edit", "alpha", "--yes")
    assert (answer.status, config.read_bytes()) == (1, before)


def test_a_file_that_was_changed_meanwhile_is_not_overwritten(
    call: Caller, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits(monkeypatch, tmp_path, "sed -i \"s/'Alpha'/'Omega'/\" \"$1\"", f"echo '// theirs' >> '{config}'")
    answer = call("automation", "edit", "alpha", "--yes")
    assert answer.status == 4
    assert "meanwhile" in answer.err
    assert "Omega" not in config.read_text()


@pytest.mark.parametrize(("does", "status"), [("true", 0), ("exit 7", 1)])
def test_an_editor_that_changes_nothing_or_fails(
    call: Caller, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, status: int
) -> None:
    edits(monkeypatch, tmp_path, does)
    before = config.read_bytes()
    assert call("automation", "edit", "alpha").status == status
    assert config.read_bytes() == before


def test_no_editor_and_no_such_automation(call: Caller, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "/no/such/editor")
    assert "/no/such/editor: no such file" in call("automation", "edit", "alpha").err
    assert call("automation", "edit", "nobody").status == 5
    assert call("automation", "edit", "alpha", read_only=True).status == 3


def test_the_dispatchers_configuration_is_edited_with_the_same_care(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "has no configuration" in call("dispatcher", "edit").err
    file = call.gateway.dispatcher(maxConcurrent=3)
    edits(monkeypatch, tmp_path, 'sed -i -E "s/(maxConcurrent.*)3/\\1-9/" "$1"')
    before = file.read_bytes()
    refused = call("dispatcher", "edit", "--yes")
    assert refused.status != 0
    assert "maxConcurrent" in refused.err
    assert file.read_bytes() == before
    edits(monkeypatch, tmp_path, 'sed -i -E "s/(maxConcurrent.*)3/\\15/" "$1"')
    assert call("dispatcher", "edit", read_only=True).status == 3
    assert file.read_bytes() == before
    answer = call("dispatcher", "edit", typed=b"y\n")
    assert answer.status == 0, answer.err
    assert [line for line in answer.out.splitlines() if line.startswith("+") and "5," in line]
    saved = pyjson5.decode(file.read_text())
    assert (saved["maxConcurrent"], saved["lastModified"]) == (5, "2025-01-26T12:00:00.000Z")
    assert "dispatcher-edit" in str(call("audit", "--json").json)
