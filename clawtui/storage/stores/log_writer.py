"""Append entries to the logs of runs and of the dispatcher (design: Log Manager).

This module is separate from the log manager, which reads locks before it removes logs, because an act on a lock writes
to a log too.
"""

from __future__ import annotations

from pathlib import Path

from clawtui.files.fs.append import append_line
from clawtui.files.json5.serialize import to_json, to_plain
from clawtui.model.documents.log_entry import AnyEntry, DispatcherLogEntry, RunLogEntry
from clawtui.model.errors import Refused
from clawtui.model.paths import DISPATCHER_LOGS, LOG_SUFFIX, day_log_name, is_plain_component
from clawtui.model.text.secrets import masked
from clawtui.storage.paths import LOGS


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
