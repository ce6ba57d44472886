"""The settings as a TOML document: each with its meaning, and unset ones as comments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final, Literal, get_args, get_origin

from clawtui.model.checked.struct import DocumentField, schema_fields
from clawtui.model.documents.settings import DEFAULTS, RootSettings, Settings, Table, description_of, span_text
from clawtui.model.text.width import wrap

_WIDTH: Final = 78
_TABLES: Final = ("notify", "columns", "keys", "remote", "roots")
"""The tables come last: in TOML all keys after the heading of a table belong to it."""


def document_of(
    settings: Settings, keys: Mapping[str, tuple[str, str]], columns: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield the lines of the document.

    Args:
        keys: The default keys and the meaning of each operation.
        columns: The headings of each table.
    """
    yield "# The settings of clawtui. A line that begins with # and a name is not set, and has its default."
    fields = schema_fields(Settings)
    for name, field in fields.items():
        if name not in _TABLES:
            yield ""
            yield from _setting(settings, name, field)
    yield from _table("notify", settings.notify)
    yield from _columns(settings, columns)
    yield from _keys(settings, keys)
    yield from _table("remote", settings.remote)
    yield from _roots(settings)


def plain(value: object) -> object:
    """Return settings, or a part of them, for a JSON document."""
    if isinstance(value, Table):
        return {field.key: plain(getattr(value, name)) for name, field in schema_fields(type(value)).items()}
    return {name: plain(part) for name, part in value.items()} if isinstance(value, Mapping) else value


def value_text(value: object) -> str:
    """Return a value in TOML."""
    if isinstance(value, timedelta):
        return f'"{span_text(value)}"'
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(value_text, value))}]"
    # JSON and TOML write strings and booleans in the same way, except for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _setting(holder: Table, name: str, field: DocumentField) -> Iterator[str]:
    yield from _comment(_meaning(field))
    value = getattr(holder, name)
    text = value_text(value) if value is not None else '"…"'
    mark = "" if name in holder.present and value is not None else "# "
    yield f"{mark}{field.key} = {text}"


def _meaning(field: DocumentField) -> str:
    choices, text = _choices(field.type), description_of(field)
    return f"{text} ({', '.join(choices)})" if choices else text


def _choices(annotation: object) -> tuple[str, ...]:
    """Return the words that a setting may have; none if it is not a choice."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for part in get_args(annotation) if (found := _choices(part))), ())


def _comment(text: str) -> Iterator[str]:
    return (f"# {line}" for line in wrap(text, _WIDTH))


def _table(name: str, table: Table) -> Iterator[str]:
    yield ""
    yield f"[{name}]"
    for key, field in schema_fields(type(table)).items():
        yield from _setting(table, key, field)


def _columns(settings: Settings, columns: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield ""
    yield "[columns]"
    yield from _comment(description_of(schema_fields(Settings)["columns"]))
    for table, headings in columns.items():
        value = settings.columns.get(table)
        yield f"{table} = {value_text(value)}" if value is not None else f"# {table} = {value_text(list(headings))}"


def _keys(settings: Settings, keys: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    yield ""
    yield "[keys]"
    yield from _comment(description_of(schema_fields(Settings)["keys"]))
    for id_, (usual, meaning) in keys.items():
        value = settings.keys.get(id_)
        yield from _comment(meaning)
        yield f"{id_} = {value_text(value)}" if value is not None else f"# {id_} = {value_text(usual)}"


def _roots(settings: Settings) -> Iterator[str]:
    yield ""
    yield from _comment(description_of(schema_fields(Settings)["roots"]))
    if not settings.roots:
        yield "# [roots.production]"
        example = RootSettings(path="/srv/clawdbot", label="PRODUCTION", read_only=True)
        yield from (line if line.startswith("#") else f"# {line}" for line in _root(example))
    for name, root in settings.roots.items():
        yield f"[roots.{json.dumps(name, ensure_ascii=False)}]"
        yield from _root(root)


def _root(root: RootSettings) -> Iterator[str]:
    for name, field in schema_fields(RootSettings).items():
        yield from _setting(root, name, field)


assert not DEFAULTS.present
