"""The parts of the screen of several roots, and what each of them shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.listed_root import ListedRoot
from clawtui.model.runs.why import blocking_lock
from clawtui.tui.panes.footer import Footer
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.panes.roots.header import RootsHeader
from clawtui.tui.panes.roots.pane import RootsPane, choose_row
from clawtui.tui.screens.gateway_view import Judged
from clawtui.tui.screens.roots.beside import BesidePanes
from clawtui.tui.screens.roots.root_view import RootView
from clawtui.tui.screens.run_selection import Pages
from clawtui.tui.terminal.screen_updates import TickRate
from clawtui.tui.widgets.error_boundary import failing_alone
from clawtui.tui.widgets.line_view import LineView


class RootsView:
    """Content of the screen of several roots. A change of one root costs as much as that root is large."""

    def __init__(
        self, roots: Sequence[ListedRoot], clock: Callable[[], datetime], zone: tzinfo | None, *, read_only: bool
    ) -> None:
        self._clock = clock
        self._read_only = read_only
        self.roots: dict[str, RootView] = {root.name: RootView(root) for root in roots}
        self.header = RootsHeader()
        self.pane = RootsPane(roots)
        self.beside = BesidePanes(zone)
        self.on_shown: Callable[[], None] = lambda: None
        """Called when the run or the log beside the list may be another one."""
        self.footer = Footer()
        self._tick_rate = TickRate()
        self._row_to_select: tuple[str, str] | None = None

    def start(self, row: tuple[str, str] | None) -> None:
        """Show what is known so far; put the cursor on ``row``, a root and a key, once it is there."""
        self._row_to_select = row
        self._show(self.roots)

    def take(self, fleets: Mapping[str, Fleet], duplicates: Iterable[str]) -> None:
        """Show the new fleets of some roots, and those that are the directory of another one no more."""
        now = self._clock()
        for name in duplicates:
            if self.roots.pop(name, None) is not None:
                self.pane.rows.roots.pop(name, None)
                self.pane.rearrange()
        known = [name for name in fleets if name in self.roots]
        changed = [name for name in known if self.roots[name].take(fleets[name], now)]
        for name in set(known) - set(changed):
            self.pane.rows.roots[name].show_round_trip(self.roots[name].round_trip)
        if changed or duplicates:
            self._show(changed)
        else:
            self._show_header(now)

    def show_verdicts(self, name: str, verdicts: Verdicts) -> None:
        """Show the verdicts on the locks, slots and runs of a root."""
        if name not in self.roots:
            return
        if self.roots[name].take_verdicts(verdicts):
            self._show((name,))
        else:
            self._show_beside((name,))

    def show_gateway(self, name: str, judged: Judged) -> None:
        """Show the verdicts on a stock gateway."""
        if name in self.roots:
            self.roots[name].take_gateway(judged, self._clock())
            self._show((name,))

    def show_pages(self, name: str, pages: Pages) -> None:
        """Show the reports on the runs of a root."""
        self.beside.show_pages(name, pages)
        self._show_beside((name,))

    def show_chosen(self) -> None:
        """Show the run, the log and the locks of the row at the cursor."""
        chosen = self.pane.chosen
        root = self.roots.get(chosen[0].root.name) if chosen is not None else None
        if chosen is not None and root is not None:
            self.beside.show(root, chosen[1], self._clock())
            self.on_shown()

    def lock_of_chosen(self) -> Reading[RepositoryLock] | None:
        """Return the lock on the repository of the chosen automation; None if there is none."""
        chosen, root = self.pane.chosen, self.beside.root
        automation = root.judged.automations.get(chosen[1]) if chosen is not None and root is not None else None
        return None if root is None or automation is None else blocking_lock(root.judged, automation)

    def pass_second(self) -> None:
        """Update ages and countdowns if a tick is due."""
        self._tick_rate.pass_second(self._tick)

    def _show(self, names: Collection[str]) -> None:
        """Show the roots ``names`` again."""
        self._tick_rate.reset()
        now = self._clock()
        self.pane.now = now
        with failing_alone(self.pane, retry=True):
            moved = [name for name in names if self.pane.rows.roots[name].show(self.roots[name].content(now))]
            if moved:
                self.pane.rearrange()
            else:
                self.pane.table.sync()
        if self._row_to_select is not None and not self.pane.table.cursor.held:
            choose_row(self.pane, *self._row_to_select)
        self._show_beside(names)
        self._show_header(now)

    def _show_beside(self, names: Collection[str]) -> None:
        """Show what is beside the list again, if it is of one of the roots ``names``."""
        chosen = self.pane.chosen
        if chosen is not None and chosen[0].root.name in names:
            self.show_chosen()

    def _show_header(self, now: datetime) -> None:
        self.header.show(tuple(self.pane.rows.roots.values()), now, read_only=self._read_only)

    def _tick(self) -> bool:
        """Update what depends on the time; return whether a text that shows seconds has changed."""
        before = LineView.repainted_by_second
        now = self._clock()
        with failing_alone(self.pane):
            self.pane.tick(now)
        self.beside.tick(now)
        self._show_header(now)
        return LineView.repainted_by_second != before
