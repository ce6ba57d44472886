"""The fields of a cron expression in croner's dialect: numbers, lists, ranges and steps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct

from clawtui.model.text.lazy_pattern import lazy_pattern

LAST: Final = 6
"""The occurrence of a weekday that is the last of its month; the others are 1 to 5."""
EVERY_OCCURRENCE: Final = frozenset(range(1, LAST + 1))

_RANGE_WITH_STEP = lazy_pattern(r"([0-9]+)-([0-9]+)/([0-9]+)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES: Final[Mapping[str, Mapping[str, int]]] = {
    "month": {name: number for number, name in enumerate(_MONTHS, start=1)},
    "day of week": {name: number for number, name in enumerate(_WEEKDAYS)},
}


class Refused(ValueError):
    """A part of a schedule that is not understood."""

    def __init__(self, part: str, why: str, instead: str | None = None) -> None:
        """Take the part as it is written, why it is not understood (a clause), and what to write instead."""
        super().__init__(part, why)
        self.part, self.why, self.instead = part, why, instead


class Field(Struct, frozen=True):
    """One field of a cron expression: its name, its lowest value and the number of its values."""

    name: str
    lowest: int
    size: int
    letters: str = ""
    """The letters that it may have besides names."""

    @property
    def highest(self) -> int:
        """Return the highest value."""
        return self.lowest + self.size - 1

    def values(self, text: str) -> frozenset[int]:
        """Return the values of a field without names and letters, such as ``*/15``, ``1-5`` or ``0,30``.

        Raises:
            Refused: The gateway's library does not understand it.
        """
        return frozenset(value for item in self.items(text) for value in self.item_values(item))

    def items(self, text: str) -> Iterator[str]:
        """Yield the items of a list after a look at the characters."""
        wrong = re.search(rf"[^/*0-9,\-{self.letters}]+", text)
        if wrong is not None:
            raise self.refused(text, f"“{wrong.group()}” has no meaning there")
        for item in text.split(","):
            if not item:
                raise self.refused(text, "a value is missing")
            yield item

    def item_values(self, item: str) -> Iterator[int]:
        """Yield the values of ``*``, ``5``, ``1-5``, ``*/5`` or ``1-30/5``."""
        if item == "*":
            yield from range(self.lowest, self.highest + 1)
        elif "-" in item:
            yield from self._range(item)
        elif "/" in item:
            yield from self._steps(item)
        else:
            yield self._checked(item, item)

    def _range(self, item: str) -> Iterator[int]:
        text, step = item, 1
        if "/" in item:
            matched = _RANGE_WITH_STEP.fullmatch(item)
            if matched is None:
                raise self.refused(item, "it is no range with a step, such as 10-50/5")
            text, step = item.partition("/")[0], self._step(item, matched.group(3))
        first, _, last = text.partition("-")
        if not _is_number(first) or not _is_number(last):
            raise self.refused(item, "it is no range, such as 1-5")
        if int(first) > int(last):
            raise self.refused(
                item,
                "the range ends before it begins",
                f"two ranges: {first}-{self.highest},{self.lowest}-{last}",
            )
        for value in range(int(first), min(int(last), self.highest + 1) + 1, step):
            yield self._checked(str(value), item)

    def _steps(self, item: str) -> Iterator[int]:
        start, _, step = item.partition("/")
        if start != "*":
            raise self.refused(
                item, "a step needs * or a range before it", f"*/{step} or {start or 0}-{self.highest}/{step}"
            )
        count = self._step(item, step)
        first = count if self is YEAR else self.lowest  # croner counts years from 0, which is none
        yield from range(first, self.highest + 1, count)

    def _step(self, item: str, text: str) -> int:
        if not _is_number(text) or not 1 <= int(text) <= self.size:
            raise self.refused(item, f"the step of a {self.name} is 1 to {self.size}")
        return int(text)

    def _checked(self, text: str, item: str) -> int:
        if not _is_number(text) or not self.lowest <= int(text) <= self.highest:
            raise self.refused(item, f"a {self.name} is {self.lowest} to {self.highest}")
        return int(text)

    def refused(self, part: str, why: str, instead: str | None = None) -> Refused:
        """Return the error for a part of this field."""
        shown = part if len(part) <= 40 else f"{part[:39]}…"
        return Refused(shown, f"in the {self.name} field, {why}", instead)


SECOND = Field("second", 0, 60)
MINUTE = Field("minute", 0, 60)
HOUR = Field("hour", 0, 24)
DAY = Field("day of month", 1, 31, letters="LWlw")
MONTH = Field("month", 1, 12)
WEEKDAY = Field("day of week", 0, 8, letters="#Ll")
YEAR = Field("year", 1, 9999)


def without_names(field: Field, text: str) -> str:
    """Return the text of a field with numbers in place of ``JAN`` or ``MON``. ``-SUN`` ends a range, so it is 7."""
    written = text.lower()
    if field is WEEKDAY:
        written = re.sub(r"-sun(?![a-km-z0-9])", "-7", written)
    names = _NAMES[field.name]
    for name, number in names.items():
        written = re.sub(rf"(?<![a-z0-9/#]){name}(?![a-km-z0-9])", str(number), written)
    stray = re.search(r"[a-z]{2,}", written)
    if stray is not None:
        known = ", ".join(name.upper() for name in names)
        raise field.refused(text, f"“{stray.group()}” is no name that is known", f"one of {known}")
    return written


def days_of(text: str) -> tuple[frozenset[int], frozenset[int], bool, bool]:
    """Return the days of ``1,15W,L``: plain days, days to the nearest weekday of which it moves, ``L`` and ``LW``."""
    if text.upper() == "LW":
        return frozenset(), frozenset(), False, True
    items = list(DAY.items(text))
    rest = [item for item in items if item.upper() != "L"]
    for item in rest:
        if "L" in item.upper():
            raise DAY.refused(item, "L, the last day, stands alone in a list, and LW alone in the field")
    plain, nearest = set[int](), set[int]()
    for item in rest:
        if item.upper().endswith("W") and not set(item) & set("-/*"):
            nearest.update(DAY.item_values(item[:-1] or item))
        elif "W" in item.upper():
            raise DAY.refused(item, "W, the nearest weekday, stands after one day, such as 15W")
        else:
            plain.update(DAY.item_values(item))
    return frozenset(plain), frozenset(nearest), len(rest) < len(items), False


def weekdays_of(text: str) -> Mapping[int, frozenset[int]]:
    """Return the occurrences in the month by weekday, Sunday is 0: ``{1: {2}}`` for ``MON#2``, LAST for ``5L``."""
    found: dict[int, frozenset[int]] = {}
    for item in WEEKDAY.items(text):
        days, _, nth = item.partition("#")
        if "#" not in item and item[-1] in "Ll":
            days, nth = item[:-1], "L"
        elif "#" in item and nth not in ("1", "2", "3", "4", "5", "L", "l"):
            raise WEEKDAY.refused(item, "after # is 1 to 5, or L for the last")
        occurrences = EVERY_OCCURRENCE if not nth else frozenset({LAST if nth in "Ll" else int(nth)})
        for value in WEEKDAY.item_values(days):
            found[value % 7] = found.get(value % 7, frozenset()) | occurrences
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
