"""``clawtui doctor``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.findings.examination import findings
from clawtui.model.text.command_line import CommandLine
from tests.cli.calls import Caller
from tests.cli.parsing import parse
from tests.cli.processes import PROJECT, environment, on_terminal, read_until
from tests.gateway_root import NOON, GatewayRoot
from tests.model.arbitrary_fleets import fleets, surroundings
from tests.operations.ailing import IN_AILING, write_ailing, write_healthy

SAFE = {"wrong-mode", "leftover-temp"}
ASKED = {
    *("slot-orphaned", "lock-orphaned", "run-dead"),
    *("workspace-unlocked", "workspace-stale", "workspace-orphaned"),
}


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give clawtui directories of its own for this test."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def call_now(gateway: GatewayRoot) -> Caller:
    """Return a caller like ``call`` at the present time, because files have that of their writing."""
    return Caller(gateway, datetime.now(UTC) + timedelta(seconds=1))


def test_a_healthy_root_is_status_0_and_one_line(call_now: Caller, gateway: GatewayRoot) -> None:
    write_healthy(gateway)
    answer = call_now("doctor")
    assert (answer.status, answer.out) == (0, "")
    assert answer.err == "clawtui: nothing found: everything fits together\n"
    assert call_now("doctor", "--json").json == {"findings": []}
    assert call_now("doctor", "--fix").status == 0


def test_the_json_of_a_finding_has_the_documented_fields(call_now: Caller, gateway: GatewayRoot) -> None:
    write_ailing(gateway)
    answer = call_now("doctor", "--json")
    assert answer.status == 1
    assert set(answer.json) == {"findings"}
    rows = answer.json["findings"]
    assert {row["code"] for row in rows} == IN_AILING
    assert all(set(row) == {"code", "severity", "subject", "message", "fix", "fixHost"} for row in rows)
    ranks = [["error", "warning", "info"].index(row["severity"]) for row in rows]
    assert ranks == sorted(ranks)


def test_every_mend_of_real_findings_is_a_command_that_acts_on_this_root(
    call_now: Caller, gateway: GatewayRoot
) -> None:
    write_ailing(gateway)
    fixes = [row["fix"] for row in call_now("doctor", "--json").json["findings"] if row["fix"]]
    assert len(fixes) > 10
    for fix in fixes:
        parse(fix)
        assert f"--root {gateway.root}" in fix


@given(st.data())
def test_every_fix_is_a_command_of_clawtui(data: st.DataObject) -> None:
    fleet = data.draw(fleets())
    for finding in findings(fleet, data.draw(surroundings(fleet)), NOON):
        if finding.fix is not None:
            parse(finding.fix)
            parse(CommandLine(data.draw(st.sampled_from(["/srv/claw", "/srv/my 'claw'"]))).at_root(finding.fix))


def test_an_unknown_command_fails_that_check() -> None:
    with pytest.raises(click.UsageError):
        parse("clawtui slot free")
    with pytest.raises(click.UsageError):
        parse("clawtui slot free 2 --fast")


def test_text_is_aligned_and_fits_the_width_and_no_command_is_cut(call_now: Caller, gateway: GatewayRoot) -> None:
    write_ailing(gateway)
    answer = call_now("doctor")
    assert answer.status == 1
    wide = [line for line in answer.lines if len(line) > 80]
    assert all(str(gateway.root) in line for line in wide), "a single word alone may be wider"
    joined = answer.out.replace(" \\\n", " ")
    for row in call_now("doctor", "--json").json["findings"]:
        assert row["fix"] is None or row["fix"] in " ".join(joined.split())
    heads = [line for line in answer.lines if line and not line.startswith(" ")]
    assert [head.split()[0] for head in heads] == sorted(
        (head.split()[0] for head in heads), key=["error", "warning", "info"].index
    )


def test_fix_mends_what_is_safe_and_gives_a_reason_for_the_rest(call_now: Caller, gateway: GatewayRoot) -> None:
    write_ailing(gateway)
    answer = call_now("doctor", "--fix", "--json")
    assert answer.status == 1
    assert {each["code"] for each in answer.json["findings"]} == IN_AILING
    assert {each["code"] for each in answer.json["mended"]} == SAFE
    whys = {each["code"]: each["why"] for each in answer.json["remaining"]}
    assert set(whys) == IN_AILING - SAFE
    assert all("there is no terminal to ask on: add --yes" in whys[code] for code in ASKED)


def test_fix_with_yes_does_all_that_a_yes_is_enough_for(call_now: Caller, gateway: GatewayRoot) -> None:
    write_ailing(gateway)
    document = call_now("doctor", "--fix", "--yes", "--json").json
    assert {each["code"] for each in document["mended"]} == SAFE | ASKED
    assert not {each["code"] for each in document["remaining"]} & (SAFE | ASKED)
    again = call_now("doctor", "--fix", "--yes")
    assert again.status == 1
    assert "0 fixed; 12 findings" in again.err
    assert "remains: its holder is unknown" in " ".join(again.out.split())


def test_read_only_blocks_mending_and_nothing_else(call_now: Caller, gateway: GatewayRoot) -> None:
    write_ailing(gateway)
    before = call_now.files()
    assert call_now("doctor", "--fix", "--yes", read_only=True).status == 3
    assert call_now("doctor", read_only=True).status == 1
    assert call_now.files() == before


def test_on_a_terminal_each_mend_is_asked_for_by_itself(gateway: GatewayRoot, tmp_path: Path) -> None:
    write_ailing(gateway)
    env = environment(XDG_STATE_HOME=str(tmp_path / "state"), XDG_CONFIG_HOME=str(tmp_path / "own"))
    with on_terminal("--root", str(gateway.root), "doctor", "--fix", env=env) as (process, terminal):
        assert b"Shall I free the slot?" in read_until(terminal, b"[y/N]: ")
        os.write(terminal, b"y\n")
        assert b"Shall I release the lock?" in read_until(terminal, b"[y/N]: ")
        os.write(terminal, b"\n")
        for _ in range(4):
            read_until(terminal, b"[y/N]: ")
            os.write(terminal, b"n\n")
        shown = read_until(terminal).decode()
        assert process.wait() == 1
    assert "slot 1 is free" in shown
    assert "remains: was not agreed to" in shown
    assert (gateway.automations / "locks/github.com-user-dead.lock").exists()
    assert "cron:sync-ended" not in (gateway.automations / "config/concurrency-state.json").read_text()


def test_a_disk_that_is_really_full(gateway: GatewayRoot, tmp_path: Path) -> None:
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("no file system of one's own can be mounted here")
    write_healthy(gateway)
    script = (
        'mount -t tmpfs -o size=1m tmpfs "$1" && cp -a "$2" "$1/state" && '
        '{ cat /dev/zero > "$1/full" 2> /dev/null; shift 2; exec "$@"; }'
    )
    place = tmp_path / "small"
    place.mkdir()
    program = [sys.executable, "-m", "clawtui", "--root", str(place / "state"), "doctor"]
    answer = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(place), str(gateway.root), *program],
        cwd=PROJECT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr
    assert "error    disk-full  ." in answer.stdout
    assert "The disk has 0 MB left, of 1" in answer.stdout
