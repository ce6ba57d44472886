"""The screen of several roots: the keys that lead into one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.model.documents.base import Problem
from clawtui.model.listed_root import ListedRoot
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.width import wrap
from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.panes.pane import Pane
from clawtui.tui.screens.bindings import GENERAL_KEYS, RUN_KEYS
from clawtui.tui.screens.key_hints import footer_hints, key_name
from clawtui.tui.screens.pane_grid import PaneGrid
from clawtui.tui.screens.roots.roots_view import RootsView
from clawtui.tui.screens.shown_automation import show_entry
from clawtui.tui.terminal.screen_updates import PacedScreen
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.messages import MessageLine, dismiss_message

_SHARED: Final = frozenset(
    f"general.{id}"
    for id in ("help", "quit", "back", "log", "undo", "messages", "rescan", "palette", "suspend", "end", "redraw")
) | {"runs.release"}
"""The operations that mean the same as in the dashboard of one root."""


class RootsScreen(PacedScreen, inherit_bindings=False):
    """Screen with the automations of several roots; Enter opens the dashboard of the root at the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", tooltip="the dashboard of its root, at this automation", id="roots.open"),
        Binding(
            "exclamation_mark", "problems", "problems", tooltip="what cannot be read, and why", id="roots.problems"
        ),
        *(each for each in (*GENERAL_KEYS, *RUN_KEYS) if isinstance(each, Binding) and each.id in _SHARED),
    ]

    class Opened(Message):
        """Request to open the dashboard of a root, with the cursor on the automation ``key``; empty for none."""

        def __init__(self, root: ListedRoot, key: str) -> None:
            super().__init__()
            self.root = root
            self.key = key

    def __init__(self, view: RootsView, row_to_select: tuple[str, str] | None) -> None:
        super().__init__(id="roots")
        self.view = view
        beside = view.beside
        self.panes = PaneGrid(view.pane, beside.timeline, beside.log_pane, beside.locks)
        self.panes.on_read = self._read
        self._row_to_select = row_to_select

    def compose(self) -> ComposeResult:
        """Yield header, panes and footer."""
        yield self.view.header
        yield self.panes
        yield self.view.footer
        yield MessageLine()

    def on_mount(self) -> None:
        """Show what is known so far: the first frame does not wait for the rest."""
        self.panes.go_to(self.view.pane)
        self.view.start(self._row_to_select)
        self.set_interval(1.0, self.view.pass_second)
        self.call_after_refresh(self.show_keys)

    def show_keys(self) -> None:
        """Show the keys in the footer."""
        self.view.footer.show(footer_hints(self))

    def on_descendant_focus(self) -> None:
        """Show the keys of the filter while it is typed."""
        self.call_after_refresh(self.show_keys)

    @on(PaneGrid.CurrentChanged)
    def refresh_keys(self) -> None:
        """Show the keys of the current pane in the footer, after the next refresh."""
        self.call_after_refresh(self.show_keys)

    def on_line_table_selected(self, event: LineTable.Selected) -> None:
        """Show the run, the log and the locks of the row at the cursor."""
        if event.control is self.view.pane.table:
            self.view.show_chosen()

    def on_log_pane_entry_requested(self, event: LogPane.EntryRequested) -> None:
        """Show the whole log entry as JSON in a dialog."""
        show_entry(self.app, event.line)

    def _read(self, pane: Pane) -> None:
        """Keep the row while the operator reads what is beside it."""
        if pane is not self.view.pane:
            self.view.pane.table.cursor.hold()

    @on(LineTable.Opened)
    def action_open(self) -> None:
        """Open the dashboard of the root at the cursor; from the timeline, go to the log."""
        if self.panes.current is self.view.beside.timeline:
            self.panes.go_to(self.view.beside.log_pane)
        elif (chosen := self.view.pane.chosen) is not None:
            rows, key = chosen
            self.post_message(self.Opened(rows.root, key))

    def action_log(self) -> None:
        """Go to the log of the chosen automation."""
        self.panes.go_to(self.view.beside.log_pane)

    def action_release_blocking(self) -> None:
        """Ask whether to release the lock on the repository of the chosen automation."""
        lock = self.view.lock_of_chosen()
        if lock is None:
            self.notify("No lock on its repository is known.", markup=False)
        else:
            self.view.pane.table.cursor.hold()
            self.post_message(LocksPane.ReleaseAsked(lock.path))

    def action_back(self, quits: bool = False) -> None:
        """Dismiss a message, or clear the filter; where there is neither, end if ``quits``."""
        if dismiss_message(self.app) and not quits:
            return
        if self.panes.step_back():
            self.refresh_keys()
        elif quits:
            self.app.exit()

    def action_problems(self) -> None:
        """Show what cannot be read in each root, and why."""
        self.app.push_screen(LinesDialog("Problems", self._problem_lines))

    def _problem_lines(self, width: int) -> Sequence[Line]:
        lines: list[Line] = []
        for name, root in self.view.roots.items():
            problems = sorted(root.problems.values())
            if root.trouble is not None and not problems:
                problems = [Problem("", root.trouble.reason)]
            if problems:
                where = root.root.argument
                lines.append((Span(name, "active"), *((Span(f"  {where}", "dim"),) if where != name else BLANK)))
            for problem in problems:
                text = f"{problem.path} {problem.message}".strip()
                lines += [(Span(f"  {part}", "bad"),) for part in wrap(displayable(text), width - 2)]
            if problems:
                lines.append(BLANK)
        return lines or ((Span("Nothing: everything can be read.", "ok"),),)


def explain_key(app: App[None], key: str) -> None:
    """Say that a key means something in the dashboard of one root only."""
    text = f"{key_name(key)} is a key of a root's own dashboard: Enter opens that."
    app.notify(text, severity="warning", timeout=4)
