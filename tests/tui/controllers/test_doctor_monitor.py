"""The findings: counted in the header, and listed by ``D`` with their meaning and fix."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.model.findings.finding import SEVERITIES, Finding
from clawtui.model.fleet import Fleet
from clawtui.tui.controllers.doctor_monitor import gap_after
from clawtui.tui.dialogs.dialog_text import problem_lines
from clawtui.tui.dialogs.finding_lines import finding_lines
from clawtui.tui.screens.palette import commands
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.dashboard_now import dashboard_now


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own"))


async def test_findings_are_counted_listed_with_their_mend_and_go_once_they_are_mended(gateway: GatewayRoot) -> None:
    gateway.dispatcher()
    now = datetime.now(UTC)
    lock = gateway.lock("github.com/acme/site", "alpha", pid=ended_pid(), acquiredAt=iso(now - timedelta(hours=1)))
    async with dashboard_now(gateway) as tester:
        await tester.wait_for(lambda: "finding" in tester.rows[0])
        await tester.press("D")
        await tester.wait_for("✗ lock-orphaned")
        assert "$ clawtui --root" in tester.text
        words = " ".join(re.findall("│(.*?)│", tester.text)).replace("\\", " ").split()
        assert "lock release github.com/acme/site" in " ".join(words)
        lock.unlink()
        await tester.wait_for(lambda: "lock-orphaned" not in tester.text)
        await tester.press("escape")
        assert "▌4 Locks" in tester.text


def test_the_lines_tell_each_finding_and_how_many_of_each_kind() -> None:
    found = tuple(
        Finding(f"code-{one}", one, f"subject {one}", "word " * 40, f"clawtui mend {one}") for one in SEVERITIES
    )
    lines = ["".join(span.text for span in line) for line in finding_lines(found)]
    assert lines[0] == "✗ 1 at risk now   ! 1 warning   · 1 untidy"
    text = "\n".join(lines)
    for one in SEVERITIES:
        assert f"code-{one}  subject {one}" in text
        assert f"$ clawtui mend {one}" in text
    assert max(map(len, lines)) <= 92


def test_a_long_command_is_shown_on_lines_that_a_shell_joins() -> None:
    fix = "clawtui --root /srv/" + "x" * 60 + " lock release github.com/acme/site"
    lines = finding_lines((Finding("a-code", "error", "a subject", "a meaning", fix),), 68)
    commands = [line[1].text for line in lines if line and line[0].text in ("  $ ", "    ")]
    assert len(commands) > 1
    assert " ".join(part.removesuffix(" \\") for part in commands) == fix
    quoted = "clawtui --root '/srv/" + "x y" * 60 + "' doctor"
    lines = finding_lines((Finding("a-code", "error", "a subject", "a meaning", quoted),), 68)
    commands = [line[1].text for line in lines if line and line[0].text in ("  $ ", "    ")]
    assert " ".join(part.removesuffix(" \\") for part in commands) == quoted


def test_only_current_risks_are_red() -> None:
    for severity in SEVERITIES:
        found = (Finding("a-code", severity, "a subject", "a meaning", None),)
        roles = {span.role for line in finding_lines(found) for span in line}
        assert ("bad" in roles) == (severity == "error")


def test_before_anybody_has_looked_nothing_is_claimed() -> None:
    (line,) = finding_lines(None)
    assert "Examining" in line[0].text
    (line,) = problem_lines(Fleet("/srv", watch="watching"))
    assert "Still reading" in line[0].text
    (line,) = problem_lines(Fleet("/srv", watch="watching", loaded=True))
    assert "everything can be read" in line[0].text
    (line,) = problem_lines(Fleet("/srv", watch="waiting", loaded=True))
    assert "There is no state directory" in line[0].text


async def test_without_a_state_directory_the_dialog_does_not_report_success(tmp_path: Path) -> None:
    async with dashboard_now(GatewayRoot(tmp_path / "none")) as tester:
        for key, title in (("D", "Findings"), ("exclamation_mark", "Problems")):
            await tester.press(key)
            await tester.wait_for(title)
            assert "There is no state directory yet" in tester.text
            assert "Nothing:" not in tester.text
            await tester.press("escape")


async def test_the_palette_offers_each_operation_once(gateway: GatewayRoot) -> None:
    async with dashboard_now(gateway) as tester:
        await tester.press("1")
        offered = [command.title for command in commands(tester.app, tester.app.screen)]
        assert sum("give back the lock" in title for title in offered) == 1
        assert any(title.startswith("Release:") and title.endswith("(in Locks)") for title in offered)


def test_without_findings_the_dialog_has_a_message() -> None:
    assert "everything fits together" in finding_lines(())[0][0].text


@pytest.mark.parametrize(("took", "gap"), [(0.001, 2.0), (0.03, 6.0), (2.0, 10.0)])
def test_while_something_changes_findings_are_at_most_ten_seconds_late(took: float, gap: float) -> None:
    assert gap_after(took) == pytest.approx(gap)
