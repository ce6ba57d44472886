"""Parts of the screen that fail alone: each says so in its place, and the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual.message import Message
from textual.message_pump import MessagePump

from clawtui.tui.widgets.line import Line, Span


class ErrorBoundary(MessagePump):
    """For a widget: what goes wrong while it handles a message ends nothing but that.

    Textual ends the whole app, and the widget handles no message ever after.
    """

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001  whatever is wrong with one part, the rest is to be seen
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Shows the failure in place of what it shows, and has it reported."""
        self.post_message(PartFailed(self, error).set_sender(self))

    def recover(self) -> None:
        """Forgets the failure, and tries again."""

    def tell_report(self, place: str) -> None:
        """Shows where the report of the failure is."""


class PartFailed(Message):
    """A part of the screen failed; that is to be reported."""

    def __init__(self, part: ErrorBoundary, error: Exception) -> None:
        super().__init__()
        self.part = part
        self.error = error


@contextmanager
def failing_alone(part: ErrorBoundary, *, anew: bool = False) -> Iterator[None]:
    """What goes wrong in the ``with`` is the part's own failure; ``anew``: what failed before is tried again."""
    if anew:
        part.recover()
    try:
        yield
    except Exception as error:  # noqa: BLE001  whatever is wrong with one part, the rest is to be seen
        part.fail(error)


def failure_lines(error: Exception, report: str) -> tuple[Line, ...]:
    """What a part that failed shows; ``report`` is where more is told, once that is known."""
    told: tuple[Line, ...] = ((Span(f"  Report: {report}", "dim"),),) if report else ()
    return (
        (Span(" ! failed: ", "bad"), Span(f"{type(error).__name__}: {error}")),
        (Span("  The rest goes on. R tries again.", "dim"),),
        *told,
    )
