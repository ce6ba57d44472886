"""Frames: an app that sends only changed cells, and screens that wait until the terminal has accepted a frame."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, thread_time
from typing import Any, Final

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.screen import Screen

from clawtui.tui.terminal.driver import ClawtuiDriver
from clawtui.tui.terminal.screen_buffer import PartialCompositor, ScreenBuffer
from clawtui.tui.terminal.textual_private import KeyOrder

_FRAME: Final = 1 / 60
"""The shortest time in seconds between two frames during continuous changes."""
_LONGEST: Final = 0.05
"""The longest time in seconds between two frames."""
_SHARE: Final = 4
"""The pause after a frame is at least this many times its CPU time, so that keys need not wait for frames."""

_ONE_WRITE: Final = 1024
"""Largest number of characters that are sent without the sequences of a synchronized update."""


REDRAW_KEY: Final = Binding(
    "ctrl+l",
    "app.command('redraw')",
    "redraw",
    show=False,
    tooltip="paint the whole screen again",
    id="general.redraw",
    priority=True,
)
"""The key that redraws the screen after another program has written to the terminal. It also works in dialogs."""


class Frames:
    """The frames of an app: only the cells that differ from what the terminal shows are sent.

    All screens and dialogs use it. Textual itself sends whole lines of each repainted widget, and the whole screen
    after a layout.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._buffer = ScreenBuffer()
        self._resizes = 0
        self._known: tuple[Driver, int, int] | None = None
        """The driver of the last frame, and at that time the numbers of its repaints and of resizes."""

    def redraw(self) -> None:
        """Send the whole screen, because the terminal may show other content."""
        self._buffer.forget()
        self._app.refresh(layout=True)

    def resized(self) -> None:
        """Send the whole screen with the next frame, even if the size has become the same again."""
        self._resizes += 1
        self._app.refresh(layout=True)

    def send(self, driver: Driver, screen: Screen[Any], update: LayoutUpdate | ChopsUpdate) -> None:
        """Send the changes of `update`; for a large frame as a synchronized update, so that no half of it is drawn."""
        frame = self._frame(driver, screen, update)
        if not frame:
            return
        bracketed = len(frame) > _ONE_WRITE
        if bracketed:
            self._app._begin_update()
        driver.write(frame)
        if bracketed:
            self._app._end_update()
        driver.flush()

    def _frame(self, driver: Driver, screen: Screen[Any], update: LayoutUpdate | ChopsUpdate) -> str:
        """Return the sequence of a frame; of the whole screen if any cell of the terminal is unknown."""
        app, compositor = self._app, screen._compositor
        # A terminal moves its content when its size changes, even if the old size is restored before the next frame.
        known = (driver, driver.repaints if isinstance(driver, ClawtuiDriver) else 0, self._resizes)
        if known != self._known:
            self._known = known
            self._buffer.forget()
        if isinstance(update, ChopsUpdate) and not (self._buffer.whole and compositor.size == self._buffer.size):
            whole = compositor.render_update(full=True, screen_stack=app._background_screens)
            assert isinstance(whole, LayoutUpdate)
            update = whole
        # The hidden cursor matters only where text is typed, because an input method shows its window there.
        typed = getattr(screen.focused, "cursor_screen_offset", None)
        cursor = None if typed is None else (typed.y, typed.x)
        return self._buffer.frame(update, compositor.size, app.console._color_system or ColorSystem.TRUECOLOR, cursor)


class BufferedApp(App[None], inherit_bindings=False):
    """App whose frames are sent by `Frames`."""

    frames: Frames | None = None

    def on_resize(self) -> None:
        """Send the whole screen: the terminal may have moved its content, even if Textual sees the same size."""
        if self.frames is not None:
            self.frames.resized()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        if driver is None or self.is_headless or not isinstance(renderable, LayoutUpdate | ChopsUpdate):
            super()._display(screen, renderable)
        elif self._running and not self._closed and not self._batch_count:
            self.frames = self.frames or Frames(self)
            try:
                self.frames.send(driver, screen, renderable)
            except Exception as error:  # noqa: BLE001  as Textual does
                self._handle_exception(error)
            finally:
                self.post_display_hook()


def redraw(app: BufferedApp) -> None:
    """Send the whole screen of `app` again, because another program has written to the terminal."""
    if app.frames is not None:
        app.frames.redraw()


class PacedScreen(Screen[None], inherit_bindings=False):
    """Screen that makes a frame only after the terminal has accepted the last one.

    A slow connection gets fewer frames, each with the newest state, instead of a queue of old ones.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._compositor = PartialCompositor()
        self.painted_at = self.took = 0.0
        """When the last frame was made, and the CPU time that it took, in seconds."""
        self._resumed = False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Do not style the widgets again at the first resume: each one was styled when it was mounted."""
        if not self._resumed:
            self._resumed = True
            event.refresh_styles = False

    async def _on_idle(self, event: events.Idle) -> None:
        """Paint the first change after a pause, and that of a key, at once. Textual would wait for its timer."""
        if self._dirty_widgets and self.is_current and _may_paint(self):
            self._on_timer_update()

    def _compositor_refresh(self) -> None:
        """Paint the changes; if the app holds back its frames, do so later, because this frame would be lost."""
        app = self.app
        if app._batch_count:
            return
        if isinstance(app, BufferedApp) and app.frames is None:  # the first frame has the whole screen
            self._compositor.update_widgets({self})
        began = thread_time()
        super()._compositor_refresh()
        self.painted_at, self.took = monotonic(), thread_time() - began
        if isinstance(app, KeyOrder):
            app.key_unpainted = False

    def _on_timer_update(self) -> None:
        driver = self.app._driver
        # If the output is not accepted yet, or the next frame is not due, the timer tries again after 1/60 s.
        if isinstance(driver, ClawtuiDriver) and driver.draining:
            return
        if self._layout_required or not self._dirty_widgets or _may_paint(self):
            super()._on_timer_update()


def _may_paint(screen: PacedScreen) -> bool:
    """Return whether the next frame is due; after a key it is due after half of the usual pause."""
    app = screen.app
    of_key = isinstance(app, KeyOrder) and app.key_unpainted
    pause = screen.took if of_key else min(_LONGEST, max(_FRAME, _SHARE * screen.took))
    return monotonic() - screen.painted_at >= pause


LONGEST_TICK: Final = 4
"""Longest time between two ticks, in seconds: most ages and countdowns are in minutes."""


class TickRate:
    """Rate of ticks: one per second while they change a text with seconds, otherwise down to one in `LONGEST_TICK`."""

    def __init__(self) -> None:
        self._every = 1
        self._passed = 0

    def pass_second(self, tick: Callable[[], bool]) -> None:
        """Call `tick` if it is due; it returns whether a text that shows seconds has changed."""
        self._passed += 1
        if self._passed >= self._every:
            self._passed = 0
            self._every = 1 if tick() else min(2 * self._every, LONGEST_TICK)

    def reset(self) -> None:
        """Tick once per second again, because after other changes an age may be in seconds."""
        self._every = 1
