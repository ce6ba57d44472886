"""B8b: the bytes that each key of the help sends, beside the shortest encoding of what it changes on the screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple

from tests.bench.effort import quick
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.shortest import shortest
from tests.e2e.screen import Screen
from tests.gateway_root import iso

AUTOMATIONS = 24
COLUMNS, ROWS = 120, 40
ANSWER, QUIET, LONGEST = 1.5, 0.4, 5.0
"""Seconds until a key has changed something, without bytes until it has changed all, and at most."""

LEFT_OUT: Final = {
    "automations.disable": "writes",
    "automations.enable": "writes",
    "activity.open": "as general.open",
    "automations.lock": "as general.open",
    "artifacts.pager": "another program has the terminal",
    "artifacts.read": "needs an artifact",
    "choices.choose": "acts",
    "filter.keep": "as log.search",
    "dispatcher.edit": "another program has the terminal",
    "findings.copy": "as general.copy",
    "findings.go": "as general.open",
    "findings.mend": "acts",
    "general.edit": "another program has the terminal",
    "automations.new": "another program has the terminal",
    "automations.duplicate": "another program has the terminal",
    "general.end": "ends",
    "general.all-roots": "ends; needs the list of several roots",
    "roots.enable": "writes",
    "roots.disable": "writes",
    "roots.failed": "as automations.failed, in the list of several roots",
    "roots.open": "ends",
    "roots.problems": "as general.problems",
    "automations.run": "acts",
    "automations.snooze": "acts",
    "general.mend": "acts",
    "general.pager": "another program has the terminal",
    "general.quit": "ends",
    "general.redraw": "sends the whole screen, which is what it is for",
    "general.suspend": "another program has the terminal",
    "help.press": "as the key",
    "log.stop": "as general.back",
    "logs.copy": "as general.copy",
    "logs.entry": "as log.entry",
    "logs.open": "as general.open",
    "logs.pager": "another program has the terminal",
    "logprompt.answer": "as log.search",
    "pick.take": "acts",
    "place.end": "ends",
    "question.quit": "ends",
    "question.undo": "acts",
    "workspaces.clean": "acts",
    "workspaces.details": "as general.details",
    "runs.release": "acts",
    "runs.pager": "another program has the terminal",
}
"""Keys of the help that are not measured, and why."""


class Step(NamedTuple):
    """A key that is pressed, and the operation that it is for."""

    id: str
    keys: str
    kind: str = ""
    """``focus``, ``row`` or ``dialog``: what has a bound of its own."""


BOUNDS: Final = {"focus": 1_500, "row": 2_500, "dialog": 9_000}
"""Bytes that no key of a kind may exceed."""

_UP, _DOWN, _RIGHT, _LEFT, _ESCAPE, _ENTER = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b", "\r"
_PAGE_DOWN, _PAGE_UP = "\x1b[6~", "\x1b[5~"
_POINTER: Final = b"\x1b]22;"
_CLOSE: Final = Step("general.back", _ESCAPE)
_SHUT: Final = Step("dialog.close", _ESCAPE, "dialog")

_MOVES: Final = (
    *(Step("move.down", "j", "row"), Step("move.down", "j", "row"), Step("move.up", "k", "row")),
    *(Step("move.half-down", "\x04"), Step("move.half-up", "\x15"), Step("move.page-down", _PAGE_DOWN)),
    *(Step("move.page-up", _PAGE_UP), Step("move.bottom", "G"), Step("move.top", "g")),
    *(Step("move.right", "l"), Step("move.left", "h")),
)

STEPS: Final = (
    *_MOVES,
    *(Step("table.sort-next", ">"), Step("table.sort-before", "<"), Step("table.reverse", "r")),
    *(Step("table.reverse", "r"), Step("table.filter", "/"), Step("table.filter", "s"), Step("table.filter", "y")),
    *(Step("filter.clear", _ESCAPE), Step("filter.clear", _ESCAPE), Step("automations.failed", "F")),
    *(Step("move.top", "g"), Step("automations.mark", "m", "row"), Step("move.up", "k", "row")),
    *(Step("automations.mark", "m", "row"), Step("move.top", "g"), Step("log.all", "A"), Step("logs.back", "A")),
    *(Step("general.help", "?", "dialog"), _SHUT, Step("general.palette", ":", "dialog"), _SHUT),
    *(Step("general.problems", "!", "dialog"), _SHUT, Step("general.details", "d", "dialog"), _SHUT),
    *(Step("general.findings", "D", "dialog"), Step("place.findings", "D"), _SHUT),
    *(Step("runs.why", "w", "dialog"), _SHUT, Step("dispatcher.configuration", "C", "dialog"), _SHUT),
    *(Step("general.messages", "I", "dialog"), _SHUT),
    *(Step("general.copy", "y"), Step("pick.cancel", _ESCAPE), Step("general.rescan", "R")),
    *(Step("general.pause", "p"), Step("general.pause", "p"), Step("general.undo", "U")),
    *(Step("slots.free", "S"), Step("pick.cancel", _ESCAPE), Step("pane.zoom", "z"), Step("pane.zoom", "z")),
    *(Step("pane.next", "\t", "focus"), Step("pane.previous", "\x1b[Z", "focus")),
    *(Step("pane.timeline", "2", "focus"), Step("move.down", "j"), Step("move.up", "k")),
    Step("pane.log", "3", "focus"),
    *(Step("move.up", "k", "row"), Step("move.down", "j", "row"), Step("move.top", "g"), Step("move.bottom", "G")),
    *(Step("move.page-up", _PAGE_UP), Step("move.page-down", _PAGE_DOWN), Step("move.right", "l")),
    *(Step("move.left", "h"), Step("log.follow", "f"), Step("log.follow", "f")),
    *(Step("log.level", "s"), Step("log.level", "s"), Step("log.level", "s"), Step("log.level", "s")),
    *(Step("log.wrap", "w"), Step("log.wrap", "w"), Step("log.times", "t"), Step("log.times", "t")),
    *(Step("log.times", "t"), Step("log.error-before", "E"), Step("log.next-error", "e")),
    *(Step("log.search", "/"), Step("log.search", "m"), Step("log.search", "i"), Step("log.search", _ENTER)),
    *(Step("log.next-match", "n"), Step("log.match-before", "N"), Step("log.only-matches", "&")),
    *(Step("log.only-matches", "&"), _CLOSE, Step("log.time", "T"), Step("logprompt.leave", _ESCAPE)),
    *(Step("log.phase", "P"), Step("logprompt.leave", _ESCAPE), Step("log.dispatcher", "0")),
    *(Step("log.dispatcher", "0"), Step("log.entry", _ENTER, "dialog"), _SHUT),
    *(Step("runs.before", "["), Step("runs.after", "]")),
    *(Step("pane.locks", "4", "focus"), Step("move.down", "j", "row"), Step("move.up", "k", "row")),
    *(Step("general.open", _ENTER, "dialog"), _SHUT, Step("locks.release", "X", "dialog")),
    *(Step("choices.right", _RIGHT), Step("choices.left", _LEFT), Step("question.next", "\t")),
    *(Step("question.previous", "\x1b[Z"), Step("question.down", "j"), Step("question.up", "k")),
    *(Step("question.page-down", _PAGE_DOWN), Step("question.page-up", _PAGE_UP)),
    Step("question.cancel", _ESCAPE, "dialog"),
    *(Step("pane.automations", "1", "focus"), Step("general.log", "L", "focus"), _CLOSE),
    Step("pane.automations", "1", "focus"),
    *(Step("dispatcher.activity", "W"), Step("activity.closer", "i"), Step("activity.farther", "o")),
    *(Step("place.help", "?", "dialog"), _SHUT, Step("place.palette", ":", "dialog"), _SHUT),
    *(Step("place.messages", "I", "dialog"), _SHUT),
    *(Step("place.reload", "R"), Step("activity.back", "W")),
    *(Step("workspaces.list", "B"), Step("workspaces.back", "B")),
    *(Step("artifacts.list", "a"), Step("artifacts.back", "a")),
    *(Step("runs.list", "H"), Step("move.down", "j", "row"), Step("runs.details", "d", "dialog"), _SHUT),
    *(Step("runs.copy", "y"), Step("pick.cancel", _ESCAPE), Step("runs.back", "H")),
    *(Step("runs.list", "H"), Step("runs.open", _ENTER), Step("runs.list", "H"), Step("runs.log", "L")),
    *(Step("runs.list", "H"), Step("place.back", _ESCAPE)),
)


class Pressed(NamedTuple):
    """The bytes that one press sent, and the least that would have been enough."""

    step: Step
    sent: int
    least: int


def measure() -> Iterator[Figure]:
    """Measure the sum over all keys, the largest of each kind, and then each key."""
    with bench_root() as root:
        _furnish(root)
        pressed = press_all(root)
    sent, least = (sum(each) for each in zip(*((press.sent, press.least) for press in pressed), strict=True))
    what = f"bytes of {len(pressed)} keys"
    yield Figure("B8b", what, sent, "B", baseline=least, baseline_what="shortest", ratio_bound=1.5)
    for kind, bound in BOUNDS.items():
        largest = max((press for press in pressed if press.step.kind == kind), key=lambda press: press.sent)
        what = f"… the largest of a {kind}: {largest.step.id} {largest.step.keys!r}"
        yield Figure("B8b", what, largest.sent, "B", bound, largest.least, "shortest")
    if not quick():
        yield from _each(pressed)


def _each(pressed: list[Pressed]) -> Iterator[Figure]:
    by_key: dict[tuple[str, str], list[Pressed]] = defaultdict(list)
    for press in pressed:
        by_key[press.step.id, press.step.keys].append(press)
    for (id, keys), presses in by_key.items():
        sent, least = (sum(each) / len(presses) for each in zip(*((p.sent, p.least) for p in presses), strict=True))
        yield Figure("B8b", f"… {id} {keys!r}", sent, "B", baseline=least, baseline_what="shortest")


def _furnish(root: BenchRoot) -> None:
    root.furnish(AUTOMATIONS, running=2, locks=4)
    failed = {"timestamp": iso(root.now - timedelta(hours=1)), "status": "failure", "duration": 61000}
    failed["summary"] = "Push rejected: pack exceeds the maximum allowed size"
    root.automation("failed", runHistory=[failed], lastRun=failed, nextRun=iso(root.now + timedelta(hours=7)))


def press_all(root: BenchRoot) -> list[Pressed]:
    """Press each key after the one before, without writing: B8 measures what an update sends."""
    screen = Screen(COLUMNS, ROWS)
    pressed = []
    with dashboard(root, cols=COLUMNS, rows=ROWS) as probe:
        probe.until(name(0).encode(), since=0)
        probe.read_for(4.0)  # times of what runs change each second, so it is never quiet for long
        fed = 0
        for step in STEPS:
            fed = _feed(screen, probe, fed)
            before = screen.cells()
            probe.send(step.keys)
            _wait(probe)
            chunks = probe.since(fed)
            fed = _feed(screen, probe, fed)
            sent = sum(len(chunk.data) for chunk in chunks)
            pressed.append(Pressed(step, sent, len(shortest(before, screen.cells()))))
    return pressed


def _feed(screen: Screen, probe: Probe, fed: int) -> int:
    for chunk in probe.since(fed):
        screen.feed(chunk.data)
    return probe.mark


def _wait(probe: Probe) -> None:
    """Wait until the key's change is complete; the shape of the mouse pointer, which a new screen sets, is none."""
    mark, waited = probe.mark, 0.0
    while waited < ANSWER and all(chunk.data.startswith(_POINTER) for chunk in probe.since(mark)):
        probe.read_for(0.05)
        waited += 0.05
    waited = 0.0
    while waited < LONGEST and probe.read_for(QUIET):
        waited += QUIET
