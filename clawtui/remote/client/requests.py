"""The requests of other threads to the thread of a source, which waits for them and for what it reads."""

from __future__ import annotations

import os
import selectors
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal

from clawtui.remote.messages.feed import ToAgent

Request = Literal["follow", "rescan"]


class Requests:
    """The requests that were not answered yet, with a pipe that ends a wait."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        """Also for the pipes of ssh."""
        self._pending: set[Request] = set()
        self._messages: list[ToAgent] = []
        self._lock = threading.Lock()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)
        self.selector.register(self._read, selectors.EVENT_READ)

    def add(self, request: Request) -> None:
        """Add a request, from any thread."""
        with self._lock:
            self._pending.add(request)
        self.wake()

    def post(self, message: ToAgent) -> None:
        """Add a message for the agent, from any thread; `take_messages` returns it."""
        with self._lock:
            self._messages.append(message)
        self.wake()

    def take_messages(self) -> Sequence[ToAgent]:
        """Return the messages that were added since the last call, in their order."""
        with self._lock:
            messages, self._messages = self._messages, []
            return messages

    def wake(self) -> None:
        """End the wait that is under way, or the next one."""
        with self._lock, suppress(BlockingIOError):  # a full pipe wakes too
            if self._write >= 0:
                os.write(self._write, b"x")

    def take(self) -> set[Request]:
        """Return the pending requests, which are pending no longer."""
        with self._lock:
            pending, self._pending = self._pending, set()
            return pending

    def has(self, request: Request) -> bool:
        """Return whether a request is pending."""
        return request in self._pending

    def wait(self, seconds: float) -> None:
        """Wait until a pipe can be read, a request comes, or the time is over."""
        for key, _ in self.selector.select(seconds):
            if key.fileobj == self._read:
                with suppress(BlockingIOError):
                    os.read(self._read, 4096)

    def close(self) -> None:
        """Close the pipe; later calls of `add` and `wake` do nothing."""
        with self._lock:
            write, self._write = self._write, -1
        os.close(write)
        os.close(self._read)
        self.selector.close()
