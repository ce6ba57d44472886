"""``clawtui audit``: one's own acts, those of others in the dispatcher's log, and each act once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid

KEY = "github.com/user/repo"


@pytest.fixture(autouse=True)
def own_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty audit."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    return tmp_path / "own/clawtui/audit.jsonl"


def by_other(gateway: GatewayRoot, at: datetime, **fields: object) -> None:
    entry = {"timestamp": iso(at), "level": "warn", "event": "lock-force-released", "repoKey": KEY, "by": "bob on x"}
    gateway.append_log(f"logs/dispatcher/{at:%Y-%m-%d}.jsonl", entry | fields)


def test_each_act_of_ones_own_is_there_once_with_its_outcome(gateway: GatewayRoot) -> None:
    now = datetime.now(UTC)
    call = Caller(gateway, now)
    gateway.automation("sync-main")
    gateway.lock(KEY, "sync-main", pid=ended_pid(), acquiredAt=iso(now))
    assert call("lock", "release", KEY, "--yes").status == 0
    assert call("lock", "restore", KEY, "--yes").status == 0
    assert call("automation", "disable", "sync-main").status == 0
    assert call("automation", "delete", "sync-main", "--yes").status == 0
    acts = call("audit", "--json").json
    assert [(act["event"], act["subject"], act["outcome"]) for act in acts] == [
        ("lock-release", KEY, "done"),
        ("lock-restore", KEY, "done"),
        ("automation-disable", "sync-main", "done"),
        ("automation-delete", "sync-main", "done"),
    ]
    assert {act["source"] for act in acts} == {"audit"}, "the dispatcher's log has the first two also"
    assert acts[0]["verdict"] == "orphaned"
    assert all(act["by"] for act in acts)
    lines = call("audit").lines
    assert len(lines) == 5
    assert all(len(line) <= 80 for line in lines)


def test_acts_of_others_are_read_from_the_dispatchers_log(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("sync-main")
    by_other(gateway, NOON - timedelta(days=3), reason="quiet")
    by_other(gateway, NOON - timedelta(minutes=3), repoKey="evil\x1b[2J", facts=["a\x1b[2J"])
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", {"by": 3}, {"not": "an entry", "by": "x"})
    call("automation", "disable", "sync-main")
    found = [(act["by"], act["source"]) for act in call("audit", "--json").json]
    assert [each[1] for each in found] == ["dispatcher", "audit"]
    assert found[0][0] == "bob on x"
    assert [act["verdict"] for act in call("audit", "--json", "--since", "7d").json] == ["quiet", None, None]
    assert "\x1b" not in call("audit").out
    assert len(call("audit", "--json", "--limit", "1").json) == 1


def test_an_interrupted_act_is_marked(gateway: GatewayRoot, call: Caller, own_audit: Path) -> None:
    own_audit.parent.mkdir(parents=True)
    root = str(gateway.automations.resolve())
    record = {"timestamp": iso(NOON), "event": "lock-release"}
    records = [record | {"id": id, "path": f"{id}.lock", "root": at} for id, at in (("a", root), ("b", "/other"))]
    own_audit.write_text("".join(json.dumps(each) + "\n" for each in records))
    (act,) = call("audit", "--json").json
    assert (act["subject"], act["outcome"], act["by"]) == ("a.lock", "unfinished", None)
    assert [act["root"] for act in call("audit", "--every-root", "--json").json] == [root, "/other"]


def test_an_empty_audit_has_a_message(gateway: GatewayRoot, call: Caller) -> None:
    answer = call("audit")
    assert (answer.status, answer.out) == (0, "")
    assert answer.err == "clawtui: nothing was done here, as far as is on record\n"
    assert call("audit", "--json").json == []


def test_a_change_is_done_although_there_is_no_place_for_the_audit(
    gateway: GatewayRoot, call: Caller, own_audit: Path
) -> None:
    gateway.automation("sync-main")
    own_audit.parent.parent.mkdir()
    own_audit.parent.write_text("a file where the directory would be")
    answer = call("automation", "disable", "sync-main")
    assert answer.status == 0
    assert "sync-main is disabled; it is not in the audit: " in answer.err
