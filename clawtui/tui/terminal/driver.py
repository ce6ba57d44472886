"""The driver of a real terminal. It never waits for the terminal, and restores it at every kind of end."""

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

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from clawtui.tui.terminal.escapes import mouse_reports
from clawtui.tui.terminal.guard import TerminalGuard
from clawtui.tui.terminal.output import GIVE_BACK, TerminalOutput, write_at_once
from clawtui.tui.terminal.shutdown import Ending, InputEnd, read_input

_TRIES = 20
_BETWEEN_TRIES = 0.1
"""Seconds between two attempts to start a thread, because a system at its thread limit may soon allow one."""


class ClawtuiDriver(LinuxDriver):
    """Driver that writes on its own thread, reports no mouse motions, and restores the terminal at every kind of end.

    Output goes to the terminal of standard output, even where standard error is redirected.
    """

    encoding: ClassVar[str | None] = None
    """The encoding of the terminal; None for that of the locale."""
    guard: ClassVar[TerminalGuard | None] = None
    """The process that restores the terminal if this process cannot."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._output = TerminalOutput(sys.__stdout__.fileno() if sys.__stdout__ else 1, self._repaint, self.encoding)
        self._taken = self._resuming = False
        self.repaints = 0
        """The number of times that the content of the terminal became unknown, so that all of it is sent again."""
        self._ending: Ending | None = None

    def write(self, data: str) -> None:
        """Queue `data` for the terminal; return at once, even if the terminal accepts no output."""
        self._output.write(data)

    @property
    def draining(self) -> bool:
        """Whether the terminal has not accepted all queued output yet."""
        return self._output.draining

    def start_application_mode(self) -> None:
        """Switch the terminal to the dashboard's modes; in the background, as after ``bg``, wait for the foreground."""
        self.repaints += 1
        self._watch_for_end()
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
        self.exit_event = InputEnd()
        if self.guard is not None:
            self.guard.taken()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # untyped in Textual
        self._report_resizes()
        self._taken = self._writer_thread is not None

    def run_input_thread(self) -> None:
        """Pass on the keys, on the input thread."""
        assert isinstance(self.exit_event, InputEnd)
        read_input(self.fileno, self.exit_event, self.process_message)

    def _report_resizes(self) -> None:
        """Report each new size in the event loop.

        Textual's handler reads the size when the signal arrives. A second signal can interrupt that handler, which then
        reports its older size last, and the dashboard would keep the older size.
        """
        loop = asyncio.get_running_loop()

        def report() -> None:
            if not self._in_band_window_resize:
                size = Size(*self._get_terminal_size())
                self._app.post_message(events.Resize(size, size))

        def on_signal(*_: object) -> None:
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(report)

        signal.signal(signal.SIGWINCH, on_signal)

    def _undo_start(self) -> None:
        """Restore the terminal after an incomplete start, and discard the thread that did not start."""
        self._output.skip_frames()
        self._taken = True
        self.give_back_at_once()
        self._taken = False
        if self._writer_thread is not None and not self._writer_thread.is_alive():
            self._writer_thread = None
        if self._key_thread is not None and not self._key_thread.is_alive():
            self._key_thread = None

    def stop_application_mode(self) -> None:
        """Restore the terminal."""
        self._output.skip_frames()
        super().stop_application_mode()

    def close(self) -> None:
        """End the writing thread, after at most `FINAL_WAIT` seconds if the terminal accepts no output."""
        super().close()
        if isinstance(self.exit_event, InputEnd):
            self.exit_event.close()
        if not self._output.stop():
            write_at_once(self.fileno, GIVE_BACK)
        self._taken = False  # not earlier: the restoring sequence was only queued, and the process may be killed
        if self.guard is not None:
            self.guard.given_back()

    def give_back_at_once(self) -> None:
        """Restore the terminal as far as possible without waiting, because the process is about to end."""
        if not self._taken:
            return
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        self._output.abandon()
        write_at_once(self.fileno, GIVE_BACK)

    def _restore_and_end_guard(self) -> None:
        """Restore the terminal and end its guard, right before the process ends."""
        self.give_back_at_once()
        if self.guard is not None:
            self.guard.given_back()
            self.guard.end()

    def _sigcont_application(self, *_: object) -> None:
        """Switch the terminal to the dashboard's modes again after SIGCONT: another process may have changed them.

        Textual's own handler would start the running threads a second time, and leave the terminal raw at the end.
        """
        if not self._auto_restart or self._resuming:
            return
        if not self._in_foreground():
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

    def _watch_for_end(self) -> None:
        """Watch for signals and a hang-up before the terminal is changed, so that it is restored at every end."""
        if self._ending is not None:
            return
        loop = asyncio.get_running_loop()

        def ask(status: int) -> None:
            with suppress(RuntimeError):  # the loop has ended already
                loop.call_soon_threadsafe(partial(self._app.exit, return_code=status))

        self._ending = Ending(ask, self._restore_and_end_guard)
        self._ending.watch_signals()
        self._ending.watch_terminal(self.fileno)

    def _in_foreground(self) -> bool:
        """Return whether this process is in the terminal's foreground."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return True

    def _repaint(self) -> None:
        """Send the whole screen again; may be called on any thread."""
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
    """The driver for terminals and locales that have only ASCII."""

    encoding: ClassVar[str | None] = "ascii"
