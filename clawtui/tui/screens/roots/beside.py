"""Timeline, log and locks beside the list of several roots: those of the automation at the cursor, and of its root."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, tzinfo

from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.panes.timeline.pane import TimelinePane
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.screens import view_models
from clawtui.tui.screens.roots.root_view import RootView
from clawtui.tui.screens.run_selection import Pages, RunSelection
from clawtui.tui.screens.shown_automation import show_run, shown_run
from clawtui.tui.widgets.error_boundary import failing_alone
from clawtui.tui.widgets.line import Span


class BesidePanes:
    """The panes of the dashboard of one root, with the content of the root of the chosen row."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.timeline = TimelinePane(zone)
        self.log_pane = LogPane(zone)
        self.locks = LocksPane()
        self.log: str | None = None
        """The log that is shown, relative to ``automations/`` of the root."""
        self.root: RootView | None = None
        """The root that is shown; None before there is a row."""
        self._runs: dict[str, RunSelection] = defaultdict(RunSelection)

    def runs_of(self, root: str) -> RunSelection:
        """Return the selection of runs in a root."""
        return self._runs[root]

    def show(self, root: RootView, key: str, now: datetime) -> None:
        """Show the automation or job ``key`` of a root at ``now``, by the clock of this host; empty for none."""
        self.root = root
        now = root.time_there(now)
        gateway, name = root.gateway, root.root.name
        job = gateway.job(key) if gateway is not None else None
        shown = shown_run(root.judged, self._runs[name], root.judged.automations.get(key), gateway, job, name)
        if not key and (why := root.why_no_rows) is not None:
            shown = shown._replace(timeline=TimelineViewModel(why_none=why))
        show_run(shown, self.timeline, self.log_pane, now)
        self.log = shown.log.path
        with failing_alone(self.locks, retry=True):
            locks = view_models.locks_view_model(root.judged, root.verdicts)
            self.locks.show(locks if gateway is None else gateway.held, now)
            self.locks.heading.note((Span(f"of {name}  ", "dim"),))

    def show_pages(self, root: str, pages: Pages) -> None:
        """Take the reports on the runs of a root."""
        self._runs[root].pages = pages

    def tick(self, now: datetime) -> None:
        """Update what depends on the time, by the clock of this host."""
        if self.root is None:
            return
        now = self.root.time_there(now)
        for pane in (self.timeline, self.log_pane, self.locks):
            with failing_alone(pane):
                pane.tick(now)
