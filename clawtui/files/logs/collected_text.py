"""Lines of several logs, collected in a file without a name, to be read by position like one log."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from clawtui.files.fs.reading import reason_of
from clawtui.files.logs.log_data import Descriptor, LogData
from clawtui.model.errors import Unwritable

MOST_BYTES: Final = 16 * 1024 * 1024
"""Bytes above which the older half of the lines is left out."""


class CollectedText:
    """A log that grows by lines that are appended here; one thread appends while others look."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._data = LogData(_new_file())

    @property
    def known(self) -> LogData:
        """The lines so far."""
        return self._data

    def look(self, now: float | None = None) -> LogData:
        """Return the lines so far."""
        return self._data

    def close(self) -> None:
        """Remove the lines."""
        self._data = LogData(beginning=self._data.beginning + 1)

    def append(self, lines: Sequence[bytes]) -> list[int]:
        """Append lines without newlines; return where each starts. Raises Unwritable."""
        starts, at = [], self._data.size
        for line in lines:
            starts.append(at)
            at += len(line) + 1
        if self._data.descriptor is not None:
            _write(self._data.descriptor, b"".join([line + b"\n" for line in lines]), self._data.size)
            self._data = replace(self._data, size=at, end=at)
        return starts

    def cut(self) -> int:
        """Leave out the older half of the lines if they are too many; return how many bytes. Raises Unwritable."""
        data = self._data
        if data.size <= self._most:
            return 0
        newline = data.newline_from(data.size // 2)
        start = data.size if newline is None else newline + 1
        rest = _new_file()
        _write(rest, data.read_bytes(start, data.size), 0)
        size = data.size - start
        self._data = LogData(rest, size, size, beginning=data.beginning + 1)
        return start


def _new_file() -> Descriptor:
    try:
        with tempfile.TemporaryFile() as file:
            return Descriptor(os.dup(file.fileno()))
    except OSError as error:
        raise Unwritable(reason_of(error), tempfile.gettempdir()) from error


def _write(target: Descriptor, text: bytes, at: int) -> None:
    """Write at an offset: looking for data in the file moves its position."""
    try:
        while text:
            written = os.pwrite(target.number, text, at)
            text, at = text[written:], at + written
    except OSError as error:
        raise Unwritable(reason_of(error), tempfile.gettempdir()) from error
