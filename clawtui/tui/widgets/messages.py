"""Messages to the operator: the line above the footer, and the history."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import Any, Final

from msgspec import Struct
from textual.app import App
from textual.notifications import SeverityLevel

from clawtui.model.text.cleaning import displayable
from clawtui.model.text.width import cell_width, wrap
from clawtui.tui.widgets.line import Line, Role, Span, fit, spread
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_view import LineView

_SECONDS: Final[dict[SeverityLevel, float]] = {"information": 2.0, "warning": 4.0, "error": 15.0}
"""Seconds for which a message is shown by default."""
_ROLES: Final[dict[SeverityLevel, Role]] = {"information": "plain", "warning": "warn", "error": "bad"}
_KEPT: Final = 200

READ_ONLY: Final = "Read-only: nothing is changed."
"""The answer to an act under `--read-only`."""


class StatusMessage(Struct, frozen=True, eq=False):
    """Message to the operator."""

    text: str
    """One or more lines."""
    severity: SeverityLevel
    at: datetime
    passing: bool
    """Whether it is trivial, and disappears after two seconds."""


class Messages:
    """The messages of an app. Each has a time to be shown; the newest whose time is not over is visible."""

    def __init__(self, app: App[Any], clock: Callable[[], datetime]) -> None:
        self._app = app
        self._clock = clock
        self._shown: list[StatusMessage] = []
        self.history: deque[StatusMessage] = deque(maxlen=_KEPT)
        """The last messages, the oldest first."""

    @property
    def shown(self) -> Sequence[StatusMessage]:
        """The messages whose time is not over, the newest last."""
        return self._shown

    def add(self, text: str, severity: SeverityLevel, seconds: float | None) -> None:
        """Show `text`, by default for the time of its severity. A text that is shown already is not added again."""
        if any(message.text == text for message in self._shown):
            return
        message = StatusMessage(text, severity, self._clock(), severity == "information" and seconds is None)
        self._shown.append(message)
        self.history.append(message)
        self._app.set_timer(_SECONDS[severity] if seconds is None else seconds, partial(self._expire, message))
        self._show()

    def dismiss(self) -> bool:
        """Remove the visible message; return whether it was more than a passing one, which any key removes."""
        shown, self._shown = self._shown, []
        self._show()
        return any(not message.passing for message in shown)

    def _expire(self, message: StatusMessage) -> None:
        if message in self._shown:
            self._shown.remove(message)
            self._show()

    def _show(self) -> None:
        for screen in self._app.screen_stack:
            for line in screen.query(MessageLine):
                line.show(self._shown)


class MessageLine(LineView, can_focus=False):
    """The line above the footer with the newest message; hidden if there is none."""

    def __init__(self) -> None:
        super().__init__(OneLine(self._line), id="message")
        self._messages: Sequence[StatusMessage] = ()

    def on_mount(self) -> None:
        """Show the message that the other screens show."""
        if messages := messages_of(self.app):
            self.show(messages.shown)

    def show(self, messages: Sequence[StatusMessage]) -> None:
        """Show the last of `messages`, and how many there are."""
        self._messages = tuple(messages)
        self.set_class(bool(messages), "shown")
        self.sync()

    def _line(self, width: int) -> Line:
        if not self._messages:
            return fit((), width)
        message = self._messages[-1]
        text = " · ".join(message.text.split("\n"))
        more = f" +{len(self._messages) - 1}" if len(self._messages) > 1 else ""
        whole = cell_width(text) + 20 < width
        hint: list[Span] = [
            Span(more, "dim"),
            Span("  I", "strong"),
            Span(" messages" if whole else " all", "dim"),
        ]
        hint += [Span("  Esc", "strong"), Span(" ")]
        mark = Span(" " if message.severity == "information" else " ! ", _ROLES[message.severity])
        return spread((mark, Span(text, _ROLES[message.severity])), tuple(hint), width)


def messages_of(app: App[Any]) -> Messages | None:
    """Return the messages of `app`; None if it has none."""
    messages = getattr(app, "messages", None)
    return messages if isinstance(messages, Messages) else None


def dismiss_message(app: App[Any]) -> bool:
    """Remove the visible message; return whether Esc should do nothing else."""
    messages = messages_of(app)
    return messages is not None and messages.dismiss()


def history_lines(messages: Messages, width: int, zone: tzinfo | None) -> Sequence[Line]:
    """Return the lines of a dialog with every message, the newest first."""
    if not messages.history:
        return ((Span("There was no message yet.", "dim"),),)
    return tuple(line for message in reversed(messages.history) for line in _wrapped(message, width, zone))


def _wrapped(message: StatusMessage, width: int, zone: tzinfo | None) -> Iterator[Line]:
    time = f"{message.at.astimezone(zone):%H:%M:%S}  "
    for line in message.text.split("\n"):
        for row in wrap(displayable(line), max(10, width - len(time))):
            yield Span(time, "dim"), Span(row, _ROLES[message.severity])
            time = " " * len(time)
