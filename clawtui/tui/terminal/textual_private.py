"""The private names of Textual that the dashboard needs outside drivers and screens, each behind one adapter.

A new Textual may change any of them without notice: `tests/tui/terminal/test_textual_private.py` fails where it has.
"""

from __future__ import annotations

from abc import abstractmethod

from textual.message import Message
from textual.message_pump import MessagePump


class MessageBoundary(MessagePump):
    """Keep an error in a message handler of a widget from ending the app.

    Textual ends the app at such an error, and the widget handles no more messages.
    """

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)
        except Exception as error:  # noqa: BLE001  an error in one widget must leave the others usable
            self.fail(error)

    @abstractmethod
    def fail(self, error: Exception) -> None:
        """Show `error` in place of the widget's content, and have it reported."""
