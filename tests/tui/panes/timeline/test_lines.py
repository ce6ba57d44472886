"""The timeline of a run at a fixed instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar
from unittest.mock import patch

from textual.app import App, ComposeResult
from textual.geometry import Region

from clawtui.model.documents.base import Problem
from clawtui.model.documents.workspace import ProgressState, RuntimeState
from clawtui.model.fleet import Automation, Reading, Workspace
from clawtui.model.runs.history import list_runs
from clawtui.tui.panes.timeline import lines as timeline_lines
from clawtui.tui.panes.timeline.pane import TimelineView
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.widgets.line import Line, Span, width_of
from clawtui.tui.widgets.line_painter import LINE_CLASSES
from tests.gateway_root import NOON, iso
from tests.model.fleets import automation, good
from tests.model.samples import read


def shown(automation: Automation | None, workspace: Workspace | None) -> TimelineViewModel:
    """Return the newest run, as the dashboard finds it."""
    if automation is None or automation.config.value is None:
        return TimelineViewModel(automation, workspace)
    runs = list_runs(automation.id, automation.type, automation.config.value, workspace, {})
    return TimelineViewModel(automation, workspace, runs[0] if runs else None)


def facts(automation: Automation, workspace: Workspace | None, now: datetime, zone: tzinfo, width: int) -> list[Line]:
    return timeline_lines.facts(shown(automation, workspace), now, zone, width)


def timeline(workspace: Workspace, now: datetime, zone: tzinfo, width: int) -> list[Line]:
    return timeline_lines.timeline(shown(automation("a"), workspace).steps(now), now, zone, width)


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def going(**changes: object) -> Workspace:
    state: dict[str, object] = {
        "automationId": "a",
        "startTime": iso(NOON - timedelta(minutes=5)),
        "lastUpdate": iso(NOON),
        "currentPhase": "resolving-conflicts",
        "progress": {"percentage": 65, "details": {"currentFile": "src/core/processor.ts"}},
    }
    return Workspace("a", state=good(read(RuntimeState, **(state | changes))), progress=good(milestones()))


def milestones() -> ProgressState:
    return read(
        ProgressState,
        timeline=[
            {"timestamp": iso(NOON - timedelta(seconds=300)), "milestone": "Initializing workspace", "percentage": 5},
            {"timestamp": iso(NOON - timedelta(seconds=285)), "milestone": "Cloning fork repository", "percentage": 10},
        ],
        lastUpdate=iso(NOON - timedelta(seconds=200)),
    )


def test_a_run_in_progress_shows_its_progress_and_conflicts() -> None:
    met = {"conflictsDetected": 5, "conflictsResolved": 3, "conflictsSkipped": 1, "uncertainResolutions": ["x"]}
    made = {"branchCreated": "smart-sync/a", "prNumber": 12, "prUrl": "https://github.com/u/r/pull/12"}
    run = going(merge=met, resolution={"wrongPathCorrections": 1}, artifacts=made)
    assert texts(facts(automation("a"), run, NOON, UTC, 80)) == [
        "█" * 26 + "─" * 14 + "  65%",
        "resolving-conflicts · 5m00s elapsed",
        "conflicts  5 found · 3 resolved · 1 skipped · 1 uncertain",
        "file       src/core/processor.ts",
        "corrected  1 wrong path",
        "branch     smart-sync/a",
        "pull req.  #12 https://github.com/u/r/pull/12",
        "",
    ]


def test_conflicts_that_do_not_fit_are_on_the_next_line() -> None:
    run = going(merge={"conflictsDetected": 5, "conflictsResolved": 3, "uncertainResolutions": ["x"]})
    lines = facts(automation("a"), run, NOON, UTC, 38)
    assert texts(lines)[2:4] == ["conflicts  5 found · 3 resolved", "           1 uncertain"]
    assert all(width_of(line) <= 38 for line in lines[2:4])


def test_each_milestone_has_its_time_and_how_long_it_took_and_the_current_one_is_marked() -> None:
    assert texts(timeline(going(), NOON, UTC, 80)) == [
        "  11:55:00    15s   5%  Initializing workspace",
        "▸ 11:55:15  4m45s  10%  Cloning fork repository",
    ]


def test_the_last_milestone_of_a_run_that_is_over_took_until_its_last_update() -> None:
    over = going(status="completed")
    assert texts(timeline(over, NOON, UTC, 50))[-1] == "  11:55:15  1m25s  Cloning fork repository"


def test_without_a_run_in_progress_the_last_result_is_shown() -> None:
    two_hours_ago = iso(NOON - timedelta(hours=2))
    last = {"timestamp": two_hours_ago, "status": "failed", "duration": 324_000, "summary": "Push rejected by origin"}
    assert texts(facts(automation("a", lastRun=last), None, NOON, UTC, 80)) == [
        "✗ failed 2h ago · took 5m24s · 26 Jan 10:00",
        "Push rejected by origin",
        "",
    ]


def test_an_unreadable_document_is_shown_first() -> None:
    problem = Problem("workspaces/a/progress.json", "is empty")
    broken = Workspace("a", progress=Reading(problem.path, None, problem, None))
    assert texts(facts(automation("a"), broken, NOON, UTC, 80))[0] == "! progress.json is empty"


class _Wide(App[None]):
    """An app with a view of a run whose lines say for which width they were made."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(LINE_CLASSES)

    def compose(self) -> ComposeResult:
        yield TimelineView(lambda width: ((), ((Span(f"made for {width}"),),), None))


async def test_a_repaint_before_the_event_of_a_resize_has_lines_for_the_new_width() -> None:
    async with _Wide().run_test(size=(60, 5)) as pilot:
        view = pilot.app.query_one(TimelineView)
        assert "made for 60" in view.render_lines(Region(0, 0, 60, 1))[0].text
        with patch.object(view, "on_resize"):
            await pilot.resize_terminal(90, 5)
            await pilot.pause()
            assert "made for 90" in view.render_lines(Region(0, 0, 90, 1))[0].text
