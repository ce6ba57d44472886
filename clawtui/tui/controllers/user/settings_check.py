"""The check of the settings that depend on the dashboard: keys and columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clawtui.model.documents.settings import Settings
from clawtui.tui.controllers.user.key_map import check_keys, operations
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.screens.key_hints import key_name
from clawtui.tui.widgets.line_table import LineTable

Objection = tuple[str, str]
"""The name of a setting, and its fault."""


def usual_keys() -> Mapping[str, tuple[str, str]]:
    """Return for each operation its default keys as in a settings file, separated by commas, and its meaning."""
    return {
        id_: (",".join(map(_written, operation.keys)), operation.meaning) for id_, operation in operations().items()
    }


def headings() -> Mapping[str, Sequence[str]]:
    """Return the headings of each table."""
    return {name: table.columns.headings for name, table in _tables().items()}


def objections(settings: Settings) -> Iterator[Objection]:
    """Yield each setting of keys and columns that cannot be applied, with the reason."""
    for fault in check_keys(settings.keys).faults:
        yield f"keys.{fault.id}", fault.message
    yield from column_objections(settings, headings())


def column_objections(settings: Settings, known: Mapping[str, Sequence[str]]) -> Iterator[Objection]:
    """Yield the tables and columns in the settings that do not exist; `known` has the existing ones."""
    for table, names in settings.columns.items():
        if table not in known:
            yield f"columns.{table}", f"is no table; there are {' and '.join(known)}"
            continue
        for name in names:
            if name.casefold() not in known[table]:
                yield f"columns.{table}", f"“{name}” is no column; there are {', '.join(known[table])}"
        if names and not {name.casefold() for name in names} & set(known[table]):
            yield f"columns.{table}", "leaves no column, so all are shown"


def _tables() -> Mapping[str, LineTable]:
    return {"automations": AutomationsPane().table, "locks": LocksPane().table}


def _written(key: str) -> str:
    """Return a key as in a settings file: its usual name if that is ASCII without a comma, else Textual's name."""
    shown = key_name(key)
    return shown if shown.isascii() and "," not in shown else key
