"""The app: the live model at one end, the dashboard at the other, and the operations between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.driver import Driver

from clawtui.live.model import LiveModel
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.background import RETRY_AFTER, in_background, is_scarcity
from clawtui.tui.controllers.background_checks import BackgroundChecks
from clawtui.tui.controllers.doctor_monitor import FindingsChanged
from clawtui.tui.controllers.interrupted_monitor import InterruptedFound
from clawtui.tui.controllers.locks.verdict_monitor import LocksJudged
from clawtui.tui.controllers.runs.log_reader import LogDesk
from clawtui.tui.controllers.runs.run_reader import RunReader, RunsRead
from clawtui.tui.controllers.runs.run_screens import RunScreens
from clawtui.tui.controllers.user.preferences import Preferences
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.screens.messages import FleetChanged, LogWanted, RescanWanted, RunsWanted
from clawtui.tui.startup import Startup
from clawtui.tui.terminal.themes import DARK
from clawtui.tui.widgets.line import Line


def utc_now() -> datetime:
    """The wall clock: the only one that the dashboard reads."""
    return datetime.now(UTC)


def _local_now(clock: Callable[[], datetime], zone: tzinfo | None) -> datetime:
    """The clock in the operator's zone, in which sentences tell their times."""
    return clock().astimezone(zone)


class ClawtuiApp(Preferences, inherit_bindings=False):
    """Runs the live model for as long as the dashboard is there."""

    CSS_PATH = "clawtui.tcss"
    TITLE = "clawtui"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(
        self,
        paths: StatePaths,
        *,
        host: str,
        read_only: bool = False,
        demo: bool = False,
        clock: Callable[[], datetime] = utc_now,
        zone: tzinfo | None = None,
        quiet_after: timedelta = QUIET_AFTER,
        setup: Startup | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(setup or Startup(environment={}), paths, clock, driver_class, read_only=read_only)
        self._paths = paths
        self._read_only = read_only
        self.dashboard = Dashboard(str(paths.root), host, clock, zone, read_only=read_only, demo=demo)
        self.dashboard.header.label = self.setup.label
        self.dashboard.log_pane.open_log = LogDesk(paths).open
        self.live = LiveModel(paths, self._publish)
        self._run_reader = RunReader(self, paths, clock)
        self._run_screens = RunScreens(self, self.dashboard, paths, clock, zone)
        local = partial(_local_now, clock, zone)
        self._caretaker = BackgroundChecks(self, paths, local, quiet_after, read_only=read_only)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """What the style sheet names and Textual's own themes do not have."""
        return dict(DARK.variables)

    def on_load(self) -> None:
        """Reads what is on disk while the frame is being laid out: mostly the first paint has it then."""
        self._start_live()

    def _start_live(self) -> None:
        try:
            self.live.start()
        except RuntimeError as error:
            if not is_scarcity(error):
                raise
            self.set_timer(RETRY_AFTER, self._start_live)

    def on_mount(self) -> None:
        """Paints the frame, with what has been read by then."""
        self.push_screen(self.dashboard)
        self.call_after_refresh(self.move_in)

    def on_unmount(self) -> None:
        """Nothing is watched any more."""
        self.live.stop()
        self._caretaker.stop()

    def _publish(self, fleet: Fleet) -> None:
        self.dashboard.newest = fleet
        self.post_message(FleetChanged(fleet))

    def on_fleet_changed(self, event: FleetChanged) -> None:
        """Another state of everything. The dashboard began with the newest; what was told before it comes too late."""
        if event.fleet is not self.dashboard.newest:
            return
        self.dashboard.show_fleet(event.fleet)
        self._caretaker.consider(event.fleet)
        self._refresh_dialog()

    def on_locks_judged(self, event: LocksJudged) -> None:
        """The verdicts on the locks."""
        self.dashboard.show_verdicts(event.verdicts)
        self._refresh_dialog()

    def on_findings_changed(self, event: FindingsChanged) -> None:
        """What does not fit together."""
        self.dashboard.show_findings(event.findings)
        self._refresh_dialog()

    def on_interrupted_found(self, event: InterruptedFound) -> None:
        """What a killed process left of a release."""
        self.dashboard.show_leftovers([(each.text, each.mend) for each in event.leftovers])

    def on_locks_pane_release_asked(self, event: LocksPane.ReleaseAsked) -> None:
        """Shows what there is to know about a lock, and asks whether to release it."""
        self._caretaker.surgery.release(event.path)

    def on_locks_pane_free_asked(self, event: LocksPane.FreeAsked) -> None:
        """Shows who has the slots, and asks whether to free one."""
        self._caretaker.surgery.free()

    def action_findings(self) -> None:
        """Shows what does not fit together, and what mends it."""
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.widgets.lines_view import line_room

        room = line_room(self.size.width)
        self.push_screen(LinesDialog("Findings", lambda: self._finding_lines(room)))

    def _finding_lines(self, room: int) -> Sequence[Line]:
        from clawtui.tui.dialogs.finding_lines import finding_lines, nothing_there

        if self.dashboard.fleet.watch == "waiting":
            return nothing_there()
        return finding_lines(self.dashboard.findings, room)

    def action_undo(self) -> None:
        """Asks whether to give back the lock that was released last."""
        self._caretaker.surgery.undo()

    def action_look(self, name: str) -> None:
        """Opens what lies beside the dashboard."""
        self._run_screens.open(name)

    def _refresh_dialog(self) -> None:
        from clawtui.tui.dialogs.lines_dialog import LinesDialog
        from clawtui.tui.screens.pane_screen import PaneScreen

        for screen in self.screen_stack[-1:]:  # none at all where the app is just ending
            if isinstance(screen, LinesDialog | PaneScreen):
                screen.refresh_lines()

    def on_log_wanted(self, event: LogWanted) -> None:
        """The live model follows what is looked at."""
        self.live.follow(event.path)

    def on_runs_wanted(self, event: RunsWanted) -> None:
        """What is known of the runs in sight is read."""
        self._run_reader.consider(self.dashboard.fleet, self.dashboard.runs)

    def on_runs_read(self, event: RunsRead) -> None:
        """What is known of the runs in sight."""
        self.dashboard.show_pages(event.pages)

    def on_rescan_wanted(self, event: RescanWanted) -> None:
        """Everything is read again."""
        self.live.rescan()

    def on_automations_pane_enable_asked(self, event: AutomationsPane.EnableAsked) -> None:
        """Enables or disables an automation; the screen shows it once it is on disk."""
        if self._read_only:
            self.notify("Read-only: nothing is changed.", severity="warning", markup=False)
            return
        what = "enabling or disabling an automation"
        in_background(self, what, partial(self._set_enabled, event.automation, event.enabled))

    def _set_enabled(self, automation: Automation, enabled: bool) -> None:
        from clawtui.files.fs.atomic import ANY
        from clawtui.model.errors import Failed, StorageError
        from clawtui.operations.state.automations import require_only_file, set_enabled

        try:
            require_only_file(self._paths, automation)
            expected = automation.config.stamp or ANY
            said = set_enabled(self._paths, automation, enabled, self._clock(), expected)
        except (Failed, StorageError) as error:
            self.call_later(partial(self.notify, str(error), severity="error", markup=False))
        else:
            self.call_later(partial(self.notify, said, markup=False))
