"""The top line over several roots: the alarms of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from clawtui.model.text.units import rough_span
from clawtui.presentation.roles import ROOT_ROLE
from clawtui.tui.panes.roots.rows import RootRows
from clawtui.tui.terminal.glyphs import PROBLEM, STATUS_MARK
from clawtui.tui.widgets.line import Line, Span, fit, width_of
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_view import LineView

_UNREACHABLE, _FAILED, _OTHERS, _RUNNING, _AT_REST = range(5)
"""How urgent a root is; smaller numbers are more urgent."""
_BETWEEN = Span(" · ", "dim")


class _Piece(NamedTuple):
    """The part of the line about one root, and how urgent it is: smaller numbers first."""

    urgency: int
    line: Line


class RootsHeader(LineView, can_focus=False):
    """Line with the name and the alarms of each root; where not all fit, those without alarms are left out first."""

    def __init__(self) -> None:
        super().__init__(OneLine(self._line), id="header")
        self._pieces: Sequence[_Piece] = ()
        self._is_read_only = False

    def show(self, roots: Sequence[RootRows], now: datetime, *, read_only: bool) -> None:
        """Show the alarms of ``roots``."""
        self._pieces = [_piece(rows, now) for rows in roots]
        self._is_read_only = read_only
        self.sync()

    def _line(self, width: int) -> Line:
        name: Line = (Span(" clawtui  ", "strong"),)
        if self._is_read_only:
            name = (*name, Span("READ-ONLY  ", "warn"))
        kept = _most_urgent(self._pieces, width - width_of(name) - 1)
        return fit((*name, *_joined(kept, self._pieces)), width)


def _most_urgent(pieces: Sequence[_Piece], room: int) -> Sequence[_Piece]:
    """Return the pieces that fit into ``room`` cells; the least urgent ones give way, of equal ones the last."""
    sizes = [width_of(piece.line) + width_of((_BETWEEN,)) for piece in pieces]
    needed = sum(sizes) - width_of((_BETWEEN,))
    given_up: set[int] = set()
    for at in sorted(range(len(pieces)), key=lambda at: (-pieces[at].urgency, -at)):
        more = len(f"+{len(given_up)} more") + width_of((_BETWEEN,)) if given_up else 0
        if needed + more <= room:
            break
        given_up.add(at)
        needed -= sizes[at]
    return [piece for at, piece in enumerate(pieces) if at not in given_up]


def _joined(kept: Sequence[_Piece], pieces: Sequence[_Piece]) -> Line:
    """Return the pieces that are ``kept``, and how many others there are; in red if one of those is an alarm."""
    lines = [piece.line for piece in kept]
    if len(kept) < len(pieces):
        has_alarm = sum(piece.urgency <= _FAILED for piece in kept) < sum(each.urgency <= _FAILED for each in pieces)
        lines.append((Span(f"+{len(pieces) - len(kept)} more", "bad" if has_alarm else "dim"),))
    return tuple(span for at, line in enumerate(lines) for span in ((_BETWEEN, *line) if at else line))


def _piece(rows: RootRows, now: datetime) -> _Piece:
    """Return ``prod ✗2 ▸1``, ``lab unreachable 3m``, ``home ok``, or ``work 12ms ok`` for a root on another host."""
    name = Span(rows.root.name, ROOT_ROLE[rows.root.colour])
    notice, alarms = rows.content.notice, rows.alarms
    if notice is not None and notice.condition == "unreachable":
        since = "" if notice.since is None else f" {rough_span(now - notice.since)}"
        return _Piece(_UNREACHABLE, (name, Span(f" {notice.heading}{since}", "bad")))
    if notice is not None and notice.condition in ("reading", "unserved"):
        return _Piece(_AT_REST, (name, Span(" …" if notice.condition == "reading" else " not shown here", "dim")))
    trip = rows.content.round_trip
    counts = [] if trip is None else [Span(f" {trip / timedelta(milliseconds=1):g}ms", "dim")]
    if alarms.failed:
        counts.append(Span(f" {STATUS_MARK['failed']}{alarms.failed}", "bad"))
    if alarms.others:
        counts.append(Span(f" {PROBLEM}{alarms.others}", "warn"))
    if alarms.running:
        counts.append(Span(f" {STATUS_MARK['running']}{alarms.running}", "active"))
    urgency = _FAILED if alarms.failed else _OTHERS if alarms.others else _RUNNING if alarms.running else _AT_REST
    return _Piece(urgency, (name, *counts) if urgency < _AT_REST else (name, *counts, Span(" ok", "dim")))
