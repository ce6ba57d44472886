"""The simulated stock gateway: what clawtui finds on it, and that it ends with the dashboard."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from clawtui.demo.gateway_process import GatewayProcess
from clawtui.demo.home import is_home, kept_home
from clawtui.demo.openclaw.jobs import JOBS, ORPHANED
from clawtui.files.store_kind import store_kind
from clawtui.model.gateway.findings.examine import examine
from clawtui.model.gateway.missed import missed_by_job
from clawtui.openclaw.transcript_steps import read_transcript
from clawtui.operations.openclaw.report import report_gateway
from tests.waiting import wait_until

MODULE = "clawtui.demo.openclaw.main"


def test_it_has_a_missed_run_a_failing_delivery_and_an_orphaned_run(tmp_path: Path) -> None:
    home = kept_home(tmp_path / "demo")
    with GatewayProcess(home, ["--speed=20"], MODULE) as gateway:
        assert store_kind(home) == "sqlite"
        report = report_gateway(home, datetime.now(UTC), temporary=tmp_path)
        assert report.condition == "running" and report.state.lease is not None
        assert report.state.lease.pid == gateway.pid
        assert not report.state.problems and len(report.state.jobs) == len(JOBS)
        codes = {finding.code for finding in examine(report)}
        assert {"run-owner-dead", "runs-missed", "delivery-failing", "job-failing"} <= codes
        assert codes <= {"run-owner-dead", "runs-missed", "delivery-failing", "job-failing"}
        assert set(missed_by_job(report.state, report.now, report.host_zone)) == {"47aa03ce-backup"}
        run = report.state.running(ORPHANED)
        assert run is not None and report.owners[run.id].verdict == "orphaned"
        assert [lock.judgement.verdict for lock in report.locks] == ["live"]

        def sweep() -> int:
            state = report_gateway(home, datetime.now(UTC), temporary=tmp_path).state
            runs = [run for run in state.runs["2b91c6d3-mailbox"] if run.session_key is not None]
            return len(read_transcript(home, runs[0])) if runs else 0

        wait_until(lambda: sweep() >= 3, what="a transcript that grows")
    ended = report_gateway(home, datetime.now(UTC), temporary=tmp_path)
    assert ended.condition == "down"


def test_a_kept_one_is_started_again(tmp_path: Path) -> None:
    for _ in range(2):
        home = kept_home(tmp_path / "demo")
        with GatewayProcess(home, ["--speed=20"], MODULE):
            assert is_home(home) and store_kind(home) == "sqlite"
