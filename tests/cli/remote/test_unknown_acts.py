"""An act whose outcome is unknown when the dashboard ends: one line says so, and its id finds what became of it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.cli.remote.unknown_acts import say_unknown
from clawtui.remote.command import OutcomeUnknown
from clawtui.remote.sources import acts_over
from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot
from tests.remote.cutting_ssh import cutting_body
from tests.remote.other_host import OtherHost
from tests.waiting import wait_until


@pytest.fixture(autouse=True)
def _own_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))


@pytest.mark.parametrize(
    ("step", "status", "outcome"),
    [
        ("before-answer", 0, "done  sync-main is disabled"),
        ("before-request", 5, "withdrawn  it has not arrived here, and is not done if it still does"),
    ],
)
def test_one_line_names_the_act_its_root_its_id_and_the_command_that_finds_its_outcome(
    tmp_path: Path,
    gateway: GatewayRoot,
    capsys: pytest.CaptureFixture[str],
    step: str,
    status: int,
    outcome: str,
) -> None:
    gateway.dispatcher()
    gateway.automation("sync-main")
    host = OtherHost(tmp_path, gateway.root)
    source = host.source(cutting_body(tmp_path))
    try:
        (automation,) = host.until(lambda fleet: fleet.automations).automations.values()
        acts, doubts, results = acts_over(source), list[str](), list[Exception]()
        stamp = automation.config.stamp
        assert stamp is not None

        def disable() -> None:
            try:
                acts.set_enabled(automation, False, stamp, doubts.append)
            except OutcomeUnknown as error:
                results.append(error)

        (tmp_path / "cut").write_text(step)
        host.script("echo no route >&2; exit 255", "gone").replace(tmp_path / "ssh")  # the next connection fails
        thread = threading.Thread(target=disable)
        thread.start()
        wait_until(lambda: doubts, 60, "the loss of the connection")
    finally:
        source.stop()
    thread.join(60)
    assert len(results) == 1
    say_unknown(source)
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    begin, id, end = message.partition("(act ")[0], message.partition("(act ")[2][:32], message[-90:]
    assert begin == ("clawtui: work: it is unknown whether disabling config/smart-sync-fork/sync-main.json was done ")
    assert end.endswith(f"`clawtui --root work audit --act {id}` looks it up.\n")
    say_unknown(source)
    assert capsys.readouterr().err == ""

    call = Caller(gateway, datetime.now(UTC))
    found = call("audit", "--act", id)
    assert (found.status, outcome in found.out) == (status, True), found
    again = call("audit", "--act", id, "--json")
    assert (again.status, again.json["id"], again.json["state"]) == (status, id, outcome.split()[0])
    assert call("audit", "--act", "no-id").status == 2
