"""The path of the log of a stock gateway."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.openclaw.gateway_log import find_log


def test_the_configured_file_else_the_newest_day_of_the_profile(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for name in ("openclaw-2026-11-27.log", "openclaw-2026-11-28.log", "openclaw-ops-2026-11-29.log", "other.log"):
        (logs / name).touch()
    root, ops = tmp_path / ".openclaw", tmp_path / ".openclaw-ops"
    root.mkdir()
    assert find_log(root, logs) == str(logs / "openclaw-2026-11-28.log")
    assert find_log(ops, logs) == str(logs / "openclaw-ops-2026-11-29.log")
    (root / "openclaw.json").write_text("{logging: {file: '/var/log/claw.log'}, /* a comment */}")
    assert find_log(root, logs) == "/var/log/claw.log"
    assert find_log(tmp_path / "no", tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"logging":3}', '{"logging":{"file":""}}', '{"logging":{"file":"relative.log"}}']
)
def test_a_configuration_without_it_counts_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "openclaw.json").write_text(text)
    assert find_log(tmp_path, tmp_path) is None
