"""What can be copied of a thing: its ids, its addresses, its files, its JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from clawtui.model.documents.base import Document
from clawtui.model.fleet import Automation, Fleet, Reading
from clawtui.model.runs.run import Run
from clawtui.model.text.cleaning import shown
from clawtui.model.text.secrets import masked

_ADDRESS: Final = re.compile(r"(?:https?|ssh|git)://\S+|[\w.-]+@[\w.-]+:\S+")


class ClipboardItems(NamedTuple):
    """A text, and what it is."""

    name: str
    text: str


def of_automation(fleet: Fleet, automation: Automation, base: str) -> Iterator[ClipboardItems]:
    """Of an automation; ``base`` is where paths are relative to."""
    yield ClipboardItems("id", automation.id)
    config = automation.config.value
    if config is not None:
        yield ClipboardItems("name", shown(config.name))
        for key, value in config.config.items():
            if isinstance(value, str) and _ADDRESS.fullmatch(value):
                yield ClipboardItems(shown(key), shown(value))
    workspace = fleet.workspaces.get(automation.id)
    if workspace is not None and workspace.running is not None and workspace.running.session_id:
        yield ClipboardItems("session", shown(workspace.running.session_id))
    yield ClipboardItems("file", f"{base}/{automation.config.path}")
    log = fleet.run_log(automation)
    if log is not None:
        yield ClipboardItems("log", f"{base}/{log}")
    yield from _json(automation.config)


def of_lock(fleet: Fleet, path: str, base: str) -> Iterator[ClipboardItems]:
    """Of the lock at ``path``, as far as it can be read."""
    reading = fleet.locks.get(path)
    if reading is None:
        return
    lock = reading.value
    if lock is not None:
        yield ClipboardItems("repository", shown(lock.told("repo_key")))
        yield ClipboardItems("address", shown(lock.told("repo_url")))
        yield ClipboardItems("automation", shown(lock.told("automation_id")))
        yield ClipboardItems("session", shown(lock.told("session_id")))
        yield ClipboardItems("process", shown(f"{lock.told('hostname')}:{lock.told('pid')}"))
    yield ClipboardItems("file", f"{base}/{path}")
    yield from _json(reading)


def of_log_line(text: str, path: str) -> Iterator[ClipboardItems]:
    """Of one line of the log at ``path``: what it says, and all of it."""
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        yield ClipboardItems("line", shown(text))
    else:
        if isinstance(entry, dict) and isinstance(entry.get("message"), str):
            yield ClipboardItems("message", shown(entry["message"]))
        yield ClipboardItems("line", harmless_json(entry))
        yield ClipboardItems("JSON", harmless_json(entry, 2))
    yield ClipboardItems("file", path)


def harmless_json(value: object, indent: int | None = None) -> str:
    """``value`` as JSON that does nothing where it is pasted, its secrets masked: what no line shows is an escape."""
    value = masked(value)
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    return text if all(line.isprintable() for line in text.split("\n")) else json.dumps(value, indent=indent)


def _json(reading: Reading[Document]) -> Iterator[ClipboardItems]:
    if reading.value is not None:
        yield ClipboardItems(
            "JSON", harmless_json(reading.value.model_dump(mode="json", by_alias=True, exclude_unset=True), 2)
        )


def of_run(run: Run) -> Iterator[ClipboardItems]:
    """Of one run of an automation."""
    yield ClipboardItems("name", run.name)
    if run.summary:
        yield ClipboardItems("summary", shown(run.summary))
    if run.session_id:
        yield ClipboardItems("session", shown(run.session_id))
    if run.log is not None:
        yield ClipboardItems("log", run.log)
