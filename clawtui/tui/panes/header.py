"""The top line of the dashboard: its root, and the number of things that need attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from textual.reactive import var

from clawtui.model.fleet import WatchMode
from clawtui.tui.terminal.glyphs import SLOT_FREE, SLOT_USED
from clawtui.tui.widgets.line import Line, Role, Span, fit, width_of
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_view import ClickableLine

if TYPE_CHECKING:
    from clawtui.model.findings.finding import Finding

_MAX_SLOT_MARKS = 10
_NAMING_ROOT = 3
"""The number of texts for the left side, from the longest, that include the root."""
_FINDINGS = "app.command('findings')"
_DISPATCHER = "app.command('dispatcher')"
"""The action of a click on a number."""
_WATCH_ROLE: dict[WatchMode, Role] = {"watching": "ok", "polling": "warn", "waiting": "warn", "stuck": "bad"}


class HeaderViewModel(Struct, frozen=True):
    """Content of the header."""

    root: str = ""
    host: str = ""
    watch: WatchMode = "waiting"
    used_slots: int = 0
    max_slots: int | float | None = None
    locks_to_look_at: int = 0
    locks_need_action: bool = False
    """Whether at least one of these locks cannot be held by a running process."""
    problems: int = 0
    findings: int = 0
    """The number of findings that `clawtui doctor` would report, without those of severity info."""
    findings_role: Role = "warn"
    dispatcher_off: bool = False
    read_only: bool = False
    paused: bool = False
    demo: bool = False
    kind: str = ""
    """The kind and version of a stock gateway; empty for the files of the design."""
    gateway: str = ""
    """The fault of a stock gateway in one or two words; empty if it has none."""
    connection: str = ""
    """What is wrong with the connection to another host, shown in place of how changes are noticed."""


class FindingCounts(NamedTuple):
    """What the header shows of the findings."""

    notable: int = 0
    """The number of findings without those of severity info."""
    has_error: bool = False


class FindingCounter:
    """Counter of the findings, of which there may be hundreds; the same ones are counted once."""

    def __init__(self) -> None:
        self._findings: Sequence[Finding] = ()
        self._counts = FindingCounts()

    def of(self, findings: Sequence[Finding]) -> FindingCounts:
        """Return the counts of `findings`."""
        if findings is not self._findings:
            self._findings = findings
            severities = Counter(finding.severity for finding in findings)
            self._counts = FindingCounts(severities["error"] + severities["warning"], severities["error"] > 0)
        return self._counts


class Header(ClickableLine):
    """Line that is shortened in a small width: first its words, then host and root; the alerts always stay."""

    shown: var[HeaderViewModel] = var(HeaderViewModel(), init=False)

    def __init__(self) -> None:
        super().__init__(OneLine(self._line), id="header")
        self.label = ""
        """The label of this root in the settings."""

    def show(self, shown: HeaderViewModel) -> None:
        """Show a new state."""
        if shown != self.shown:
            self.shown = shown
            self.sync()

    def _line(self, width: int) -> Line:
        """Return name, root and host at the left, and the alerts at the right."""
        sides = _left_sides(self.shown, self.label)
        for shown in (sides[:_NAMING_ROOT], sides):
            for gap in (3, 2):
                right = _alerts(self.shown, gap)
                room = width - width_of(right)
                if (left := next((left for left in shown if width_of(left) + 2 <= room), None)) is not None:
                    return (*fit(left, room), *right)
        right = _alerts(self.shown, 1)
        room = width - width_of(right)
        return fit(right, width) if room < 10 else (*fit(sides[-1], room - 1), Span(" "), *right)


def _left_sides(shown: HeaderViewModel, label: str) -> tuple[Line, ...]:
    """Return the left sides to choose from, from the longest to the shortest."""
    name = Span(" clawtui ", "strong")
    badge: Line = (Span("DEMO ", "active"),) if shown.demo else ()
    if label:
        badge = (Span(f"[{label}]", "label"), Span(" "), *badge)
    short = shown.root.rpartition("/")[2]
    kind: Line = (Span(f" {shown.kind} ", "dim"),) if shown.kind else ()
    return (
        (name, *badge, Span(f" {shown.root} ", "plain"), *kind, Span(f" {shown.host} ", "dim")),
        (name, *badge, Span(f" {shown.root} ", "plain"), *kind),
        (name, *badge, Span(f" …/{short} ", "plain"), *kind),
        *(((name, *badge, *kind),) if kind else ()),
        (name, *badge),
        *((badge,) if label else ((name,),)),
    )


def _alerts(shown: HeaderViewModel, gap: int) -> Line:
    """Return the alerts, separated by `gap` blanks; in full words if `gap` is 3."""
    terse = gap < 3
    pieces: list[Span] = []

    def add(text: str, role: Role, click: str = "") -> None:
        pieces.extend([Span(text, role, click=click), Span(" " * gap)])

    if shown.read_only:
        add("READ-ONLY", "warn")
    if shown.paused:
        add("PAUSED", "warn", "screen.pause")
    if shown.gateway:
        add(shown.gateway, "bad", _FINDINGS)
    if shown.dispatcher_off:
        add("stopped" if terse else "dispatcher stopped", "warn", _DISPATCHER)
    if shown.problems:
        add(f"{shown.problems} problem{'s' if shown.problems > 1 else ''}", "bad", "app.command('problems')")
    if shown.findings:
        add(f"{shown.findings} finding{'s' if shown.findings > 1 else ''}", shown.findings_role, _FINDINGS)
    if shown.locks_to_look_at:
        locks = f"{shown.locks_to_look_at} lock{'s' if shown.locks_to_look_at > 1 else ''}"
        role: Role = "bad" if shown.locks_need_action else "warn"
        add(locks if terse else f"{locks} to look at", role, "app.command('pane', '4')")
    if shown.max_slots is not None:
        add(_slots(shown.used_slots, int(shown.max_slots), marks=not terse), "plain", _DISPATCHER)
    pieces.append(Span(f"{shown.connection or shown.watch} ", _WATCH_ROLE[shown.watch]))
    return tuple(pieces)


def _slots(used: int, total: int, *, marks: bool) -> str:
    if not marks or total > _MAX_SLOT_MARKS:
        return f"slots {used}/{total}"
    return f"slots {used}/{total} {SLOT_USED * min(used, total)}{SLOT_FREE * max(0, total - used)}"
