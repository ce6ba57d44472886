"""The keys of the log."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

LOG_KEYS: Final[list[BindingType]] = [
    Binding(
        "f", "display('follow')", "follow", tooltip="show the end and stay there, or stop following", id="log.follow"
    ),
    # Has priority: another key is handled by the focused widget first, and when "/" and a pattern are typed or pasted
    # at once, the letters of the pattern would arrive before the prompt has the focus.
    Binding(
        "slash", "ask('search')", "search", tooltip="search for a regular expression", priority=True, id="log.search"
    ),
    Binding("n", "search('match', 1)", "next", tooltip="to the next match", id="log.next-match"),
    Binding("N", "search('match', -1)", "next", tooltip="to the previous match", id="log.match-before"),
    Binding(
        "ampersand", "search('matches')", "only", tooltip="show only what matches, or all again", id="log.only-matches"
    ),
    Binding("e", "search('error', 1)", "error", tooltip="to the next error", id="log.next-error"),
    Binding("E", "search('error', -1)", "error", tooltip="to the previous error", id="log.error-before"),
    Binding(
        "s", "search('level')", "level", tooltip="the least level that is shown: all, info, warn, error", id="log.level"
    ),
    Binding(
        "P",
        "ask('phase')",
        "phase",
        show=False,
        tooltip="show one phase only, or all again",
        priority=True,
        id="log.phase",
    ),
    Binding("w", "display('wrap')", "wrap", tooltip="long lines on several rows, or on one", id="log.wrap"),
    Binding("t", "display('times')", "times", tooltip="times of day, since the start, or how long ago", id="log.times"),
    Binding("T", "ask('time')", "go to time", show=False, tooltip="go to a time", priority=True, id="log.time"),
    Binding(
        "0",
        "display('dispatcher')",
        "dispatcher",
        tooltip="the dispatcher's log, or the run's again",
        id="log.dispatcher",
    ),
    Binding("enter", "display('entry')", "entry", show=False, tooltip="the chosen entry as JSON", id="log.entry"),
    Binding(
        "escape",
        "search('stop')",
        "stop",
        show=False,
        tooltip="stop the work, else clear the search, else the filter",
        id="log.stop",
    ),
]
