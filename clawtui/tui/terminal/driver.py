"""The terminal, asked for no more than is used, never waited for, and left as it was."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import time
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from clawtui.tui.terminal.escapes import mouse_reports
from clawtui.tui.terminal.guard import TerminalGuard
from clawtui.tui.terminal.output import GIVE_BACK, TerminalOutput, say_at_once
from clawtui.tui.terminal.shutdown import Ending

_TRIES = 20
_BETWEEN_TRIES = 0.1
"""Seconds; a system that lets us start no thread may do so in a moment."""


class ClawtuiDriver(LinuxDriver):
    """Has the terminal report clicks, drags and the wheel, but not every motion: that alone was megabytes over SSH.

    What it writes goes to the terminal of standard output, wherever standard error leads.
    """

    encoding: ClassVar[str | None] = None
    """The characters that the terminal knows; None: those of the locale."""
    guard: ClassVar[TerminalGuard | None] = None
    """The process that restores the terminal where this one cannot."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output = TerminalOutput(sys.__stdout__.fileno() if sys.__stdout__ else 1, self._repaint, self.encoding)
        self._taken = self._resuming = False
        self.repaints = 0
        """How often, so far, nothing was known any more of what is on the terminal."""
        self._ending: Ending | None = None

    def write(self, data: str) -> None:
        """Has ``data`` written; returns at once, whatever the terminal does."""
        self._output.write(data)

    @property
    def draining(self) -> bool:
        """Whether the terminal has still to take something of what was written."""
        return self._output.draining

    def start_application_mode(self) -> None:
        """Takes the terminal; where it is not ours to take, as after ``bg``, nothing is done until it is."""
        self.repaints += 1
        self._watch_for_the_end()
        for tries_left in reversed(range(_TRIES)):
            try:
                self._start_once()
            except RuntimeError:
                self._undo_start()
                if not tries_left:
                    raise
                time.sleep(_BETWEEN_TRIES)
            else:
                return

    def _start_once(self) -> None:
        """Start the threads and take the terminal. Raises RuntimeError where the system can start no thread."""
        self._output.start()
        self._writer_thread = None
        if self.guard is not None:
            self.guard.taken()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual has not typed it
        self._taken = self._writer_thread is not None

    def _undo_start(self) -> None:
        """Restore the terminal after a start that got half the way, and forget the thread that did not start."""
        self._output.skip_frames()
        self._taken = True
        self.give_back_at_once()
        self._taken = False
        if self._writer_thread is not None and not self._writer_thread.is_alive():
            self._writer_thread = None
        if self._key_thread is not None and not self._key_thread.is_alive():
            self._key_thread = None

    def stop_application_mode(self) -> None:
        """Gives the terminal back as it was."""
        self._taken = False
        self._output.skip_frames()
        super().stop_application_mode()

    def close(self) -> None:
        """Ends the threads that write; a terminal that takes nothing does not keep them."""
        super().close()
        if not self._output.stop():
            say_at_once(self.fileno, GIVE_BACK)
        if self.guard is not None:
            self.guard.given_back()

    def give_back_at_once(self) -> None:
        """Restores the terminal as far as that goes without waiting for anything: the process is about to end."""
        if not self._taken:
            return
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        say_at_once(self.fileno, GIVE_BACK)

    def _last_words(self) -> None:
        """Restore the terminal and end its guard: the process ends right after."""
        self.give_back_at_once()
        if self.guard is not None:
            self.guard.given_back()
            self.guard.end()

    def _sigcont_application(self, *_: object) -> None:
        """Takes the terminal anew: it was given back before a stop of ours, and after any other nobody knows its state.

        Textual's own way would start a second time what still runs, and at the end leave the terminal raw.
        """
        if not self._auto_restart or self._resuming:
            return
        if not self._is_ours():
            os.kill(os.getpid(), signal.SIGSTOP)
            return
        self._resuming = True
        try:
            if self._taken:
                self.suspend_application_mode()
            self.resume_application_mode()
        finally:
            self._resuming = False
        self._repaint()

    def _watch_for_the_end(self) -> None:
        """From before the terminal is taken, so that it is given back whatever ends us."""
        if self._ending is not None:
            return
        loop = asyncio.get_running_loop()

        def ask(status: int) -> None:
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(partial(self._app.exit, return_code=status))

        self._ending = Ending(ask, self._last_words)
        self._ending.watch_signals()
        self._ending.watch_terminal(self.fileno)

    def _is_ours(self) -> bool:
        """Whether we are in the terminal's foreground."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def _repaint(self) -> None:
        """Has the whole screen sent; may be called on any thread."""
        self.repaints += 1
        self._app.call_later(partial(self._app.refresh, layout=True))

    def _enable_mouse_support(self) -> None:
        self._report_mouse(on=True)

    def _disable_mouse_support(self) -> None:
        self._report_mouse(on=False)

    def _report_mouse(self, *, on: bool) -> None:
        if self._mouse:
            self.write(mouse_reports(on=on))
            self.flush()


class AsciiDriver(ClawtuiDriver):
    """For terminals and locales that know no other characters."""

    encoding: ClassVar[str | None] = "ascii"
