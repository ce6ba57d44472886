"""The lines below the header: interrupted operations, or the reason why the dashboard is empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clawtui.model.fleet import Fleet
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.command_line import CommandLine
from clawtui.model.text.width import wrap
from clawtui.tui.widgets.line import Line, Span, wrap_line
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_view import LineView

InterruptedNotices = Sequence[tuple[str, str]]
"""The operations that a killed process left unfinished, each with the command that repairs it."""

_WIDTH = 76
_MOST_LINES = 3


def notice_lines(fleet: Fleet, leftovers: InterruptedNotices = (), default_roots: Sequence[str] = ()) -> Sequence[Line]:
    """Return the interrupted operations, else the reason why the dashboard is empty; no lines without either.

    `default_roots` are the directories that are waited for where no root was named.
    """
    if leftovers and fleet.gateway is None:
        return _leftover_lines(leftovers)
    if fleet.gateway is not None:
        return tuple(_gateway_lines(fleet))
    problem = fleet.problems.get("")
    if problem is not None:
        if fleet.watch == "waiting" or (fleet.watch != "stuck" and "permission" in problem.message):
            return _closed_lines(fleet.root, problem.message)
        shown = f"{problem.message[:1].upper()}{problem.message[1:]}" if fleet.watch == "stuck" else None
        return ((Span(shown or f"{fleet.root} {problem.message}", "warn"),),)
    if fleet.watch == "waiting":
        return _missing_lines(fleet, default_roots) if fleet.loaded else ()
    return _empty_lines(fleet.root) if fleet.loaded and not fleet.automations else ()


def _gateway_lines(fleet: Fleet) -> Iterator[Line]:
    """Yield why the store of a stock gateway cannot be read, and of when the shown state is."""
    state, problem = fleet.gateway, fleet.problems.get("")
    if state is None:
        return
    if fleet.watch == "stuck" and problem is not None:
        yield (Span(f"{problem.message[:1].upper()}{problem.message[1:]}", "warn"),)
    if not state.jobs and state.is_complete:
        yield (Span(f"{fleet.root}: {state.title}"),)
        yield (Span("It has no automations."),)
    if fleet.as_of is None and state.is_complete:
        return
    for problem in state.problems[:2]:
        yield (Span(f"! {problem.path} {problem.message}", "bad"),)
    if fleet.as_of is not None:
        yield (Span(f"What is shown was read {fleet.as_of.astimezone():%Y-%m-%d %H:%M:%S}, and stays until it is."),)


_DEMO: Line = (
    Span("To see it at work without a gateway: "),
    Span("clawtui demo", "active"),
    Span("  (or : then demo)"),
)


def _missing_lines(fleet: Fleet, default_roots: Sequence[str]) -> Sequence[Line]:
    root, connection = fleet.root, fleet.connection
    kept = "A gateway (OpenClaw or Clawdbot) keeps its automations there; they are shown here once it does."
    if connection is not None:  # the root is then its name in the settings, or its address
        host = connection.host or connection.address
        there = f"The root {root} is empty on {host}." if fleet.is_empty else f"There is no root {root} on {host} yet."
        other = (Span("Another directory: "), Span("clawtui --root ssh://HOST/DIR", "active"), Span(", or its path"))
        return ((Span(there, "warn"),), (Span(kept),), (*other, Span(" in the settings")))
    missing = " or ".join(default_roots) or root
    there = f"{root} is empty." if fleet.is_empty else f"There is no state directory at {missing} yet."
    return (
        (Span(there, "warn"),),
        (Span(kept),),
        (Span("Another directory: "), Span("clawtui --root DIR", "active")),
        _DEMO,
    )


def _closed_lines(root: str, why: str) -> Sequence[Line]:
    """Return the reason why the existing root cannot be read, and the remedy."""
    if "permission" not in why:
        return (
            (Span(f"{root} {why}", "bad"),),
            (Span("Another directory: "), Span("clawtui --root DIR", "active")),
            _DEMO,
        )
    line = CommandLine(root).program
    return (
        (Span(f"{root} may not be read: {why}.", "bad"),),
        (Span("Only the user that the gateway runs as may look into it: "), Span(f"sudo -u USER {line}", "active")),
        (Span("Another directory: "), Span("clawtui --root DIR", "active")),
        _DEMO,
    )


def _empty_lines(root: str) -> Sequence[Line]:
    return (
        (Span(f"No automations are configured in {root}."),),
        (Span("They appear here as soon as the gateway writes one to automations/config/."),),
        _DEMO,
    )


def _leftover_lines(leftovers: InterruptedNotices) -> Sequence[Line]:
    """Return the first of `leftovers`, on at most `_MOST_LINES` rows; the next one is shown after its repair."""
    (text, mend), *others = leftovers
    more = f" ({len(others)} more after this)" if others else ""
    parts = wrap(displayable(f"! {text}{more}"), _WIDTH, indent=2, max_rows=_MOST_LINES)
    undo: Line = (
        (Span("U", "strong"), Span(" restores it, as does ")) if " restore " in mend else (Span("To mend it: "),)
    )
    return (*((Span(part, "warn"),) for part in parts), (Span("  "), *undo, Span(mend, "active")))


class Banner(LineView, can_focus=False):
    """Lines below the header; hidden if there are none."""

    def __init__(self) -> None:
        self._rows = FixedLines()
        super().__init__(self._rows, id="notice")
        self.default_roots: Sequence[str] = ()
        """The default state directories, each of which is waited for; none if a root was named."""
        self._lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show `lines`, wrapped to the width."""
        self._lines = lines
        self._wrap()

    def on_resize(self) -> None:
        """Wrap the lines to the new width."""
        super().on_resize()
        self._wrap()

    def _wrap(self) -> None:
        width = self.size.width or max(1, self.app.size.width - self.gutter.width)  # no size while it is hidden
        rows = [row for line in self._lines for row in wrap_line(line, width)]
        if len(rows) != len(self._rows.lines):
            self.styles.height = len(rows) + 2
            self.set_class(bool(rows), "shown")
        self._rows.lines = rows
        self.sync()
