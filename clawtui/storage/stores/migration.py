"""Bring documents to the version that this program and the gateway know (design: Migration & Versioning).

A dispatcher configuration of version 0 is migrated to version 1. An automation has no version, which means 1 (errata
17). All other versions are left unchanged and reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from clawtui.files.json5.diff import Put
from clawtui.files.json5.document import Malformed, validate
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.errors import ClawtuiError
from clawtui.model.text.units import format_timestamp
from clawtui.storage.paths import CONCURRENCY_FILE, DISPATCHER_FILE, StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.saving import Version, read_version, rewrite

CURRENT = 1
"""The version that every document should have."""

Action = Literal["migrate", "migrated", "current", "unknown", "unreadable", "failed"]
"""The planned act, the act that was done, or why none is possible; ``failed``: the migration could not be written."""


class MigrationItem(Struct, frozen=True):
    """One document with its version, and the act that follows from it."""

    path: str
    """Relative to ``automations/``."""
    version: object
    """The version in the document; None if it has none."""
    action: Action
    message: str
    backup: str | None = None
    """The absolute path of the copy of the earlier content."""


def plan(paths: StatePaths) -> tuple[MigrationItem, ...]:
    """Return the items that ``migrate`` would return; nothing is written. Raises Unreadable."""
    return tuple(item for item, _ in _look(paths))


def migrate(paths: StatePaths, now: datetime) -> tuple[MigrationItem, ...]:
    """Rewrite documents of an old version, and keep a copy of each (``keep_backup``); return an item for each document.

    A document that would not fit its schema afterwards is left unchanged. Raises Unreadable if ``config/`` cannot be
    listed.
    """
    return tuple(
        _migrate(paths.automations, item, version, now) if version and item.action == "migrate" else item
        for item, version in _look(paths)
    )


def _look(paths: StatePaths) -> Iterator[tuple[MigrationItem, Version | None]]:
    base = paths.automations
    store = AutomationConfigStore(paths)
    relatives = [DISPATCHER_FILE, CONCURRENCY_FILE]
    relatives += [automation.config.path for automation in store.list_automations()]
    for relative in relatives:
        try:
            version = read_version(base, relative)
            if version is not None:
                yield judge_version(relative, version.source.value), version
        except ClawtuiError as error:
            yield MigrationItem(relative, None, "unreadable", error.reason), None
    for closed in store.closed_directories():
        yield MigrationItem(closed.path, None, "unreadable", closed.message), None


def judge_version(relative: str, document: object) -> MigrationItem:
    """Return the item for the document at ``relative``, by its version."""
    if not isinstance(document, dict):
        return MigrationItem(relative, None, "unreadable", "is no object")
    version = document.get("version")
    has_own_version = relative in (DISPATCHER_FILE, CONCURRENCY_FILE)
    if _is_number(version, CURRENT) or ("version" not in document and not has_own_version):
        return MigrationItem(relative, version, "current", f"has version {CURRENT}")
    if relative == DISPATCHER_FILE and _is_number(version, 0):
        return MigrationItem(relative, version, "migrate", f"from version 0 to {CURRENT}")
    known = "no version" if "version" not in document else f"version {version!r:.40}"
    return MigrationItem(relative, version, "unknown", f"has {known}, which is not known here; it is left unchanged")


def _is_number(value: object, number: int) -> bool:
    return value == number and not isinstance(value, bool)


def _migrate(base: Path, item: MigrationItem, version: Version, now: datetime) -> MigrationItem:
    old = version.source.value
    assert isinstance(old, dict)
    changes = dispatcher_changes(old, now)
    new = old | {str(put.path[0]): put.value for put in changes}
    try:
        validate(DispatcherConfig, new)
        _, backup = rewrite(base, item.path, version, changes, now, keep=True)
    except Malformed as error:
        return replace(item, action="failed", message=f"would not fit version {CURRENT}: {error}")
    except ClawtuiError as error:
        return replace(item, action="failed", message=error.reason)
    return replace(item, action="migrated", backup=None if backup is None else str(backup))


def dispatcher_changes(old: dict[str, object], now: datetime) -> tuple[Put, ...]:
    """Return the changes from version 0 of the dispatcher to 1: the version, and defaults for required keys."""
    defaults = {
        "maxConcurrent": 3,
        "notifications": {"onStart": False, "onComplete": True, "onError": True, "channels": ["#cb-activity"]},
        "lastModified": format_timestamp(now),
    }
    added = [Put((key,), value) for key, value in defaults.items() if old.get(key) is None]
    return (Put(("version",), CURRENT), *added)
