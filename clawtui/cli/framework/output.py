"""The printing of results to standard output and of messages to standard error. No other module of the commands prints.

All text is cleaned here, and secrets in it are masked unless the operator asked to see them (``--show-secrets``).
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from clawtui.cli.framework.layout import Block, Labelled, Line, Piece
from clawtui.cli.framework.streams import (
    discard,
    flush_output,
    has_colours,
    lost_output,
    replace_unencodable,
    use_utf_8,
    width,
    write_text,
)
from clawtui.files.json5.serialize import shown_fields, to_plain
from clawtui.model.documents.base import Document
from clawtui.model.text.cleaning import clean, displayable
from clawtui.model.text.secrets import mask, masked
from clawtui.model.text.units import format_timestamp

if TYPE_CHECKING:
    from clawtui.presentation.roles import Role

_CODES: Final[Mapping[Role, str]] = {
    "strong": "1",
    "dim": "2",
    "ok": "32",
    "warn": "33",
    "bad": "31",
    "active": "36",
}
"""The parameters of the escape sequence for each role; a role without one is printed plain."""


class Printer(Struct, frozen=True):
    """The printer of a command's results, to standard output."""

    show_secrets: bool = False
    """Whether secrets are printed as they are."""
    is_wide: bool = False
    """Whether lines are neither cut nor wrapped on a terminal either (``--wide``)."""

    def text(self, text: str) -> str:
        """Return ``text`` as it is printed: cleaned, and masked unless secrets are shown."""
        return clean(text) if self.show_secrets else displayable(text)

    def value(self, value: object, name: str) -> object:
        """Return the value of the field ``name`` as it is printed: masked unless secrets are shown."""
        return value if self.show_secrets else masked(value, name)

    def json_line(self, text: str) -> str:
        """Return a line of JSON as it is printed: masked unless secrets are shown."""
        return text if self.show_secrets else mask(text)

    def print_lines(self, lines: Iterable[Line | Block]) -> None:
        """Print lines and blocks for a person: in colour and fitted to the width on a terminal, whole in a pipe."""
        replace_unencodable(sys.stdout)
        colours, columns = has_colours(sys.stdout), width(self.is_wide)
        for line in self._laid_out(lines, columns):
            if not write_text("".join([self._painted(piece, colours) for piece in line]).rstrip(" ") + "\n"):
                return
        flush_output()

    def print_block(self, block: Block) -> None:
        """Print one block, as ``print_lines`` does."""
        self.print_lines([block])

    @contextmanager
    def shown_beside_the_act(self, lines: Iterable[Line | Block], asks: bool) -> Iterator[None]:
        """Print the subject of the act in the ``with`` block: before it on a terminal or if it ``asks``, else after it.

        So a pipe whose reader does not read cannot block the act. The lines are printed if the act fails too.
        """
        first = asks or sys.stdout.isatty()
        if first:
            self.print_lines(lines)
        try:
            yield
        finally:
            if not first:
                self.print_lines(lines)

    def print_json(self, value: object) -> None:
        """Print one JSON document.

        ``value`` may hold documents, instants (printed as on disk), timedeltas (in milliseconds) and paths.
        """
        print_raw(self._json(value, indent=2))

    def print_json_line(self, value: object) -> None:
        """Print one JSON document on a line, and flush."""
        print_raw(self._json(value), flush=True)

    def print_json_list(self, values: Iterable[object]) -> None:
        """Print a JSON list, an item a line, as the items come. An item that is a string is JSON already."""
        between = "[\n"
        for value in values:
            print_raw(between + (self.json_line(value) if isinstance(value, str) else self._json(value)), end="")
            between = ",\n"
            if lost_output() is not None:
                return
        print_raw("[]" if between == "[\n" else "\n]")

    def _laid_out(self, lines: Iterable[Line | Block], columns: int) -> Iterator[Line]:
        for line in lines:
            if isinstance(line, Sequence):
                yield line
            else:
                yield from line.lines(self.text, columns)

    def _painted(self, piece: Piece | str, colours: bool) -> str:
        if isinstance(piece, str):
            return self.text(piece)
        text, code = self.text(piece.text), _CODES.get(piece.role)
        return f"\x1b[{code}m{text}\x1b[0m" if colours and code and text else text

    def _json(self, value: object, indent: int | None = None) -> str:
        text = to_json_text(value, indent)
        return text if self.show_secrets else to_json_text(masked(json.loads(text)), indent)


def print_raw(text: str, end: str = "\n", flush: bool = False) -> None:
    """Print text that needs no masking, in UTF-8 in any locale; on a terminal in ASCII with JSON's escapes."""
    use_utf_8(sys.stdout)
    text = text.replace("\x7f", r"\u007f")  # ASCII, but it moves the cursor of a terminal
    if not text.isascii() and sys.stdout.isatty():
        text = "".join(character if character.isascii() else json.dumps(character)[1:-1] for character in text)
    write_text(text + end)
    if flush:
        flush_output()


def say(message: str, show_secrets: bool = False) -> None:
    """Print a message for a person to standard error.

    Each of its lines is cleaned, and masked unless ``show_secrets``. If standard error cannot be written, the message
    is lost and the command continues.
    """
    replace_unencodable(sys.stderr)
    first, *others = map(Printer(show_secrets).text, message.splitlines() or [""])
    try:
        print(f"clawtui: {first}", *others, sep="\n", file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)


def pass_on(line: str) -> None:
    """Print a line that another clawtui has printed to standard error; it is cleaned already."""
    replace_unencodable(sys.stderr)
    try:
        print(line, file=sys.stderr, flush=True)
    except OSError:
        discard(sys.stderr)


def to_json_text(value: object, indent: int | None = None) -> str:
    """Return ``value`` as JSON; a number that JSON does not know, such as infinity, becomes null."""
    try:
        return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        return json.dumps(_finite(value), indent=indent, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    match value:
        case Document():
            return to_plain(value)
        case datetime():
            return format_timestamp(value)
        case timedelta():
            return round(value.total_seconds() * 1000)
        case Path():
            return str(value)
        case Mapping():
            return dict(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _finite(value: object) -> object:
    if isinstance(value, Document):
        value = to_plain(value)
    if isinstance(value, Mapping):
        return {key: _finite(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(below) for below in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def field_lines(path: str, document: Document, printer: Printer, now: datetime) -> Iterator[Line | Block]:
    """Yield the path of a document, and each of its fields; ``printer`` masks their values by their names."""
    from clawtui.presentation.document_fields import document_fields

    content = printer.value(shown_fields(document), "")
    yield ()
    yield (Piece(path, "strong"),)
    if isinstance(content, dict):
        yield Labelled(tuple(document_fields(content, now)))
