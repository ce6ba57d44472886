"""The configurations that the gateway's own schemas refuse. A version of a file is read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from clawtui.files.fs.links import read_followed
from clawtui.files.json5.document import parse_json5
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document, Stamp
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.gateway_schema import MAY_REFUSE, refusals
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Fleet, Reading

_REMEMBERED = 64
"""Versions of files. `Examiner` keeps the results for all automations: two other files are read again and again."""


def refused_documents(
    fleet: Fleet, base: Path, automations: Mapping[str, tuple[str, ...]] | None = None
) -> Mapping[str, tuple[str, ...]]:
    """Return the reasons for each readable configuration that the gateway refuses, by path.

    ``automations`` has the results of `why_refused` for the automations, where the caller knows them.
    """
    readings: list[tuple[Reading[Document], type[Document]]] = []
    if fleet.dispatcher is not None:
        readings.append((fleet.dispatcher, DispatcherConfig))
    if fleet.concurrency is not None:
        readings.append((fleet.concurrency, ConcurrencyState))
    if automations is None:
        readings += ((automation.config, AutomationConfig) for automation in fleet.automations.values())
    refused = dict(automations or {})
    for reading, kind in readings:
        if (reasons := why_refused(base, reading, kind)) is not None:
            refused[reading.path] = reasons
    return refused


def why_refused(base: Path, reading: Reading[Document], kind: type[Document]) -> tuple[str, ...] | None:
    """Return why the gateway refuses a document that can be read here; None if it does not."""
    if reading.value is None or reading.stamp is None:
        return None
    has_no_version = kind is not AutomationConfig and "version" not in reading.value.present
    return _refusals(base, reading.path, reading.stamp, kind, bool(reading.faults) or has_no_version) or None


@lru_cache(maxsize=_REMEMBERED)
def _refusals(base: Path, path: str, stamp: Stamp, kind: type[Document], whole: bool) -> tuple[str, ...]:
    """Return the reasons in one version of a file; without ``whole`` only if a text search finds a candidate."""
    try:
        data, read = read_followed(base, path)
        if read != stamp or not (whole or MAY_REFUSE.search(data)):
            return ()
        return refusals(kind, parse_json5(data))
    except (FileNotFoundError, ClawtuiError):  # it is a problem of the fleet, or will be
        return ()
