"""Following the settings file while the dashboard is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import App

from clawtui.tui.controllers.background import PeriodicWorker

if TYPE_CHECKING:
    from clawtui.storage.user.settings_file import LoadedSettings

EVERY: Final = 2.0
"""Seconds between two looks at the file."""

_Version = tuple[int, int, int] | None


class SettingsWatch:
    """Worker that reads the settings again after their file has changed, and calls `use` on the event loop."""

    def __init__(self, app: App[None], file: Path, every: float = EVERY) -> None:
        """Record the version of the file whose settings are in use."""
        self._app = app
        self._file = file
        self._use: Callable[[LoadedSettings], None] = lambda loaded: None
        self._every = every
        self._version = _version_of(file)
        self._worker = PeriodicWorker(app, "looking at the settings", self._look)

    def start(self, use: Callable[[LoadedSettings], None]) -> None:
        """Start checking the file."""
        self._use = use
        self._worker.ask_in(self._every)

    def _look(self) -> float:
        """Read the file if it has changed; not on the event loop. Return the seconds until the next look."""
        version = _version_of(self._file)
        if version != self._version:
            from clawtui.storage.user.settings_file import load_settings

            self._version = version
            self._app.call_later(partial(self._use, load_settings(self._file)))
        return self._every


def _version_of(file: Path) -> _Version:
    """Return the version of the file, through links; None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)
