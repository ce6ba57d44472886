"""The Textual app: it owns the live model, the dashboard and the controllers, and passes messages between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual import on
from textual.app import SystemCommand
from textual.driver import Driver
from textual.screen import Screen

from clawtui.live.model import LiveModel
from clawtui.live.source import Source
from clawtui.model.fleet import Fleet
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.storage.paths import StatePaths
from clawtui.tui.base_app import BaseApp
from clawtui.tui.controllers.background import start_when_possible
from clawtui.tui.controllers.commands import CommandContext, Commands
from clawtui.tui.controllers.doctor_monitor import DoctorMonitor, FindingsChanged
from clawtui.tui.controllers.enable_automation import EnableController
from clawtui.tui.controllers.gateway.monitor import GatewayMonitor
from clawtui.tui.controllers.gateway.transcripts import TranscriptReader
from clawtui.tui.controllers.interrupted_monitor import InterruptedMonitor
from clawtui.tui.controllers.locks.verdict_monitor import LocksJudged, VerdictMonitor, with_other_hosts
from clawtui.tui.controllers.root_acts import local_acts
from clawtui.tui.controllers.runs.log_opening import log_opener
from clawtui.tui.controllers.runs.run_reader import RunReader
from clawtui.tui.controllers.user.clipboard import ClipboardController
from clawtui.tui.controllers.user.notifications import NotificationController
from clawtui.tui.controllers.user.preferences import Preferences, Startup
from clawtui.tui.controllers.user.root_switch import RootSwitch
from clawtui.tui.controllers.user.unbound_keys import UnboundKeys
from clawtui.tui.controllers.user.window_title import WindowTitle
from clawtui.tui.fleet_mailbox import FleetChanged, FleetMailbox
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.screens.pane_grid import PaneGrid
from clawtui.tui.screens.run_selection import SelectionShown
from clawtui.tui.screens.view_models import DashboardOptions
from clawtui.tui.terminal.screen_updates import redraw

if TYPE_CHECKING:
    from clawtui.tui.controllers.locks.lock_controllers import LockControllers


def utc_now() -> datetime:
    """Return the current time in UTC, the default clock of the dashboard."""
    return datetime.now(UTC)


class FleetObserver(Protocol):
    """Controller that follows the fleet."""

    def observe(self, fleet: Fleet) -> None:
        """React to a new fleet."""


def _rescan(live: Source, dashboard: Dashboard) -> None:
    """Read everything again."""
    live.rescan()
    dashboard.view.refresh()  # retries a part that failed, even without a change on disk


def _refresh_top_screen(app: BaseApp) -> None:
    """Update the dialog or screen over the dashboard, if there is one."""
    top = next(reversed(app.screen_stack), None)  # none while the app ends
    if top is None or isinstance(top, Dashboard):
        return
    from clawtui.tui.dialogs.lines_dialog import LinesDialog
    from clawtui.tui.screens.pane_screen import PaneScreen

    if isinstance(top, LinesDialog | PaneScreen):
        top.refresh_lines()


def _monitors(context: CommandContext, startup: Startup) -> Iterator[FleetObserver]:
    """Yield the monitors of the files of the design, in the order in which they get a fleet."""
    app, paths, now, quiet_after = context.app, context.paths, context.local_now, context.quiet_after
    yield VerdictMonitor(app, now, quiet_after, with_other_hosts(app, startup.foreign))
    yield DoctorMonitor(app, paths, now, quiet_after)
    yield InterruptedMonitor(app, paths, now, context.dashboard.view.show_interrupted)


class ClawtuiApp(BaseApp):
    """App that runs the live model while the dashboard is open, and passes messages to the parts that handle them."""

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
        startup: Startup | None = None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        startup = startup or Startup(environment={})
        super().__init__(clock, driver_class, startup.label_colour)
        self.dashboard = Dashboard(DashboardOptions(str(paths.root), host, clock, zone, read_only, demo))
        self.dashboard.view.header.label = startup.label
        self.dashboard.view.log_pane.source.open_log = log_opener(paths.automations, startup.source)
        inform = partial(self.call_later, self.dashboard.post_message)  # waits until the dashboard is composed
        self._mailbox = FleetMailbox(self.dashboard.view, inform)
        self.live: Source = startup.source or LiveModel(paths, order=startup.order_of(AutomationsPane.title))
        self.preferences = Preferences(self, self.dashboard, startup)
        self.roots = RootSwitch(self, self.dashboard, startup)
        self._notifier = NotificationController(self, startup.settings.notify, startup.environment)
        self._title = WindowTitle(self, startup.environment)
        self._run_reader = RunReader(self, paths, clock, self.dashboard.view.show_pages)
        self._transcripts = TranscriptReader(self, paths.root, self.dashboard.view, startup.source)
        self._unbound_keys = UnboundKeys(self, self.dashboard.panes.panes)
        context = CommandContext(self, self.dashboard, paths, clock, zone, read_only, quiet_after, startup.source)
        clipboard = ClipboardController(self, startup.environment)
        others: dict[str, Callable[[], None]] = {
            "undo": lambda: self._locks().restore.ask(),
            "rescan": partial(_rescan, self.live, self.dashboard),
            "redraw": partial(redraw, self),
        }
        self._commands = Commands(context, clipboard, self._unbound_keys, others)
        self._acts = startup.acts or local_acts(paths, context.local_now, quiet_after, startup.foreign)
        self._enable = EnableController(self, self._acts, read_only=read_only)
        show_gateway = (self.dashboard.view.show_gateway, self._title.show_gateway)
        self._observers: list[FleetObserver] = [
            *_monitors(context, startup),
            *(self._notifier, self._title, self.roots),
            GatewayMonitor(self, paths.root, context.local_now, show_gateway, quiet_after),
        ]
        self._lock_controllers: LockControllers | None = None
        self._lock_arguments = (paths, context.local_now, quiet_after)
        self._read_only = read_only

    def _locks(self) -> LockControllers:
        """Return the lock controllers, which are created at their first use, because loading them takes time."""
        if self._lock_controllers is None:
            from clawtui.tui.controllers.locks.lock_controllers import make_lock_controllers as make

            made = self._lock_controllers = make(self, self._acts(), *self._lock_arguments, read_only=self._read_only)
            for controller in (made.release, made.free):
                controller.observe(self.dashboard.view.newest or self.dashboard.view.fleet)
                self._observers.append(controller)
        return self._lock_controllers

    def get_default_screen(self) -> Screen[None]:
        """Start reading while Textual builds the first frame, and return the dashboard as the lowest screen."""
        self.dashboard.view.waits = isinstance(self.live, LiveModel)
        start_when_possible(self, partial(self.live.start, self._mailbox.put))
        return self.dashboard

    def on_mount(self) -> None:
        """Apply the settings that need the dashboard mounted, after the first frame."""
        self.call_after_refresh(self.preferences.apply)
        self.call_after_refresh(self.preferences.watch, self._notifier.use)
        self.call_after_refresh(self._unbound_keys.listen)
        if isinstance(self.live, LiveModel):
            self.call_after_refresh(self.live.end_pause)

    def on_unmount(self) -> None:
        """Stop the live model and the lock controllers, and restore the window's title."""
        self._title.restore()
        self.live.stop()
        for controller in self._lock_controllers or ():
            controller.stop()

    @on(FleetChanged)
    def show_newest_fleet(self) -> None:
        """Show the newest fleet, and have the controllers react to it."""
        if (fleet := self._mailbox.take()) is not None:
            self.dashboard.view.show_fleet(fleet)
            for observer in self._observers:
                observer.observe(fleet)
            _refresh_top_screen(self)

    @on(LocksJudged)
    @on(FindingsChanged)
    def show_judgement(self, event: LocksJudged | FindingsChanged) -> None:
        """Show the verdicts on locks and slots, or the findings."""
        if isinstance(event, LocksJudged):
            self.dashboard.view.show_verdicts(event.verdicts)
            self._notifier.observe_verdicts(event.verdicts)
        else:
            self.dashboard.view.show_findings(event.findings)
            self._notifier.observe_findings(event.findings)
        _refresh_top_screen(self)

    @on(LocksPane.ReleaseAsked)
    @on(LocksPane.FreeAsked)
    def ask_to_free(self, event: LocksPane.ReleaseAsked | LocksPane.FreeAsked) -> None:
        """Ask whether to release a lock or to free a slot."""
        if isinstance(event, LocksPane.ReleaseAsked):
            if self._commands.gateway.act_on_held(event.path):
                return
            locks = self._locks()
            (locks.release if self.dashboard.view.gateway is None else locks.release_file).ask(event.path)
        elif self.dashboard.view.gateway is None and not self._commands.remote.refuses_freeing():
            self._locks().free.ask()

    @on(AutomationsPane.EnableAsked)
    @on(AutomationsPane.JobAsked)
    def act_on_automation(self, event: AutomationsPane.EnableAsked | AutomationsPane.JobAsked) -> None:
        """Enable or disable an automation, or ask about an act on a job of a stock gateway."""
        if isinstance(event, AutomationsPane.JobAsked):
            self._commands.gateway.act_on_job(event.job_id, event.act)
        else:
            self._enable.ask(event.automations, event.enabled, self.dashboard.view.automations.row_marks.clear)

    def on_selection_shown(self, event: SelectionShown) -> None:
        """Follow the log that is shown, and read the reports on the selected run and on running runs."""
        self.live.follow(event.log)
        self._run_reader.observe(self.dashboard.view.fleet, self.dashboard.view.runs)
        self._transcripts.observe()

    @on(PaneGrid.Divided)
    @on(TablePane.Sorted)
    def save_ui_state(self) -> None:
        """Save theme, sizes and orders for the next start, if they have changed."""
        self.preferences.save()

    def action_command(self, name: str, *arguments: str) -> None:
        """Run one of the commands by its name."""
        self._commands.run(name, *arguments)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield the commands of the palette: those of the keys, then automations and locks, themes, and other roots."""
        from clawtui.tui.screens.palette import commands

        yield from commands(self, screen)
        yield from self._commands.palette_commands()
        yield from self.preferences.palette_commands()
        yield from self.roots.palette_commands()
