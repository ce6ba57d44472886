"""What a report of a fault needs: which versions of what, on which system, in which terminal."""

from __future__ import annotations

import locale
import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from clawtui import __version__
from clawtui.cli.output import Line
from clawtui.cli.table import labelled

_LIBRARIES = ("textual", "rich", "pydantic", "watchfiles", "pyjson5", "psutil")
_TERMINAL = ("TERM", "COLORTERM", "TERM_PROGRAM", "TMUX", "STY", "SSH_TTY", "NO_COLOR")


def version_lines(environment: Mapping[str, str] = os.environ) -> Iterator[Line]:
    """``clawtui 0.1.0``, then the rest; nothing of it tells who somebody is."""
    from clawtui.storage.places import own_state
    from clawtui.storage.settings_file import settings_path

    yield [f"clawtui {__version__}"]
    yield from labelled(
        [
            ("python", f"{platform.python_version()} ({platform.python_implementation()})"),
            ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
            ("libraries", ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)),
            ("terminal", _terminal(environment)),
            ("locale", f"{locale.setlocale(locale.LC_CTYPE, None)}, {locale.getpreferredencoding(False)}"),
            ("settings", _place(settings_path())),
            ("state", _place(own_state())),
        ]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _terminal(environment: Mapping[str, str]) -> str:
    """Which variables are set; of those that hold paths and addresses only that they are."""
    said = (
        f"{name}={environment[name]}" if name in _TERMINAL[:3] else name for name in _TERMINAL if environment.get(name)
    )
    return " ".join(said) or "unknown"


def _place(path: Path) -> str:
    """A path without the name of whose home it is in."""
    home = str(Path.home())
    shown = f"~{str(path).removeprefix(home)}" if str(path).startswith(f"{home}/") else str(path)
    return shown if path.exists() else f"{shown} (not there)"
