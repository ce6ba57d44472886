"""Reading a log on from where one has come to, however much is appended and whatever becomes of the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from clawtui.storage.errors import Unreadable
from clawtui.storage.files import open_regular, reason_of
from clawtui.storage.lines import LineSplitter, blocks, decode
from clawtui.storage.log_identity import is_same_log

_TRACE = 256
"""Bytes before the offset that are compared each time: a log rewritten in place is noticed whatever its size."""


class LogStream:
    """Every complete line of one log, once, from its first on. Close it when nobody reads any more."""

    def __init__(self, base: Path, relative: str) -> None:
        self._base = base
        self._relative = relative
        self._descriptor: int | None = None
        self._offset = 0
        self._trace = b""
        self._splitter = LineSplitter()

    def read(self) -> Iterator[str]:
        """The lines that came since the last time, in constant memory; of a log that was replaced, all of them.

        A log that is not there has none. Raises Unreadable, Refused.
        """
        if self._descriptor is not None and not self._is_same_log(self._descriptor):
            self.close()
        if self._descriptor is None:
            try:
                self._descriptor = open_regular(self._base, self._relative)
            except FileNotFoundError:
                return
            except Unreadable as error:
                raise Unreadable(f"{self._relative} {error}") from error
        try:
            for block in blocks(self._descriptor, self._offset):
                self._offset += len(block)
                self._trace = (self._trace + block)[-_TRACE:]
                yield from map(decode, self._splitter.feed(block))
        except OSError as error:
            raise Unreadable(f"{self._relative} {reason_of(error)}") from error

    def close(self) -> None:
        """Lets go of the log; a later ``read`` begins it anew."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._offset = 0
            self._trace = b""
            self._splitter = LineSplitter()

    def _is_same_log(self, descriptor: int) -> bool:
        return is_same_log(self._base / self._relative, descriptor, self._offset, self._trace)
