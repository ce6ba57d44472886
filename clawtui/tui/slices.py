"""A fleet cut into what each part of the dashboard shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from clawtui.model.base import Document, Problem
from clawtui.model.fleet import Automation, Fleet, LogTail, Reading
from clawtui.model.outlook import DispatcherNews, dispatcher_news
from clawtui.tui.panes.automations import AutomationsSlice
from clawtui.tui.panes.header import HeaderSlice
from clawtui.tui.panes.locks import LocksSlice
from clawtui.tui.panes.log import LogSlice
from clawtui.tui.panes.timeline import TimelineSlice


class NewsDesk:
    """The dispatcher's news, read again only when its log says something new."""

    def __init__(self) -> None:
        self._tail: LogTail | None = None
        self._news = dispatcher_news(())

    def read(self, fleet: Fleet) -> DispatcherNews:
        """What the dispatcher last did."""
        path = fleet.dispatcher_log
        tail = fleet.tails.get(path) if path else None
        if tail is not self._tail:
            self._tail = tail
            self._news = dispatcher_news(tail.lines if tail else ())
        return self._news


def automations_slice(fleet: Fleet, news: DispatcherNews) -> AutomationsSlice:
    """For the automations pane."""
    return AutomationsSlice(fleet.automations, fleet.workspaces, news.skips, fleet.loaded)


def timeline_slice(fleet: Fleet, chosen: Automation | None) -> TimelineSlice:
    """For the timeline pane."""
    return TimelineSlice(chosen, fleet.workspaces.get(chosen.id) if chosen else None)


def log_slice(fleet: Fleet, chosen: Automation | None) -> LogSlice:
    """For the log pane."""
    if chosen is None:
        return LogSlice()
    path = fleet.run_log(chosen)
    own = chosen.id in fleet.logs.get(chosen.type, {})
    return LogSlice(path, fleet.tails.get(path) if path else None, None if own else chosen.id)


def locks_slice(fleet: Fleet) -> LocksSlice:
    """For the locks pane."""
    return LocksSlice(fleet.locks, fleet.lock_timeout, fleet.concurrency)


def header_slice(
    fleet: Fleet, host: str, now: datetime, *, read_only: bool = False, paused: bool = False, demo: bool = False
) -> HeaderSlice:
    """For the header."""
    timeout = fleet.lock_timeout
    dispatcher = fleet.dispatcher.value if fleet.dispatcher else None
    return HeaderSlice(
        root=_homely(fleet.root),
        host=host,
        watch=fleet.watch,
        used_slots=len(fleet.slots),
        max_slots=fleet.max_slots,
        locks_to_look_at=sum(lock.value is None or lock.value.expired(now, timeout) for lock in fleet.locks.values()),
        problems=len(fleet.problems),
        dispatcher_off=dispatcher is not None and not dispatcher.enabled,
        read_only=read_only,
        paused=paused,
        demo=demo,
    )


def _homely(path: str) -> str:
    """The path as people write it: ``~`` for the home directory."""
    home = str(Path.home())
    return f"~{path.removeprefix(home)}" if path == home or path.startswith(f"{home}/") else path


def documents(fleet: Fleet, key: str) -> Iterable[tuple[str, Document | Problem | None]]:
    """Everything that is on disk about the automation with this key, file by file."""
    automation = fleet.automations.get(key)
    if automation is None:
        return ()
    readings: list[Reading[Document] | None] = [automation.config]
    workspace = fleet.workspaces.get(automation.id)
    if workspace is not None:
        readings += [workspace.info, workspace.state, workspace.progress]
    return [_content(reading) for reading in readings if reading is not None]


def lock_documents(fleet: Fleet, key: str) -> Iterable[tuple[str, Document | Problem | None]]:
    """The lock with this key, as long as it is there."""
    reading = fleet.locks.get(key)
    return [_content(reading)] if reading is not None else ()


def _content(reading: Reading[Document]) -> tuple[str, Document | Problem | None]:
    return (reading.path, reading.value or reading.problem)
