"""The driver of a dashboard in a browser: a pipe to `clawtui serve` is its terminal, and it ends with that pipe."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from functools import partial

from textual.drivers.web_driver import WebDriver

from clawtui.tui.terminal.escapes import mouse_reports
from clawtui.tui.terminal.shutdown import Ending


class ServedDriver(WebDriver):
    """End where the server is gone, however it ended: nothing else would notice while nothing changes."""

    def start_application_mode(self) -> None:
        """Begin to talk to the server, and to watch whether it is there."""
        super().start_application_mode()
        loop = asyncio.get_running_loop()

        def ask(status: int) -> None:
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(partial(self._app.exit, return_code=status))

        assert sys.__stdin__ is not None, "the server gives us a pipe"
        Ending(ask, _no_last_words).watch_terminal(sys.__stdin__.fileno())

    def stop_application_mode(self) -> None:
        """Say that this is the end, where there is still somebody to say it to."""
        with suppress(BrokenPipeError):
            super().stop_application_mode()

    def write(self, data: str) -> None:
        """Write to the server; what it does not take any more is dropped."""
        with suppress(BrokenPipeError):
            super().write(data)

    def _enable_mouse_support(self) -> None:
        """Have clicks, drags and the wheel reported, but not every motion."""
        self.write(mouse_reports(on=True))


def _no_last_words() -> None:
    """Restore nothing: there is no terminal."""
