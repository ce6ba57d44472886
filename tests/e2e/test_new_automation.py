"""`n` and `c` in a real terminal: the operator's editor opens, and what was written is shown and created."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.gateway_root import GatewayRoot


def test_a_new_automation_and_a_copy_are_made_in_the_editor(gateway: GatewayRoot, tmp_path: Path) -> None:
    gateway.automation("alpha")
    folder = gateway.automations / "config/smart-sync-fork"
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i "s/my-automation/brand-new/" "$1"\n')
    editor.chmod(0o700)
    own = {"XDG_STATE_HOME": str(tmp_path / "own"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    command = [sys.executable, "-m", "clawtui", "--root", str(gateway.root)]
    with Terminal(command, env=own | {"EDITOR": str(editor)}) as terminal:
        terminal.wait_for("Alpha")
        terminal.press("n")
        terminal.wait_for("+  id: 'brand-new',")
        terminal.press("right", "right", "enter")
        terminal.wait_for("brand-new is saved")
        assert (folder / "brand-new.json").is_file()
        terminal.press("c")
        terminal.wait_for("a new automation: save this?")
        terminal.press("right", "right", "enter")
        terminal.wait_for("-copy is saved")
        terminal.press("q")
        assert terminal.wait_exit() == 0
    assert len(list(folder.glob("*-copy.json"))) == 1
