"""Export all automations as one document, and import them (design: Backup & Export)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from clawtui.files.fs.atomic import ABSENT, ANY, Expected, write_atomic
from clawtui.files.json5.dialect import JSON
from clawtui.files.json5.document import Malformed, parse_json5, validate
from clawtui.files.json5.merge import merge
from clawtui.files.json5.serialize import render
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError, Invalid, NoSuch, Refused
from clawtui.model.text.secrets import StillMasked, masked, masked_places, restored
from clawtui.model.text.units import format_timestamp
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.configurations import AutomationConfigStore

VERSION = 1
"""The version of an export."""

_DESCRIPTIVE = frozenset({"name", "description", "runHistory"})
"""Keys that only describe an automation: it works without the secrets that are masked there."""

Secrets = Literal["mask", "include"]
"""The content of an export in place of a secret: `MASK`, or the secret itself."""
OnConflict = Literal["fail", "skip", "overwrite"]
"""What to do with an automation whose id exists."""
Outcome = Literal["create", "overwrite", "skip", "failed"]
"""The outcome for one automation of an import, or the planned one."""


class Export(Struct, frozen=True):
    """All automations that can be read, as one document."""

    data: bytes
    ids: tuple[str, ...]
    problems: tuple[Problem, ...]
    """The problems with the automations that could not be read and are missing in it."""
    masked: tuple[str, ...] = ()
    """The places of masked secrets: each an automation's id and the path of the value."""


class ImportItem(Struct, frozen=True):
    """One automation of an import, and its outcome."""

    id: str
    type: str
    outcome: Outcome
    message: str = ""


class _Planned(Struct, frozen=True):
    config: AutomationConfig
    outcome: Outcome
    expected: Expected

    @property
    def item(self) -> ImportItem:
        message = "there is one of that id already" if self.outcome == "skip" else ""
        return ImportItem(self.config.id, self.config.type, self.outcome, message)


def export_automations(paths: StatePaths, now: datetime, *, secrets: Secrets | None = None) -> Export:
    """Return the export document, in JSON, of all automations that can be read.

    ``secrets`` says whether secrets are masked or included. Raises Refused if there are some and it is None: with
    masked secrets the document is not a backup, and with secrets in it it must not be given to others.
    """
    store = AutomationConfigStore(paths)
    configs = [
        automation.config.value for automation in store.list_automations() if automation.config.value is not None
    ]
    entries: list[object] = [merge(config, {}) for config in configs]
    hidden: tuple[str, ...] = ()
    if secrets != "include":
        entries = [masked(entry) for entry in entries]
        hidden = tuple(
            f"{config.id} {place}"
            for config, entry in zip(configs, entries, strict=True)
            for place in masked_places(entry)
        )
        if hidden and secrets is None:
            raise Refused(_secrets_refusal(hidden))
    document = {
        "version": VERSION,
        "exportedAt": format_timestamp(now),
        "automations": entries,
    }
    data = (render(document, JSON) + "\n").encode()
    return Export(data, tuple(config.id for config in configs), store.problems(), hidden)


def _secrets_refusal(places: tuple[str, ...]) -> str:
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    are = "a secret is" if len(places) == 1 else f"{len(places)} secrets are"
    return (
        f"nothing was exported: {are} in the automations ({', '.join(places[:3])}{more})\n"
        "--secrets include writes them as they are; --secrets mask leaves them out, and an import elsewhere is refused."
    )


def write_export(file: Path, export: Export) -> None:
    """Write the document to a file that the operator named, 0600. Raises NoSuch, and as ``write_atomic`` does."""
    if not file.parent.is_dir():
        raise NoSuch(f"{file.parent} is no directory; nothing was written")
    write_atomic(file.parent, file.name, export.data, private=True)


def plan_import(paths: StatePaths, data: bytes, on_conflict: OnConflict) -> tuple[ImportItem, ...]:
    """Return the outcome that ``import_automations`` would have for each automation. Raises as it does."""
    return tuple(planned.item for planned in _plan(AutomationConfigStore(paths), data, on_conflict))


def import_automations(
    paths: StatePaths, data: bytes, on_conflict: OnConflict, now: datetime
) -> tuple[ImportItem, ...]:
    """Save the automations of an export; return the outcome for each, in the export's order.

    All of it is validated before a byte is written (errata 20): raises Invalid for a document that is not an export of
    version 1 or has an entry that the schema forbids; Refused for names that are not allowed and, with ``fail``, for
    ids that exist. A secret that the export masks is taken from the automation that is overwritten; if that has none,
    Invalid is raised: a mask is never written in place of a secret. An automation that another program changes in the
    meantime is reported as failed, and the others are saved.
    """
    store = AutomationConfigStore(paths)
    return tuple(_import(store, planned, now) for planned in _plan(store, data, on_conflict))


def _import(store: AutomationConfigStore, planned: _Planned, now: datetime) -> ImportItem:
    if planned.outcome == "skip":
        return planned.item
    try:
        store.save(planned.config, now, planned.expected)
    except ClawtuiError as error:
        return ImportItem(planned.config.id, planned.config.type, "failed", str(error))
    return planned.item


def _plan(store: AutomationConfigStore, data: bytes, on_conflict: OnConflict) -> tuple[_Planned, ...]:
    planned = []
    conflicts = []
    for position, (config, entry) in enumerate(_read_export(data)):
        existing = store.get(config.id)
        if existing is None or on_conflict != "skip":
            store.require_own_names(config)
        if existing is None or on_conflict != "skip":
            config = _with_secrets(position, config, entry, existing.config.value if existing else None)
        if existing is None:
            planned.append(_Planned(config, "create", ABSENT))
            continue
        conflicts.append(config.id)
        outcome: Outcome = "skip" if on_conflict == "skip" else "overwrite"
        planned.append(_Planned(config, outcome, existing.config.stamp or ANY))
    if conflicts and on_conflict == "fail":
        raise Refused(
            f"nothing was imported: {_listed(conflicts)} there already\n"
            "Add --on-conflict skip or --on-conflict overwrite."
        )
    return tuple(planned)


def _listed(ids: list[str]) -> str:
    shown = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
    return f"{shown} {'is' if len(ids) == 1 else 'are'}"


def _with_secrets(
    position: int, config: AutomationConfig, entry: Mapping[str, object], existing: AutomationConfig | None
) -> AutomationConfig:
    """Return ``config`` with each secret that the export masks taken from ``existing``."""
    if next(masked_places(entry), None) is None:
        return config
    current = merge(existing, {}) if existing is not None else {}
    whole: dict[str, object] = {}
    for key, value in entry.items():
        try:
            whole[key] = restored(value, current.get(key), key, key)
        except StillMasked as error:
            if key not in _DESCRIPTIVE:
                raise Invalid(
                    f"entry {position + 1} of the export ({config.id}) masks {error}, and no value is here to keep"
                    "\nExport with --secrets include, or write the value into the export."
                ) from error
            whole[key] = value
    return validate(AutomationConfig, whole)


def _read_export(data: bytes) -> list[tuple[AutomationConfig, Mapping[str, object]]]:
    try:
        document = parse_json5(data)
    except Malformed as error:
        raise Invalid(f"the export {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("automations"), list):
        raise Invalid("this is no export: it has no list of automations")
    version = document.get("version")
    if version != VERSION or isinstance(version, bool):
        raise Invalid(f"the export has version {version!r:.40}; only {VERSION} is known")
    entries = document["automations"]
    configs = [_read_entry(position, entry) for position, entry in enumerate(entries)]
    twice = [id_ for id_, count in Counter(config.id for config in configs).items() if count > 1]
    if twice:
        raise Invalid(f"the export has {twice[0]} more than once")
    return list(zip(configs, entries, strict=True))


def _read_entry(position: int, entry: object) -> AutomationConfig:
    try:
        return validate(AutomationConfig, entry)
    except Malformed as error:
        raise Invalid(f"entry {position + 1} of the export: {error}") from error
