"""``clawtui --version``: the facts for a bug report about versions, the system and the terminal."""

from __future__ import annotations

import locale
import os
import platform
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from clawtui import __version__
from clawtui.cli.framework.layout import Block, Labelled, Line

_LIBRARIES = ("textual", "rich", "pydantic", "msgspec", "watchfiles", "pyjson5", "psutil")
_TERMINAL = ("TERM", "COLORTERM", "TERM_PROGRAM", "TMUX", "STY", "SSH_TTY", "NO_COLOR")


def version_lines(environment: Mapping[str, str] = os.environ) -> Iterator[Line | Block]:
    """Yield ``clawtui 0.1.0``, then the rest. Nothing in it identifies the operator."""
    from clawtui.model.search.engine import engine_name
    from clawtui.storage.user.files import own_configuration, own_state
    from clawtui.storage.user.settings_file import FILE_NAME

    yield [f"clawtui {__version__}"]
    yield Labelled(
        [
            ("python", f"{platform.python_version()} ({platform.python_implementation()})"),
            ("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
            ("libraries", ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)),
            ("search", engine_name()),
            ("terminal", _terminal(environment)),
            ("locale", f"{locale.setlocale(locale.LC_CTYPE, None)}, {locale.getpreferredencoding(False)}"),
            ("settings", _place(lambda: own_configuration() / FILE_NAME)),
            ("state", _place(own_state)),
        ]
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _terminal(environment: Mapping[str, str]) -> str:
    """Return the variables about the terminal that are set; those with paths and addresses without their values."""
    parts = (
        f"{name}={environment[name]}" if name in _TERMINAL[:3] else name for name in _TERMINAL if environment.get(name)
    )
    return " ".join(parts) or "unknown"


def _place(find: Callable[[], Path]) -> str:
    """Return a path without the home directory in it, which has the user's name, or why there is no path."""
    from clawtui.storage.user.files import NoOwnPlace, shortened

    try:
        path = str(find())
    except NoOwnPlace as error:
        return str(error)
    return shortened(path) if os.path.exists(path) else f"{shortened(path)} (does not exist)"  # noqa: PTH110  it never raises
