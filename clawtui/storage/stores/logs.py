"""The logs of the dispatcher and of runs, ``logs/<type>/*.jsonl`` (design: Log Manager; errata 6, 7, 12)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from clawtui.files.fs.append import append_line
from clawtui.files.fs.atomic import is_read_only_disk
from clawtui.files.fs.directories import closed_directories
from clawtui.files.fs.links import followed_entries
from clawtui.files.json5.serialize import to_json, to_plain
from clawtui.files.logs.reader import read_log
from clawtui.model.documents.base import Problem
from clawtui.model.documents.log_entry import AnyEntry, DispatcherLogEntry, LogLine, RunLogEntry
from clawtui.model.errors import ClawtuiError, Refused
from clawtui.model.paths import DISPATCHER_LOGS, LOG_SUFFIX, LogName, day_log_name, is_plain_component, parse_log_name
from clawtui.model.text.secrets import masked
from clawtui.storage.paths import LOGS, StatePaths


def write_run_entry(base: Path, automation_type: str, file_name: str, entry: RunLogEntry) -> None:
    """Append ``entry`` to the log ``file_name`` of a run. Raises Refused, Unwritable."""
    if not is_plain_component(file_name) or not file_name.endswith(LOG_SUFFIX):
        raise Refused(f"“{file_name}” is no name of a log: it must be a plain name that ends in {LOG_SUFFIX}")
    _append(base, f"{log_directory(automation_type)}/{file_name}", entry)


def write_dispatcher_entry(base: Path, entry: DispatcherLogEntry) -> None:
    """Append ``entry`` to the dispatcher's log of the entry's own day in UTC. Raises Refused, Unwritable."""
    _append(base, f"{log_directory(DISPATCHER_LOGS)}/{day_log_name(entry.timestamp)}", entry)


def log_directory(log_type: str) -> str:
    """Return the directory of one type's logs, relative to ``automations/``.

    Raises Refused if the type is not a single plain name (errata 21).
    """
    if not is_plain_component(log_type):
        raise Refused(f"“{log_type}” is no type of automation: it must be one plain name")
    return f"{LOGS}/{log_type}"


def _append(base: Path, relative: str, entry: AnyEntry) -> None:
    append_line(base, relative, to_json(masked(to_plain(entry))))


_Dated = tuple[datetime, LogLine]

RECENT = timedelta(days=7)
"""The time in which the recent entries of an automation are searched, in whole days (design: getRecentLogs)."""


class AutomationLogManager:
    """Writes, reads, lists and removes the logs of one state directory.

    Example:
        >>> entry = RunLogEntry(
        ...     timestamp=now, level="info", phase="git", message="Cloning", automation_id="sync-main"
        ... )
        >>> state.logs.write_run("smart-sync-fork", "sync-main-2025-01-26-12-00-00.jsonl", entry)
        >>> [line.entry.message for line in state.logs.recent("smart-sync-fork", "sync-main", now=now)]
        ['Cloning']
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def write_run(self, automation_type: str, file_name: str, entry: RunLogEntry) -> None:
        """Append one entry to the log of a run.

        Args:
            automation_type: The automation's type, which is the directory.
            file_name: The log's name, from ``model.paths.run_log_name``.
            entry: The entry; secrets in it are masked.

        Raises:
            Refused: A name is not a plain one, or a step of the path is a link.
            Unwritable: The system could not write.
        """
        write_run_entry(self._paths.automations, automation_type, file_name, entry)

    def write_dispatcher(self, entry: DispatcherLogEntry) -> None:
        """Append one entry to the dispatcher's log of the entry's own day in UTC. Raises Refused, Unwritable."""
        write_dispatcher_entry(self._paths.automations, entry)

    def types(self) -> tuple[str, ...]:
        """Return the automation types that have logs, ``dispatcher`` included. Raises Unreadable."""
        try:
            entries = followed_entries(self._paths.automations, LOGS)
        except FileNotFoundError:
            return ()
        return tuple(entry.name for entry in entries if entry.kind == "directory")

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for each file or link that hides a type's logs. Raises Unreadable."""
        return tuple(closed_directories(self._paths.automations, LOGS))

    def list_logs(self, log_type: str) -> Mapping[str | None, tuple[LogName, ...]]:
        """Return the logs of one type by automation id, oldest first; None has those of whole days.

        A log has one of the three names of errata 6. Raises Refused, Unreadable.
        """
        try:
            entries = followed_entries(self._paths.automations, log_directory(log_type))
        except FileNotFoundError:
            return {}
        by_id: dict[str | None, list[LogName]] = {}
        for entry in entries:
            if entry.kind != "directory" and (name := parse_log_name(entry.name)):
                by_id.setdefault(name.automation_id, []).append(name)
        return {automation_id: tuple(sorted(names)) for automation_id, names in by_id.items()}

    def read_days(self, log_type: str, first: date, last: date) -> Iterator[LogLine]:
        """Yield the lines of all logs with a day from ``first`` to ``last`` in their name, in UTC, oldest first.

        A malformed line, and a log that cannot be read, is a line that says why (errata 11, 12); an unfinished last
        line is left out. Raises Refused, and Unreadable if the directory cannot be read.
        """
        for name in self._named_between(log_type, first, last):
            yield from self._lines(log_type, name)

    def recent(
        self, automation_type: str, automation_id: str, *, now: datetime, limit: int = 100
    ) -> tuple[LogLine, ...]:
        """Return the last lines about one automation in the logs of the last seven days, oldest first.

        Args:
            automation_type: The automation's type.
            automation_id: Its id; its own logs are read, and the lines about it in logs of whole days.
            now: The end of the seven days.
            limit: The most lines to return.

        Raises:
            Refused: The type is no plain name.
            Unreadable: The directory cannot be read.
        """
        today = now.astimezone(UTC).date()
        found: list[_Dated] = []
        for name in self._named_between(automation_type, today - RECENT, date.max):
            if name.automation_id in (automation_id, None):
                found += self._lines_about(automation_id, automation_type, name, limit)
        found.sort(key=lambda dated: dated[0])
        return tuple(line for _, line in found[-limit:])

    def prune(
        self, days: int, now: datetime, dry_run: bool = False, unread: list[ClawtuiError] | None = None
    ) -> tuple[str, ...]:
        """Remove old logs, with a name of any form (errata 7). The log of a run that may be alive is kept.

        Args:
            days: The age in days, by the last write, from which a log is removed.
            now: The time from which the days count back.
            dry_run: Remove nothing.
            unread: The reason why the logs of one type cannot be listed or removed is appended here, and those of the
                other types are removed; without it, or if nothing on the disk can be written, it is raised.

        Returns:
            The paths of the logs that were removed, or would be, sorted.

        Raises:
            Refused: ``days`` is negative, or a log may not be removed.
            Unreadable: The runs that may be alive, or a directory, cannot be read.
            Unwritable: The system could not remove a log.
        """
        if days < 0:
            raise Refused(f"{days} days is no time to keep logs for")
        try:
            cutoff = now - timedelta(days=days)
        except OverflowError:
            return ()
        # Imported here: it loads the stores of locks, slots and workspaces, which a reader of logs does not need.
        from clawtui.storage.stores.log_retention import possibly_active_runs, remove_logs

        base, living = self._paths.automations, possibly_active_runs(self._paths)
        removed: list[str] = []
        for log_type in self.types():
            try:
                removed.extend(remove_logs(base, log_directory(log_type), cutoff, dry_run, living))
            except ClawtuiError as error:
                if unread is None or is_read_only_disk(error):
                    raise
                unread.append(error)
        return tuple(removed)

    def _named_between(self, log_type: str, first: date, last: date) -> Sequence[LogName]:
        names = (name for names in self.list_logs(log_type).values() for name in names)
        return sorted(name for name in names if first <= name.started.date() <= last)

    def _lines(self, log_type: str, name: LogName, last: int | None = None, about: str = "") -> Iterator[LogLine]:
        kind = DispatcherLogEntry if log_type == DISPATCHER_LOGS else RunLogEntry
        return read_log(self._paths.automations, f"{log_directory(log_type)}/{name.file}", kind, last, about)

    def _lines_about(self, automation_id: str, log_type: str, name: LogName, limit: int) -> Iterable[_Dated]:
        """Return the last lines about one automation in a log; a malformed line has the time of the line before it."""
        if name.automation_id is None:
            lines = self._lines(log_type, name, about=f'"{automation_id}"')
        else:
            lines = self._lines(log_type, name, last=limit)
        found: deque[_Dated] = deque(maxlen=limit)
        at = name.started
        for line in lines:
            if line.entry is None or line.entry.automation_id == automation_id:
                at = at if line.entry is None else line.entry.timestamp
                found.append((at, line))
        return found
