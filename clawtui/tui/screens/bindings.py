"""The keys of the whole dashboard, in addition to those of each pane."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from textual.binding import Binding, BindingType

from clawtui.tui.terminal.screen_updates import REDRAW_KEY

GENERAL_KEYS: Final[list[BindingType]] = [
    Binding(
        "question_mark", "app.command('help')", "help", tooltip="all keys, those of this pane first", id="general.help"
    ),
    Binding(
        "enter",
        "open",
        "open",
        tooltip="open it: its timeline, its line in the log, or as JSON",
        id="general.open",
    ),
    Binding("q", "back(True)", "quit", tooltip="one step back; at the top, quit", id="general.quit"),
    Binding(
        "escape",
        "back",
        "back",
        show=False,
        tooltip="one step back: filter, zoom, pane; never quits",
        id="general.back",
    ),
    Binding("0", "all_roots", "all roots", tooltip="back to the list of all roots", id="general.all-roots"),
    Binding(
        "d", "details", "details", tooltip="what is on disk about it: each field, then as JSON", id="general.details"
    ),
    Binding("L", "log", "log", tooltip="to the log of the chosen automation", id="general.log"),
    Binding("y", "app.command('copy')", "copy", tooltip="copy its id, its address, its JSON", id="general.copy"),
    Binding("v", "app.command('page')", "pager", show=False, tooltip="its file in your $PAGER", id="general.pager"),
    Binding(
        "e", "app.command('edit')", "edit", show=False, tooltip="its configuration in your $EDITOR", id="general.edit"
    ),
    Binding(
        "exclamation_mark",
        "app.command('problems')",
        "problems",
        tooltip="what cannot be read, and why",
        id="general.problems",
    ),
    Binding(
        "D",
        "app.command('findings')",
        "findings",
        show=False,
        tooltip="the findings of `clawtui doctor`, and what mends them",
        id="general.findings",
    ),
    Binding(
        "M",
        "app.command('mend')",
        "mend",
        show=False,
        tooltip="repair a stock gateway by its own command; else the findings",
        id="general.mend",
    ),
    Binding(
        "U",
        "app.command('undo')",
        "undo",
        show=False,
        tooltip="undo the last x or Z, else the last release of a lock",
        id="general.undo",
    ),
    Binding(
        "I",
        "app.command('messages')",
        "messages",
        show=False,
        tooltip="the messages that were shown",
        id="general.messages",
    ),
    Binding("p", "pause", "pause", tooltip="stop updating the screen, or go on", id="general.pause"),
    Binding("R", "app.command('rescan')", "rescan", show=False, tooltip="read everything again", id="general.rescan"),
    Binding(
        "colon,ctrl+p",
        "app.command('palette')",
        "commands",
        show=False,
        tooltip="find a command by its name",
        id="general.palette",
    ),
    Binding(
        "ctrl+z",
        "app.suspend_process",
        "suspend",
        show=False,
        tooltip="back to the shell; fg returns",
        id="general.suspend",
    ),
    Binding("ctrl+c", "app.quit", "quit at once", show=False, tooltip="quit at once", id="general.end"),
    REDRAW_KEY,
]


RUN_KEYS: Final[list[BindingType]] = [
    Binding("H", "app.command('runs')", "runs", tooltip="all runs of the automation", id="runs.list"),
    Binding(
        "left_square_bracket",
        "step_run(1)",
        "run before, after",
        show=False,
        tooltip="the previous run; in the dispatcher's log the previous day",
        id="runs.before",
    ),
    Binding(
        "right_square_bracket",
        "step_run(-1)",
        "run before, after",
        show=False,
        tooltip="the next run; in the dispatcher's log the next day",
        id="runs.after",
    ),
    Binding(
        "a",
        "app.command('artifacts')",
        "artifacts",
        show=False,
        tooltip="what the automation's runs left behind",
        id="artifacts.list",
    ),
    Binding(
        "X",
        "release_blocking",
        "release",
        show=False,
        tooltip="release the lock that blocks it, after a question",
        id="runs.release",
    ),
    Binding(
        "w",
        "app.command('why')",
        "why",
        show=False,
        tooltip="why it is running or not, as `clawtui why` says",
        id="runs.why",
    ),
    Binding(
        "W",
        "app.command('activity')",
        "who ran when",
        show=False,
        tooltip="the dispatcher: who ran when",
        id="dispatcher.activity",
    ),
    Binding(
        "A",
        "app.command('all-logs')",
        "all logs",
        show=False,
        tooltip="all logs of the last day as one, by time",
        id="log.all",
    ),
    Binding(
        "C",
        "app.command('dispatcher')",
        "dispatcher",
        show=False,
        tooltip="the dispatcher's configuration and slots, each field",
        id="dispatcher.configuration",
    ),
    Binding(
        "B",
        "app.command('workspaces')",
        "workspaces",
        show=False,
        tooltip="the workspaces: their state and size, and removing one",
        id="workspaces.list",
    ),
]


SYNONYMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "artifacts.list": "results reports output files patches",
        "automations.disable": "stop deactivate suspend turn off",
        "automations.duplicate": "clone copy",
        "automations.enable": "start activate resume turn on",
        "automations.failed": "error broken",
        "automations.lock": "unlock release free",
        "automations.mark": "select several",
        "automations.snooze": "defer postpone delay later skip",
        "automations.new": "create add",
        "automations.run": "start execute trigger",
        "dispatcher.activity": "schedule lanes timetable history",
        "dispatcher.configuration": "scheduler settings concurrency slots",
        "general.back": "return leave up",
        "general.copy": "yank clipboard",
        "general.details": "show inspect json describe",
        "general.edit": "change configure settings vi nano",
        "general.findings": "doctor check health diagnose warnings",
        "general.help": "shortcuts manual",
        "general.mend": "fix repair",
        "general.messages": "notifications notices history",
        "general.pager": "less view open",
        "general.palette": "search actions",
        "general.pause": "freeze hold stop",
        "general.problems": "errors invalid unreadable",
        "general.quit": "exit close leave",
        "general.redraw": "refresh repaint clear",
        "general.rescan": "reload refresh update",
        "general.suspend": "background shell",
        "general.undo": "restore revert",
        "locks.release": "unlock free remove delete break",
        "log.all": "merged combined journal",
        "log.follow": "tail",
        "log.level": "severity errors warnings",
        "log.only-matches": "grep filter",
        "log.search": "find grep",
        "log.time": "jump date",
        "log.times": "timestamps clock",
        "log.wrap": "fold break long lines",
        "pane.zoom": "maximize fullscreen enlarge",
        "runs.list": "history past previous",
        "runs.release": "unlock",
        "runs.why": "explain reason blocked",
        "slots.free": "release remove",
        "table.filter": "search find grep",
        "table.reverse": "order descending",
        "table.sort-before": "order column",
        "table.sort-next": "order column",
        "workspaces.clean": "delete remove",
        "workspaces.list": "clones directories disk",
    }
)
"""Other words by which the palette and the help find an operation, by the id of the operation."""
