"""``clawtui metrics``: accepted by Prometheus' own parser, on both kinds of root, with labels of a known set."""

from __future__ import annotations

import math
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from clawtui.cli.framework.context import Invocation
from clawtui.cli.main import main
from clawtui.model.metrics import Metric, Sample
from clawtui.presentation.prometheus import exposition
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.openclaw.gateway_store import GatewayStore, now_ms

parser = pytest.importorskip("prometheus_client.parser", reason="prometheus_client is not installed")

Values = dict[tuple[str, tuple[tuple[str, str], ...]], float]
HOSTILE = 'evil"} 1\n\\ \x1b[2J\r x'


def parsed(text: str) -> Values:
    """Return every sample by its name and its labels other than the root."""
    found = {}
    for family in parser.text_string_to_metric_families(text):
        assert family.documentation, family.name
        assert family.type == "gauge", family.name
        for sample in family.samples:
            labels = tuple(sorted(item for item in sample.labels.items() if item[0] != "root"))
            assert (sample.name, labels) not in found
            found[sample.name, labels] = sample.value
    return found


def fill(gateway: GatewayRoot) -> None:
    """Write two automations: one with a run in progress, and one whose last run failed."""
    results = [
        {"timestamp": iso(NOON - timedelta(hours=n)), "status": status, "duration": 1000 * n, "summary": HOSTILE}
        for n, status in enumerate(("failed", "success", "success", "partial"), 1)
    ]
    gateway.automation("sync-main", runHistory=results, lastRun=results[0], name=HOSTILE)
    gateway.automation("build", config={"token": HOSTILE})
    gateway.state("build", milestone=HOSTILE)
    gateway.lock("github.com/user/repo", "build", hostname="elsewhere", repoUrl=f"https://{HOSTILE}")
    gateway.dispatcher()
    gateway.slots({"automationId": "build", "sessionId": "cron:build", "acquiredAt": iso(NOON), "slotNumber": 1})
    gateway.write("config/broken/x.json", "{")


def test_the_parser_of_prometheus_accepts_every_line(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    answer = call("metrics")
    assert answer.status == 0
    values = parsed(answer.out)
    assert values["clawtui_automations", (("status", "running"),)] == 1
    assert values["clawtui_automations", (("status", "failed"),)] == 1
    assert values["clawtui_automations", (("status", "disabled"),)] == 0
    assert values["clawtui_runs", (("status", "success"),)] == 2
    assert values["clawtui_runs", (("status", "running"),)] == 1
    assert values["clawtui_run_duration_seconds", (("quantile", "0.5"),)] == 2
    assert values["clawtui_run_duration_seconds", (("quantile", "1"),)] == 4
    assert values["clawtui_running_seconds_max", ()] == 300
    assert values["clawtui_locks", (("verdict", "foreign"),)] == 1
    assert (values["clawtui_slots_used", ()], values["clawtui_slots_max", ()]) == (1, 3)
    assert values["clawtui_dispatcher_enabled", ()] == 1
    assert values["clawtui_last_run_timestamp_seconds", (("status", "failed"),)] == NOON.timestamp() - 3600
    assert values["clawtui_findings", (("severity", "error"),)] >= 1
    assert values["clawtui_problems", ()] >= 1


def test_a_run_whose_process_is_gone_is_lost_and_not_running(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("build")
    gateway.state("build")
    gateway.lock("github.com/user/repo", "build", pid=2**22 + 5)
    values = parsed(call("metrics").out)
    assert values["clawtui_runs", (("status", "lost"),)] == 1
    assert values["clawtui_runs", (("status", "running"),)] == 0
    assert values["clawtui_automations", (("status", "lost"),)] == 1


def test_no_text_from_disk_is_in_a_label(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    out = call("metrics").out
    assert "evil" not in out
    assert "sync-main" not in out
    assert "\x1b" not in out


def test_it_can_be_written_for_the_textfile_collector_in_one_step(
    gateway: GatewayRoot, call: Caller, tmp_path: Path
) -> None:
    fill(gateway)
    file = tmp_path / "clawtui.prom"
    answer = call("metrics", "--output", str(file))
    assert (answer.status, answer.out) == (0, "")
    assert parsed(file.read_text()) == parsed(call("metrics").out)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644, "node_exporter runs as another user"
    file.chmod(0o640)
    call("metrics", "--output", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o640, "the mode that somebody gave it is kept"
    assert [path.name for path in tmp_path.glob("*prom*")] == ["clawtui.prom"]


def test_as_json_it_has_the_same_values(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    rows = call("metrics", "--json").json
    text = exposition(
        Metric(row["name"], row["help"], tuple(Sample(one["value"], one["labels"]) for one in row["samples"]))
        for row in rows
    )
    assert parsed(text) == parsed(call("metrics").out)


def test_an_unknown_value_is_missing_and_no_zero(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("sync-main")
    values = parsed(call("metrics").out)
    names = {name for name, _ in values}
    assert not names & {"clawtui_slots_max", "clawtui_dispatcher_enabled", "clawtui_last_dispatch_timestamp_seconds"}


def test_a_stock_gateway_has_its_own(tmp_path: Path) -> None:
    store, now = GatewayStore(tmp_path), now_ms()
    store.job("digest", lastRunAtMs=now - 60_000, nextRunAtMs=now + 60_000)
    store.receipt("r-1", "digest", "ok", now - 60_000, now - 50_000)
    store.receipt("r-0", "digest", "error", now - 160_000, now - 150_000, error=HOSTILE)
    done = CliRunner().invoke(main, ["--root", str(tmp_path), "metrics"], obj=Invocation())
    store.close()
    assert done.exit_code == 0, done.output
    values = parsed(done.stdout)
    assert values["clawtui_runs", (("status", "success"),)] == 1
    assert values["clawtui_runs", (("status", "failed"),)] == 1
    assert values["clawtui_run_duration_seconds", (("quantile", "0.9"),)] == 10
    assert values["clawtui_automations", (("status", "idle"),)] == 1
    assert ("clawtui_slots_used", ()) not in values
    kinds = [labels for name, labels in values if name == "clawtui_info"]
    assert dict(kinds[0])["kind"] == "openclaw-sqlite"


@pytest.mark.parametrize("value", [0.0, 1.5, 1e300, -3.0, math.inf, -math.inf])
def test_every_number_and_every_root_is_read_back(value: float) -> None:
    (family,) = parser.text_string_to_metric_families(
        exposition([Metric("a", "b\nc\\", (Sample(value, {"root": HOSTILE}),))])
    )
    assert family.samples[0].value == value
    assert family.samples[0].labels["root"] == HOSTILE.replace("\r", "�")
