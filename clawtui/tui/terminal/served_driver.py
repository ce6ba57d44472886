"""The driver of a dashboard in a browser. Its terminal is a pipe to `clawtui serve`; the app ends with that pipe."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from functools import partial

from textual.drivers.web_driver import WebDriver

from clawtui.tui.terminal.escapes import mouse_reports
from clawtui.tui.terminal.shutdown import Ending


class ServedDriver(WebDriver):
    """Driver that ends the app when the server is gone, also while the app writes nothing."""

    def start_application_mode(self) -> None:
        """Connect to the server, and watch for its end."""
        super().start_application_mode()
        loop = asyncio.get_running_loop()

        def ask(status: int) -> None:
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(partial(self._app.exit, return_code=status))

        assert sys.__stdin__ is not None, "the server gives us a pipe"
        Ending(ask, _restore_nothing).watch_terminal(sys.__stdin__.fileno())

    def stop_application_mode(self) -> None:
        """Report the end to the server, unless it is gone."""
        with suppress(BrokenPipeError):
            super().stop_application_mode()

    def write(self, data: str) -> None:
        """Write to the server; drop the data if the server is gone."""
        with suppress(BrokenPipeError):
            super().write(data)

    def _enable_mouse_support(self) -> None:
        """Report clicks, drags and the wheel, but not every motion."""
        self.write(mouse_reports(on=True))


def _restore_nothing() -> None:
    """Restore nothing: there is no terminal."""
