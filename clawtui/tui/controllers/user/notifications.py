"""Notifying the operator of failed runs, orphaned locks and leaked slots, in the ways set in the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from textual.app import App
from textual.timer import Timer

from clawtui.model.changes import ended_runs
from clawtui.model.documents.base import Stamp
from clawtui.model.documents.settings import NewsKind, NotifySettings
from clawtui.model.fleet import Fleet
from clawtui.model.text.cleaning import displayable
from clawtui.model.versioned_map import changed_keys
from clawtui.tui.controllers.background import in_background
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.terminal.escapes import is_multiplexed, note_9, note_99, note_777, through
from clawtui.tui.terminal.textual_private import write_to_terminal

if TYPE_CHECKING:
    from clawtui.model.findings.finding import Finding

GAP: Final = 10.0
"""Seconds between two notifications; the events in between are in one notification."""

LockVersion = tuple[str, Stamp | None]

_GATHER: Final = 0.3
"""Seconds in which events are collected before the first notification."""

_TOGETHER: Final[Mapping[NewsKind, str]] = {
    "run-failed": "runs failed",
    "lock-orphaned": "locks are orphaned",
    "slot-leaked": "slots have leaked",
    "run-finished": "runs finished",
}
_SHOWN: Final = 3
"""Largest number of subjects that one notification names."""
_SPARE: Final = 1000
"""Orphaned locks that are remembered in addition to twice as many as there are locks."""
_LEAKED: Final = "slot-orphaned"


class NotificationController:
    """Controller that notifies of changes since the start of the dashboard, once of each."""

    def __init__(self, app: App[None], settings: NotifySettings, environment: Mapping[str, str]) -> None:
        self._app = app
        self._settings = settings
        self._environment = environment
        self._fleet: Fleet | None = None
        self._unjudged: set[LockVersion] = set()
        """The locks of the start that have not been judged yet, whose first verdict is no change."""
        self._orphaned: set[LockVersion] = set()
        self._seen = Verdicts()
        """The verdicts that were considered last."""
        self._leaked: frozenset[str] | None = None
        self._waiting: dict[NewsKind, list[tuple[str, str]]] = {}
        self._timer: Timer | None = None

    def use(self, settings: NotifySettings) -> None:
        """Use other settings for all later notifications."""
        self._settings = settings

    def observe(self, fleet: Fleet) -> None:
        """Look for runs that have ended since the last fleet."""
        last, self._fleet = self._fleet, fleet
        if fleet.loaded and (last is None or not last.loaded):
            self._unjudged = {(path, reading.stamp) for path, reading in fleet.locks.items()} - self._orphaned
        if last is not None and fleet.automations is not last.automations:
            for news in ended_runs(last, fleet):
                kind: NewsKind = "run-failed" if news.kind == "run-failed" else "run-finished"
                self._collect(kind, news.subject, f"{news.subject} {news.text}")

    def observe_verdicts(self, verdicts: Verdicts) -> None:
        """Look for locks that have become orphaned. A lock that was acquired again counts as another one."""
        started = self._fleet is not None and self._fleet.loaded
        if started and verdicts.judged is self._seen.judged and verdicts.readings is self._seen.readings:
            return
        last, self._seen = self._seen, verdicts if started else Verdicts()
        changed = {*changed_keys(verdicts.judged, last.judged), *changed_keys(verdicts.readings, last.readings)}
        for path in sorted(changed):
            judged, reading = verdicts.judged.get(path), verdicts.readings.get(path)
            if judged is None or reading is None:
                continue
            version = (path, reading.stamp)
            first_look = not started or version in self._unjudged
            self._unjudged.discard(version)
            if judged.verdict == "orphaned" and version not in self._orphaned:
                if len(self._orphaned) >= 2 * len(verdicts.readings) + _SPARE:
                    self._orphaned = {each for each in self._orphaned if each[0] in verdicts.readings}
                self._orphaned.add(version)
                if not first_look:
                    name = reading.value.repo_key if reading.value is not None else path
                    self._collect("lock-orphaned", name, f"the lock of {name} is orphaned")

    def observe_findings(self, findings: Sequence[Finding]) -> None:
        """Look for slots that have leaked since the last findings."""
        now = {finding.subject: finding for finding in findings if finding.code == _LEAKED}
        known, self._leaked = self._leaked, frozenset(now)
        if known is not None:
            for subject in sorted(now.keys() - known):
                self._collect("slot-leaked", subject, f"{subject}: {now[subject].message}")

    def _collect(self, kind: NewsKind, subject: str, text: str) -> None:
        if kind not in self._settings.on:
            return
        self._waiting.setdefault(kind, []).append((subject, text))
        if self._timer is None:
            self._timer = self._app.set_timer(_GATHER, self._flush)

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        self._timer = self._app.set_timer(GAP, self._flush) if waiting else None
        for kind, events in waiting.items():
            text = together(kind, events)
            self._send(kind, text)
            self._run_command(kind, events, text)

    def _send(self, kind: NewsKind, text: str) -> None:
        severity: Literal["information", "warning"] = "information" if kind == "run-finished" else "warning"
        ways: dict[str, Callable[[], None]] = {
            "toast": lambda: self._app.notify(text, severity=severity, markup=False, timeout=15),
            "bell": lambda: self._write("\a"),
            "osc9": lambda: self._write(through(note_9(f"clawtui: {text}"), self._environment)),
            "osc99": lambda: self._write(through(note_99("clawtui", text), self._environment)),
            "osc777": lambda: self._write(through(note_777("clawtui", text), self._environment)),
        }
        used = dict.fromkeys(self._settings.by)
        if any(way.startswith("osc") for way in used) and is_multiplexed(self._environment):
            used["bell"] = None  # which also passes a multiplexer that drops the other sequences
        for way in used:
            ways[way]()

    def _run_command(self, kind: NewsKind, events: Sequence[tuple[str, str]], text: str) -> None:
        """Run the operator's own program, with the event in its environment."""
        if not self._settings.command:
            return
        from clawtui.operations.user.programs import run_notice_command

        event = {
            "CLAWTUI_EVENT": kind,
            "CLAWTUI_SUBJECT": displayable(", ".join(dict.fromkeys(subject for subject, _ in events))),
            "CLAWTUI_TEXT": displayable(text),
            "CLAWTUI_ROOT": self._fleet.root if self._fleet is not None else "",
        }
        work = partial(run_notice_command, self._settings.command, event)
        in_background(self._app, "running the command of a notice", partial(self._complain_of, work))

    def _complain_of(self, work: Callable[[], str | None]) -> None:
        """Do the work in this thread, and show why it failed."""
        if (complaint := work()) is not None:
            self._app.call_later(partial(self._app.notify, complaint, severity="error", markup=False))

    def _write(self, sequence: str) -> None:
        write_to_terminal(self._app, sequence)


def together(kind: NewsKind, events: Sequence[tuple[str, str]]) -> str:
    """Return the text of a single event, or the number and the subjects of several."""
    if len(events) == 1:
        return events[0][1]
    subjects = list(dict.fromkeys(subject for subject, _ in events))
    named = ", ".join(subjects[:_SHOWN]) + (" …" if len(subjects) > _SHOWN else "")
    return f"{len(events)} {_TOGETHER[kind]}: {named}"
