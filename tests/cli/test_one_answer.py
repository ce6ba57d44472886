"""Every number and state that two places show is the same for any files."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clawtui.model.fleet import Fleet
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.runs.history import with_ending
from clawtui.operations.runs.run_states import gather_run_context
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.operations.state.metrics import metric_facts
from clawtui.storage.paths import StatePaths
from clawtui.tui.panes.automations.rows import AutomationRows
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.panes.timeline.lines import facts
from clawtui.tui.screens.judged_runs import RunJudge
from clawtui.tui.screens.run_selection import RunChoice, RunSelection
from clawtui.tui.screens.view_models import timeline_view_model
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

IDS = ("sync-a", "sync-b")
TYPE = "smart-sync-fork"
DEAD_PID = 2**22 + 5
AGES = st.sampled_from([1, 5, 14, 16, 60, 300])
"""Minutes ago."""
ENDS = st.sampled_from(["success", "partial", "failed", "cancelled"])


def ago(minutes: float) -> datetime:
    return NOON - timedelta(minutes=minutes)


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def results(draw: st.DrawFn, start: float) -> dict[str, object]:
    """Generate a result of the run itself, by its start or by its end, or of another one."""
    minutes = draw(st.sampled_from([1, 4]))
    at = draw(st.sampled_from([start, max(0, start - minutes), start + 60, max(0, start - 10)]))
    return {"timestamp": iso(ago(at)), "status": draw(ENDS), "duration": minutes * 60_000, "summary": "So it ended"}


class Drawn:
    """The files that one automation left on disk."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.start = draw(AGES)
        self.status = draw(optional(st.sampled_from(["running", "running", "completed", "failed", "paused", "odd"])))
        self.written = draw(st.integers(0, self.start))
        self.percentage = draw(st.sampled_from([5, 65, 100]))
        self.info = draw(optional(st.sampled_from(["active", "complete", "failed", "abandoned"])))
        self.lock = draw(optional(st.sampled_from(["dead", "foreign"])))
        self.slot = draw(st.booleans())
        self.history = draw(st.lists(results(self.start), max_size=2, unique_by=lambda one: one["timestamp"]))
        self.last = draw(optional(results(self.start)))
        self.log = draw(optional(st.sampled_from(["own", "day"])))
        self.log_end = draw(optional(ENDS))
        self.enabled = draw(st.booleans())
        self.is_broken = draw(st.integers(0, 9)) == 0

    def __repr__(self) -> str:
        return str(vars(self))

    def write(self, root: GatewayRoot, id: str) -> None:
        if self.is_broken:
            root.write(f"config/{TYPE}/{id}.json", "{")
        else:
            last = {"lastRun": self.last} if self.last is not None else {}
            history = sorted(self.history, key=lambda one: str(one["timestamp"]), reverse=True)
            root.automation(id, TYPE, enabled=self.enabled, runHistory=history, **last)
        fields = {"automationId": id, "sessionId": f"cron:{id}"}
        if self.status is not None:
            state = {"status": self.status, "startTime": iso(ago(self.start)), "lastUpdate": iso(ago(self.written))}
            root.state(id, percentage=self.percentage, **state)
            root.progress(id, ("Cloning", 5), ("Resolving", self.percentage), start=ago(self.start))
        if self.info is not None:
            made = {"created": iso(ago(self.start)), "lastUpdated": iso(ago(self.written)), "status": self.info}
            root.write_json(f"workspaces/{id}/workspace-info.json", {**fields, "automationType": TYPE, **made})
        if self.lock is not None:
            holder = {"pid": DEAD_PID} if self.lock == "dead" else {"hostname": "another-host"}
            root.lock(f"github.com/user/{id}", id, acquiredAt=iso(ago(self.start)), **holder)
        if self.log is not None:
            began, end = ago(self.start), ago(max(0, self.start - 3))
            name = f"{id}-{began:%Y-%m-%d-%H-%M-%S}" if self.log == "own" else f"{began:%Y-%m-%d}"
            entries = [run_entry(id, "Cloning", began, sessionId=f"cron:{id}")]
            if self.log_end is not None:
                done = {"phase": "complete", "status": self.log_end, "sessionId": f"cron:{id}"}
                entries.append(run_entry(id, "It is over", end, **done))
            root.append_log(f"logs/{TYPE}/{name}.jsonl", *entries)


@st.composite
def roots(draw: st.DrawFn) -> dict[str, Drawn]:
    return {id: Drawn(draw) for id in draw(st.sets(st.sampled_from(IDS), min_size=1))}


class Dashboard:
    """The dashboard's own path from a fleet and verdicts to its panes."""

    def __init__(self, paths: StatePaths, now: datetime) -> None:
        raw = read_fleet(paths)
        locks = judged_locks(raw, now)
        runs = gather_run_context(raw, now, locks=locks)
        verdicts = Verdicts(raw.locks, locks, runs.slots, runs, now)
        self.paths, self.now = paths, now
        self.fleet: Fleet = RunJudge().judge(raw, verdicts, now)
        self._rows = AutomationRows()
        self._rows.update(self.fleet.automations, self.fleet.workspaces)

    @property
    def statuses(self) -> Mapping[str, str]:
        return {row.id: row.status for row in self._rows._rows.values()}

    def runs(self, id: str) -> list[tuple[str, str | None]]:
        (automation,) = (one for one in self.fleet.automations.values() if one.id == id)
        runs = RunSelection().runs_of(self.fleet, automation)
        return [(iso(run.started), with_ending(self.paths, run).status) for run in runs]

    def heading(self, id: str) -> str:
        """Return the first lines of the timeline."""
        (automation,) = (one for one in self.fleet.automations.values() if one.id == id)
        runs = RunSelection().runs_of(self.fleet, automation)
        shown = timeline_view_model(self.fleet, RunChoice(automation, runs), None)
        return "\n".join("".join(span.text for span in line) for line in facts(shown, self.now, UTC, 200))


def check(root: GatewayRoot, drawn: Mapping[str, Drawn]) -> None:
    root.dispatcher()
    for id, one in drawn.items():
        one.write(root, id)
    slots = [id for id, one in drawn.items() if one.slot]
    root.slots(
        *(
            {"automationId": id, "sessionId": f"cron:{id}", "acquiredAt": iso(ago(drawn[id].start)), "slotNumber": n}
            for n, id in enumerate(slots, 1)
        )
    )
    call = Caller(root)
    listed = {row["id"]: row for row in call("automation", "list", "--json").json}
    status = call("status", "--json").json
    workspaces = {row["id"]: row for row in call("workspace", "list", "--no-size", "--json").json}
    findings = call("doctor", "--json").json["findings"]
    dashboard = Dashboard(StatePaths(root.root), NOON)

    statuses = {id: row["status"] for id, row in listed.items()}
    assert dashboard.statuses == statuses
    counts = Counter(statuses.values())
    for name in ("running", "paused", "failed", "lost", "invalid"):
        assert status["automations"][name] == counts[name], name
    assert {(one["id"], one["status"]) for one in status["needAHand"]} == {
        (id, run_status) for id, run_status in statuses.items() if run_status in ("failed", "lost", "invalid")
    }
    metrics = metric_facts(read_fleet(StatePaths(root.root)), StatePaths(root.root), NOON)
    assert Counter(metrics.automations) == counts
    dead = {finding["subject"].partition("/")[2] for finding in findings if finding["code"] == "run-dead"}

    for id, row in listed.items():
        why = call("why", id, "--json").json
        run = why["run"] and why["run"]["state"]
        workspace = workspaces.get(id)
        assert why["status"] == row["status"]
        assert (row["run"] and row["run"]["state"]) == run == (workspace and workspace["run"])
        runs = [(one["timestamp"], one["status"]) for one in call("run", "list", id, "--json").json]
        assert runs == dashboard.runs(id)
        assert (row["running"] is not None) == (workspace is not None and workspace["running"])
        assert (id in dead) == (run == "lost" and drawn[id].status not in (None, "completed", "failed"))
        going = [run_status for _, run_status in runs if run_status in ("running", "paused", "queued")]
        assert bool(going) == (row["running"] is not None)
        if row["status"] == "lost":
            assert runs and "lost" in [run_status for _, run_status in runs]
            if runs[0][1] == "lost":
                assert "✗ lost" in dashboard.heading(id)
        if row["status"] == "running" and runs[0][1] == "running":
            assert f"{drawn[id].percentage if drawn[id].status else 0}%" in dashboard.heading(id)
        if not drawn[id].is_broken and drawn[id].status is not None:
            assert call("progress", id, "--json").json["running"] == (row["running"] is not None)


@given(roots())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_place_shows_the_same_state_of_every_run(drawn: Mapping[str, Drawn]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        check(GatewayRoot(Path(directory) / "state"), drawn)
