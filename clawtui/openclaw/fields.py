"""Reading of the fields of rows and JSON objects: an invalid value is a problem of that field only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from clawtui.model.documents.base import EPOCH, Problem
from clawtui.model.text.units import EARLIEST, LATEST

_MOST_SHOWN = 40
_MAX_MILLISECONDS = 10**15
_FIRST, _LAST = ((bound - EPOCH) / timedelta(milliseconds=1) for bound in (EARLIEST, LATEST))


class Fields:
    """The fields of one row or object, by name; a value of the wrong form is noted in ``problems``.

    A field that is missing or null is None without a problem.
    """

    def __init__(self, values: Mapping[str, object], path: str, problems: list[Problem], prefix: str = "") -> None:
        self._values = values
        self._path = path
        self._problems = problems
        self._prefix = prefix

    def has(self, name: str) -> bool:
        """Return whether the field is there and not null."""
        return self._values.get(name) is not None

    def text(self, name: str) -> str | None:
        """Return a field as text."""
        value = self._values.get(name)
        if value is None or isinstance(value, str):
            return value
        self._odd(name, "text", value)
        return None

    def flag(self, name: str) -> bool | None:
        """Return a field as a boolean, which SQLite stores as 1 or 0."""
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int) and value in (0, 1):
            return bool(value)
        self._odd(name, "true or false", value)
        return None

    def whole(self, name: str) -> int | None:
        """Return a field as a whole number."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_MILLISECONDS:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self._odd(name, "a whole number", value)
            return None
        return value

    def instant(self, name: str) -> datetime | None:
        """Return a field as an instant, from milliseconds since 1970."""
        value = self._values.get(name)
        if value is None:
            return None
        found = instant_of(value)
        if found is None:
            self._odd(name, "a time in milliseconds", value)
        return found

    def iso_instant(self, name: str) -> datetime | None:
        """Return a field as an instant, from ISO 8601 with a zone."""
        value = self.text(name)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            self._odd(name, "a time with its zone", value)
            return None
        if found.tzinfo is None or not EARLIEST <= found <= LATEST:
            self._odd(name, "a time with its zone", value)
            return None
        return found.astimezone(UTC)

    def span(self, name: str) -> timedelta | None:
        """Return a field as a length of time, from milliseconds."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _MAX_MILLISECONDS:
            self._odd(name, "a number of milliseconds", value)
            return None
        return timedelta(milliseconds=value)

    def mapping(self, name: str) -> Fields:
        """Return a field that is an object as its fields; empty if it is missing."""
        value = self._values.get(name)
        if value is not None and not isinstance(value, dict):
            self._odd(name, "an object", value)
        return self._below(name, value if isinstance(value, dict) else {})

    def mappings(self, name: str) -> list[Fields]:
        """Return the objects of a list; an item that is not an object is noted as a problem."""
        value = self._values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            self._odd(name, "a list", value)
            return []
        for item in value:
            if not isinstance(item, dict):
                self._odd(name, "a list of objects", value)
                break
        return [self._below(name, item) for item in value if isinstance(item, dict)]

    def json_object(self, name: str) -> Fields:
        """Return the fields of an object that is stored as JSON text; empty if it is missing."""
        text = self.text(name)
        found: object = {}
        if text is not None:
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                self.note(name, f"is no JSON ({error})" if isinstance(error, ValueError) else "is nested too deeply")
        if not isinstance(found, dict):
            self._odd(name, "an object", found)
            found = {}
        return self._below(name, found)

    def at(self, path: str, problems: list[Problem]) -> Fields:
        """Return the same fields with the path and the list of problems of another object."""
        return Fields(self._values, path, problems)

    def renamed(self, names: Mapping[str, str]) -> Fields:
        """Return the same fields, some under another name: each key of ``names`` becomes its value."""
        values = {names.get(name, name): value for name, value in self._values.items()}
        return Fields(values, self._path, self._problems, self._prefix)

    def note(self, name: str, message: str) -> None:
        """Note a problem of a field."""
        self._problems.append(Problem(self._path, f"{self._prefix}{name} {message}"))

    def _below(self, name: str, values: Mapping[str, object]) -> Fields:
        return Fields(values, self._path, self._problems, f"{self._prefix}{name}.")

    def _odd(self, name: str, expected: str, value: object) -> None:
        written = repr(value)
        short = written if len(written) <= _MOST_SHOWN else f"{written[: _MOST_SHOWN - 1]}…"
        self.note(name, f"must be {expected}, and is {short}")


def instant_of(value: object) -> datetime | None:
    """Return the instant of a number of milliseconds since 1970; None if ``value`` is not such a number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not _FIRST <= value <= _LAST:
        return None
    return EPOCH + timedelta(milliseconds=value)
