"""The file of settings: parsed and validated, with the line of each fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from clawtui.model.checked.reading import refused
from clawtui.model.documents.settings import CAREFUL, DEFAULTS, Settings, read_settings
from clawtui.model.errors import Unreadable
from clawtui.model.text.cleaning import clean
from clawtui.model.text.command_line import ANYWHERE
from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.storage.user.files import NoOwnPlace, own_configuration

FILE_NAME = "config.toml"
MAX_SIZE = 1 << 20
"""The most bytes of settings that are read."""

_PROTECTION = "read-only"
_TABLE = lazy_pattern(r"\s*\[\[?\s*(?P<name>[^\]]+?)\s*\]\]?\s*(?:#.*)?")
_STEP = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_KEY = lazy_pattern(rf"\s*(?P<name>{_STEP}(?:\s*\.\s*{_STEP})*)\s*=")
_PLACE = lazy_pattern(r"^(?P<what>.*) \(at (?P<where>line \d+, column \d+|end of document)\)$", re.DOTALL)


class Fault(Struct, frozen=True):
    """A part of the file that is not valid, and its line."""

    line: int | None
    """The line, from 1; None if the fault is about the file as a whole."""
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line is not None else self.message


class LoadedSettings(Struct, frozen=True):
    """The settings in force, and the faults of the file: a fault disables only its own setting."""

    settings: Settings = DEFAULTS
    faults: tuple[Fault, ...] = ()
    path: Path | None = None
    """The file that was read; None if there is none."""
    notice: str | None = None
    """Why the place of the file is unknown; None if it is known."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of each key, by its full name."""

    def fault(self, name: str, message: str) -> Fault:
        """Return a fault that another part of the program found in a setting."""
        return Fault(_line_of(name.split("."), self.lines), clean(f"{name} {message}"))

    @property
    def complaint(self) -> str | None:
        """The faults, in one or two plain lines; None if there are none."""
        if not self.faults:
            return self.notice
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        held = "nothing may be changed until it is corrected" if self.settings is CAREFUL else "the rest of it holds"
        check = ANYWHERE.hint("config", "check")
        return f"{self.path}: {self.faults[0]}{more}; {held}.\n{check} lists what is wrong."


def settings_path() -> Path:
    """Return the path of the settings. The file need not exist. Raises NoOwnPlace."""
    return own_configuration() / FILE_NAME


def load_settings(path: Path | None = None) -> LoadedSettings:
    """Return the settings in the file, or the defaults if there is none. Raises no error: a fault has its line.

    If the file cannot be read at all, the settings are the defaults with ``read-only``.
    """
    try:
        path = path or settings_path()
        data = _read(path)
    except FileNotFoundError:
        return LoadedSettings()
    except NoOwnPlace as error:
        return LoadedSettings(notice=f"{error}; the defaults hold, and nothing is remembered")
    except Unreadable as error:
        return LoadedSettings(CAREFUL, (Fault(None, error.reason),), path)
    settings, faults = parse_settings(data)
    return LoadedSettings(settings, faults, path, lines=lines_of_keys(data.decode(errors="replace")))


def parse_settings(data: bytes) -> tuple[Settings, tuple[Fault, ...]]:
    """Return the settings in ``data``, and its faults, by line."""
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        return CAREFUL, (Fault(data[: error.start].count(b"\n") + 1, "is not UTF-8"),)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return CAREFUL, (_syntax_fault(str(error) or "is nested too deeply", text),)
    return _validate(raw, text)


def _read(path: Path) -> bytes:
    """Return the content of the user's own file, through links too: configuration files are often links."""
    from clawtui.files.fs.reading import reason_of

    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(reason_of(error)) from error
    if len(data) > MAX_SIZE:
        raise Unreadable(f"is more than the {MAX_SIZE:,} bytes that are read")
    return data


def _syntax_fault(message: str, text: str) -> Fault:
    match = _PLACE.match(message)
    if match is None:
        return Fault(None, clean(message))
    where = match["where"]
    if not where.startswith("line "):
        return Fault(text.count("\n") + 1, clean(f"{match['what']}, and the file ends"))
    line, _, column = where.removeprefix("line ").partition(", column ")
    return Fault(int(line), clean(f"{match['what']} at column {column}"))


def _validate(raw: dict[str, object], text: str) -> tuple[Settings, tuple[Fault, ...]]:
    """Return settings made from the valid keys; each faulty key is removed, and the rest is validated again."""
    if isinstance(keys := raw.get("keys"), dict):
        raw["keys"] = _flat(keys)
    lines = lines_of_keys(text)
    faults: list[Fault] = []
    while True:
        try:
            settings = read_settings(raw)
        except refused() as error:
            from clawtui.model.documents.validation_text import explain_fault

            fault = error.errors(include_url=False)[0]
            faults.append(Fault(_line_of(fault["loc"], lines), clean(explain_fault(fault))))
            _take_out(raw, fault["loc"])
        else:
            return settings, tuple(sorted(faults, key=lambda fault: fault.line or 0))


def _flat(keys: Mapping[str, object]) -> dict[str, object]:
    """Return nested keys as one name with dots: TOML reads an unquoted ``locks.release`` as two nested keys."""
    flat: dict[str, object] = {}
    for name, value in keys.items():
        flat |= (
            {f"{name}.{rest}": leaf for rest, leaf in _flat(value).items()}
            if isinstance(value, dict)
            else {name: value}
        )
    return flat


def _take_out(raw: dict[str, object], place: Sequence[int | str]) -> None:
    """Remove the value at ``place``, or the innermost one with a name; ``read-only`` is set to true instead."""
    holder, name = raw, place[0]
    for step in place[1:]:
        below = holder.get(str(name))
        if not isinstance(below, dict) or step not in below:
            break
        holder, name = below, step
    if name == _PROTECTION and holder[name] is not True:
        holder[_PROTECTION] = True
    else:
        del holder[str(name)]


def lines_of_keys(text: str) -> dict[str, int]:
    """Return the line of each table and key, by its full name with dots between the steps."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.fullmatch(line):
            table = _plain(header["name"]) + "."
            found.setdefault(table[:-1], number)
        elif key := _KEY.match(line):
            found.setdefault(table + _plain(key["name"]), number)
    return found


def _plain(name: str) -> str:
    steps = re.findall(_STEP, name)
    return ".".join(step.strip("\"'") for step in steps)


def _line_of(place: Sequence[int | str], lines: Mapping[str, int]) -> int | None:
    """Return the line of the key at ``place``, or else of the table that it is in; None if neither is known."""
    for length in range(len(place), 0, -1):
        name = ".".join(map(str, place[:length]))
        below = [line for key, line in lines.items() if key == name or key.startswith(f"{name}.")]
        if below:
            return lines.get(name, min(below))
    return None
