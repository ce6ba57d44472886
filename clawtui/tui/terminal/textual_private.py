"""The private names of Textual that the dashboard needs outside drivers and screens, each behind one adapter.

A new Textual may change any of them without notice, so `pyproject.toml` allows one minor version, and
`tests/tui/terminal/test_textual_private.py` fails if a name that is used here was changed or removed.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from functools import lru_cache, wraps
from typing import Any, Final

from rich.text import Text
from textual import events
from textual._styles_cache import StylesCache
from textual.app import App
from textual.binding import Binding
from textual.color import Color
from textual.dom import DOMNode
from textual.filter import LineFilter, Monochrome, NoColor
from textual.geometry import Region
from textual.message import Message
from textual.message_pump import MessagePump
from textual.style import Style
from textual.theme import Theme
from textual.widget import Widget

KEY_DEADLINE: Final = 3.0
"""The longest time in seconds that a key waits until the previous one has been handled."""


class MessageBoundary(MessagePump):
    """Mixin that catches an error in a message handler of a widget.

    Without it, Textual ends the app at such an error, and the widget handles no more messages.
    """

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001  an error in one widget must leave the others usable
            self.fail(error)

    @abstractmethod
    def fail(self, error: Exception) -> None:
        """Show `error` in place of the widget's content, and report it."""


class KeyOrder(App[None], inherit_bindings=False):
    """App that handles one key completely before the next one.

    Textual puts a key in the queue of the widget that has the focus when the key arrives. From there it bubbles through
    the queues of the widget's ancestors to the app, which looks for its binding. When several keys arrive together, as
    over a slow connection, a character would be handled before an earlier Backspace, and a key after Enter would be
    typed into the input that Enter has just closed.
    """

    _current: events.Key | None = None
    """The key that is being handled."""

    key_unpainted = False
    """Whether a key has been pressed since the last frame, or was still being handled then."""

    _bubbled = False
    """Whether the current key has bubbled to the app, so that no widget has stopped it."""

    def post_message(self, message: Message) -> bool:
        """Put `message` in the queue, unless it is the current key, which `on_event` handles before the queued ones."""
        if message is not self._current:
            return super().post_message(message)
        self._bubbled = True
        return True

    async def on_event(self, event: events.Event) -> None:
        """Handle an event; after a key, wait until every widget has finished with it."""
        if not isinstance(event, events.Key) or event.is_forwarded or not self.screen_stack:
            await super().on_event(event)
            return
        # A key proves that the terminal has the focus. Textual returns the focus to a widget when it handles the
        # first key after a loss, as after each start in a browser: this widget, not the screen, has the key then.
        self.app_focus = self.key_unpainted = True
        target = self.focused or self.screen
        self._current, self._bubbled = event, False
        await super().on_event(event)
        await _wait_for_queues(target, lambda: self._bubbled)
        self._current = None
        if self._bubbled:
            await App._on_key(self, event)
        self.key_unpainted = True


async def _wait_for_queues(target: DOMNode, done: Callable[[], bool]) -> None:
    """Wait until `target` and its ancestors have handled what is in their queues, or `done()`.

    Give up after `KEY_DEADLINE`, because a widget may be busy.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(KEY_DEADLINE):
            for node in target.ancestors_with_self:
                handled = asyncio.Event()
                if isinstance(node, App) or done() or not node.call_later(handled.set):
                    return
                await handled.wait()


class FailureBoundary(App[None], inherit_bindings=False):
    """App that ends with its own text, not with Textual's traceback, at an error that is not handled elsewhere.

    In a test, without a terminal, the error is raised in the test.
    """

    def _handle_exception(self, error: Exception) -> None:
        if self.is_headless:
            super()._handle_exception(error)
        elif not self._exit:  # errors of partly removed widgets at the end of the app are ignored
            self._return_code = 1
            self._exit_renderables.append(self.failure_text(error))
            self._close_messages_no_wait()

    @abstractmethod
    def failure_text(self, error: Exception) -> Text:
        """Return the text that the operator reads after the app has ended because of `error`."""


def raise_in_test(app: App[Any], error: Exception) -> None:
    """End `app`, which runs in a test, with `error`, which the test then raises."""
    App._handle_exception(app, error)


def write_to_terminal(app: App[Any], sequence: str) -> None:
    """Send an escape sequence to the terminal of `app` at once, if there is one."""
    driver = app._driver
    if driver is not None:
        driver.write(sequence)
        driver.flush()


def repaint(widget: Widget, regions: Collection[Region]) -> None:
    """Paint the `regions` of `widget` with the next frame; its size and styles must be unchanged.

    `Widget.refresh` sends three messages for each widget, and discards sizes and styles that it has cached.
    """
    if not widget._is_mounted or not widget.is_attached:
        widget.refresh(*regions)
    elif regions and widget.display:
        widget._set_dirty(*regions)
        widget.screen._dirty_widgets.add(widget)
        widget.screen.check_idle()


def bindings_of(app: App[Any], node: DOMNode) -> Iterable[Binding]:
    """Return the bindings of `node`, with the keys of the operator's settings."""
    bindings = node._bindings.copy()
    bindings.apply_keymap(app._keymap)
    return [binding for _, binding in bindings]


def use_colours(app: App[Any], *, colours: bool) -> None:
    """Draw `app` with colours or without.

    Textual reads ``NO_COLOR`` once at its start, and converts the colours of a theme to greys.
    """
    app.no_color = not colours
    kept: list[LineFilter] = [each for each in app._filters if not isinstance(each, NoColor | Monochrome)]
    app._filters = kept if colours else [*kept, NoColor()]


def set_theme(app: App[Any], theme: Theme) -> None:
    """Draw `app` in the registered `theme`.

    Textual parses the style sheet and styles every widget again after each change of the theme. Before the app runs
    this is not necessary, because each widget is styled when it is mounted.
    """
    if app.is_running:
        app.theme = theme.name
        return
    app.set_reactive(App.theme, theme.name)
    others = {name: False for name in app.classes if name.startswith("-theme-")}
    modes = {"-dark-mode": theme.dark, "-light-mode": not theme.dark}
    app.update_classes({**others, **modes, f"-theme-{theme.name}": True}, update=False)
    app._refresh_truecolor_filter(app.ansi_theme)


_uncached_inner_outer = StylesCache.get_inner_outer.__wrapped__


@lru_cache(1024)
def _inner_and_outer(base_background: Color, background: Color) -> tuple[Style, Style]:
    return _uncached_inner_outer(StylesCache, base_background, background)


@wraps(_uncached_inner_outer)
def _get_inner_outer(_: StylesCache, base_background: Color, background: Color) -> tuple[Style, Style]:
    return _inner_and_outer(base_background, background)


def free_removed_widgets() -> None:
    """Have Textual keep the background colours of widgets by the colours alone.

    In Textual's own cache the key contains the widget's lines as well, so that the lines of the last 1,024 widgets are
    kept after these were removed: a third of a megabyte for each dialog that was opened.
    """
    setattr(StylesCache, "get_inner_outer", _get_inner_outer)  # noqa: B010  mypy accepts no other method
