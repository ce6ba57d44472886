"""The one door for printing: results to standard output, messages to standard error."""

from __future__ import annotations

import io
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TextIO

from clawtui.files.json5.serialize import to_plain
from clawtui.model.documents.base import Document
from clawtui.model.text.cleaning import clean, shown
from clawtui.model.text.secrets import mask, masked
from clawtui.model.text.units import format_timestamp
from clawtui.presentation.roles import Role

_CODES: Final[Mapping[Role, str]] = {
    "strong": "1",
    "dim": "2",
    "ok": "32",
    "warn": "33",
    "bad": "31",
    "active": "36",
}

_revealed: ContextVar[bool] = ContextVar("revealed", default=False)
"""Whether secrets are printed as they are."""

_lost: ContextVar[OSError | None] = ContextVar("lost", default=None)
"""Why standard output could not be written; None while it could."""

NARROW: Final = 80
"""Columns that everything fits where nobody says how many there are."""


def reveal_secrets() -> None:
    """From now on secrets are printed as they are: somebody asked for it."""
    _revealed.set(True)


def are_secrets_revealed() -> bool:
    """Whether somebody asked for it."""
    return _revealed.get()


def seen(text: str) -> str:
    """``text`` as it is printed: cleaned, and its secrets masked unless they are asked for."""
    return clean(text) if _revealed.get() else shown(text)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line. Whatever it is made from is masked and cleaned: no other text reaches a terminal."""

    text: str
    role: Role = "plain"

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", seen(self.text))


Line = Sequence[Piece | str]
"""What stands on one line; bare text is plain, and cleaned as well."""


def begin_output() -> None:
    """Forget what an earlier command of this process could not write."""
    _lost.set(None)


def lost_output() -> OSError | None:
    """Return why standard output could not be written: a reader that left, a full disk. None while it could."""
    return _lost.get()


def lose_output(error: OSError) -> None:
    """Remember why standard output could not be written; what comes for it goes nowhere."""
    if _lost.get() is None:
        _lost.set(error)
    _discard(sys.stdout)


def require_output() -> None:
    """Raise the OSError for which standard output could not be written, where there is one.

    For what is of no use without its output. Everything else goes on without: a command that changes something
    changes it whoever reads what it prints, and its exit status is the one that it has anyway.
    """
    flush_output()
    if (error := _lost.get()) is not None:
        raise error


def flush_output() -> None:
    """Hand over what is still held for standard output."""
    try:
        sys.stdout.flush()
    except OSError as error:
        lose_output(error)


def print_lines(lines: Iterable[Line]) -> None:
    """Prints lines for a person: with colours on a terminal only, and never under ``NO_COLOR``."""
    _be_lenient(sys.stdout)
    colours = has_colours(sys.stdout)
    for line in lines:
        if not _write("".join([_painted(piece, colours) for piece in line]).rstrip(" ") + "\n"):
            return
    flush_output()


@contextmanager
def shown_beside_the_act(lines: Iterable[Line], asks: bool) -> Iterator[None]:
    """Show what an act is on: before it on a terminal and where the operator ``asks``, is asked, else right after it.

    So a reader who takes nothing out of a full pipe cannot keep the act from being done. They are shown where it fails
    too.
    """
    first = asks or sys.stdout.isatty()
    if first:
        print_lines(lines)
    try:
        yield
    finally:
        if not first:
            print_lines(lines)


def print_json(value: object) -> None:
    """Prints one JSON document. Documents, instants (as on disk), spans (milliseconds) and paths may be in it."""
    print_raw(_json_seen(value, indent=2))


def print_json_line(value: object) -> None:
    """Prints one JSON document on a line of its own, at once."""
    print_raw(_json_seen(value), flush=True)


def print_json_list(values: Iterable[object]) -> None:
    """Prints one JSON document that is a list, an item a line, as the items come; text among them is JSON already."""
    between = "[\n"
    for value in values:
        print_raw(between + (json_text_seen(value) if isinstance(value, str) else _json_seen(value)), end="")
        between = ",\n"
        if _lost.get() is not None:
            return
    print_raw("[]" if between == "[\n" else "\n]")


def json_text_seen(text: str) -> str:
    """JSON on a line as it is printed: its secrets masked unless they are asked for."""
    return text if _revealed.get() else mask(text)


def value_seen(value: object, name: str = "") -> object:
    """A value that is called ``name`` as it is printed: its secrets masked unless they are asked for."""
    return value if _revealed.get() else masked(value, name)


def _json_seen(value: object, indent: int | None = None) -> str:
    text = to_json_text(value, indent)
    return text if _revealed.get() else to_json_text(masked(json.loads(text)), indent)


def print_raw(text: str, end: str = "\n", flush: bool = False) -> None:
    """Prints text that is JSON: in UTF-8 whatever the locale is, and in ASCII where it goes to a terminal."""
    _be_utf_8(sys.stdout)
    text = text.replace("\x7f", r"\u007f")  # which counts as ASCII, and moves a terminal's cursor all the same
    if not text.isascii() and sys.stdout.isatty():
        text = "".join(character if character.isascii() else json.dumps(character)[1:-1] for character in text)
    _write(text + end)
    if flush:
        flush_output()


def print_bytes(data: bytes) -> None:
    """Prints ``data`` as it is."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    except OSError as error:
        lose_output(error)


def say(message: str) -> None:
    """A message for a person, on standard error; each of its lines is cleaned.

    Where standard error cannot be written, the message is lost, and that stops nothing.
    """
    _be_lenient(sys.stderr)
    first, *others = message.splitlines() or [""]
    try:
        print(f"clawtui: {seen(first)}", *map(seen, others), sep="\n", file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def to_json_text(value: object, indent: int | None = None) -> str:
    """``value`` as JSON; numbers that JSON does not know become null, as JavaScript writes them."""
    try:
        return json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False, default=_plain)
    except ValueError:
        return json.dumps(_finite(value), indent=indent, ensure_ascii=False, default=_plain)


def has_colours(stream: TextIO) -> bool:
    """Whether what is printed there may have colours."""
    wanted = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return wanted and stream.isatty()


def width() -> int:
    """The columns that a line may take: the terminal's, else 80."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or NARROW
    except (OSError, ValueError):
        return NARROW


def _write(text: str) -> bool:
    """Write to standard output, and return whether that was possible."""
    try:
        sys.stdout.write(text)
    except OSError as error:
        lose_output(error)
        return False
    return True


def _discard(stream: TextIO) -> None:
    """Let what is still held for ``stream``, and what comes, go nowhere: the interpreter would fail over it at exit."""
    with suppress(OSError, ValueError):  # a stream without a descriptor is no file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _painted(piece: Piece | str, colours: bool) -> str:
    if isinstance(piece, str):
        return seen(piece)
    code = _CODES.get(piece.role)
    return f"\x1b[{code}m{piece.text}\x1b[0m" if colours and code and piece.text else piece.text


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


def _be_utf_8(stream: TextIO) -> None:
    """JSON is UTF-8; half a surrogate pair is written as the escape that it has in JSON."""
    if isinstance(stream, io.TextIOWrapper) and (stream.encoding, stream.errors) != ("utf-8", "backslashreplace"):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _be_lenient(stream: TextIO) -> None:
    """A character that the terminal's encoding does not have is no reason to fail."""
    if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
        stream.reconfigure(errors="replace")
