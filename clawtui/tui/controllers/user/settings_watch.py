"""Following the settings file while the dashboard is open."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual.app import App

from clawtui.tui.controllers.background import in_background, start_when_possible

if TYPE_CHECKING:
    from clawtui.storage.user.settings_file import LoadedSettings

EVERY: Final = 2.0
"""Seconds between two looks at the file."""

_Version = tuple[int, int, int] | None


class SettingsWatch:
    """Thread that looks at the file at intervals; after a change it is read, and `use` called on the event loop.

    It ends with the app. A thread that is started for each look costs a hundred times what the look itself does.
    """

    def __init__(self, app: App[None], file: Path, every: float = EVERY) -> None:
        """Record the version of the file whose settings are in use."""
        self._app = app
        self._file = file
        self._use: Callable[[LoadedSettings], None] = lambda loaded: None
        self._every = every
        self._version = _version_of(file)

    def start(self, use: Callable[[LoadedSettings], None]) -> None:
        """Start checking the file."""
        self._use = use
        start_when_possible(self._app, lambda: threading.Thread(target=self._run, name="settings", daemon=True).start())

    def _run(self) -> None:
        while self._app.is_running:
            time.sleep(self._every)
            version = _version_of(self._file)
            if version != self._version:
                self._version = version
                self._app.call_later(in_background, self._app, "reading the settings", self._read)

    def _read(self) -> None:
        from clawtui.storage.user.settings_file import load_settings

        self._app.call_later(partial(self._use, load_settings(self._file)))


def _version_of(file: Path) -> _Version:
    """Return the version of the file, through links; None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)
