"""The selected item of a screen: the texts that can be copied, and its file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from clawtui.files.json5.serialize import shown_fields
from clawtui.model.documents.base import Document
from clawtui.model.fleet import Automation, Fleet, Reading
from clawtui.model.runs.run import Run
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.secrets import masked
from clawtui.storage.paths import StatePaths
from clawtui.tui.screens.dashboard import Dashboard

_ADDRESS: Final = re.compile(r"(?:https?|ssh|git)://\S+|[\w.-]+@[\w.-]+:\S+")


class ClipboardItem(NamedTuple):
    """Text that can be copied, and its name."""

    name: str
    text: str


def of_automation(fleet: Fleet, automation: Automation, base: str) -> Iterator[ClipboardItem]:
    """Yield the texts of an automation that can be copied; paths start with `base`."""
    yield ClipboardItem("id", automation.id)
    config = automation.config.value
    if config is not None:
        yield ClipboardItem("name", displayable(config.name))
        for key, value in config.config.items():
            if isinstance(value, str) and _ADDRESS.fullmatch(value):
                yield ClipboardItem(displayable(key), displayable(value))
    workspace = fleet.workspaces.get(automation.id)
    if workspace is not None and workspace.running is not None and workspace.running.session_id:
        yield ClipboardItem("session", displayable(workspace.running.session_id))
    yield ClipboardItem("file", f"{base}/{automation.config.path}")
    log = fleet.run_log(automation)
    if log is not None:
        yield ClipboardItem("log", f"{base}/{log}")
    yield from _json(automation.config)


def of_lock(fleet: Fleet, path: str, base: str) -> Iterator[ClipboardItem]:
    """Yield the texts of the lock at `path` that can be copied, as far as it can be read."""
    reading = fleet.locks.get(path)
    if reading is None:
        return
    lock = reading.value
    if lock is not None:
        yield ClipboardItem("repository", displayable(lock.field_text("repo_key")))
        yield ClipboardItem("address", displayable(lock.field_text("repo_url")))
        yield ClipboardItem("automation", displayable(lock.field_text("automation_id")))
        yield ClipboardItem("session", displayable(lock.field_text("session_id")))
        yield ClipboardItem("process", displayable(f"{lock.field_text('hostname')}:{lock.field_text('pid')}"))
    yield ClipboardItem("file", f"{base}/{path}")
    yield from _json(reading)


def of_log_line(text: str, path: str) -> Iterator[ClipboardItem]:
    """Yield the texts of a line of the log at `path` that can be copied: its message, and the whole line."""
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        yield ClipboardItem("line", displayable(text))
    else:
        if isinstance(entry, dict) and isinstance(entry.get("message"), str):
            yield ClipboardItem("message", displayable(entry["message"]))
        yield ClipboardItem("line", harmless_json(entry))
        yield ClipboardItem("JSON", harmless_json(entry, 2))
    yield ClipboardItem("file", path)


def harmless_json(value: object, indent: int | None = None) -> str:
    """Return `value` as JSON with secrets masked.

    Unprintable characters are escaped, so that they have no effect in a terminal into which the text is pasted.
    """
    value = masked(value)
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return text if all(line.isprintable() for line in text.split("\n")) else json.dumps(value, indent=indent)


def _json(reading: Reading[Document]) -> Iterator[ClipboardItem]:
    if reading.value is not None:
        yield ClipboardItem("JSON", harmless_json(shown_fields(reading.value), 2))


def of_run(run: Run) -> Iterator[ClipboardItem]:
    """Yield the texts of a run that can be copied."""
    yield ClipboardItem("name", run.name)
    if run.summary:
        yield ClipboardItem("summary", displayable(run.summary))
    if run.session_id:
        yield ClipboardItem("session", displayable(run.session_id))
    if run.log is not None:
        yield ClipboardItem("log", run.log)


def items_on(dashboard: Dashboard, paths: StatePaths) -> tuple[str, Sequence[ClipboardItem]]:
    """Return the name of the selected item on the dashboard, and the texts that can be copied."""
    base = str(paths.automations)
    current, view = dashboard.panes.current, dashboard.view
    if current is view.locks:
        key = view.locks.table.selected or ""
        return key.removeprefix("locks/"), tuple(of_lock(view.fleet, key, base))
    log = view.log_pane
    if current is log and log.window.chosen is not None and log.source.shown.path is not None:
        return "the entry", tuple(of_log_line(log.window.chosen.decoded(), f"{base}/{log.source.shown.path}"))
    if current is view.automations and (marked := view.automations.row_marks.automations):
        ids = "\n".join(each.id for each in marked)
        return f"{len(marked)} marked automations", (
            ClipboardItem("ids", ids),
            ClipboardItem("paths", "\n".join(f"{base}/{each.config.path}" for each in marked)),
        )
    chosen = view.chosen
    return (chosen.name, tuple(of_automation(view.fleet, chosen, base))) if chosen else ("", ())


def file_on(dashboard: Dashboard) -> str | None:
    """Return the file of the selected item in the current pane, relative to `automations/`; None if there is none."""
    current, view = dashboard.panes.current, dashboard.view
    if current is view.locks:
        return view.locks.table.selected
    if current is view.log_pane:
        return view.log_pane.source.shown.path
    chosen = view.chosen
    if chosen is None:
        return None
    workspace = view.fleet.workspaces.get(chosen.id)
    if current is view.timeline and workspace is not None and workspace.progress is not None:
        return workspace.progress.path
    return chosen.config.path
