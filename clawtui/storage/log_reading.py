"""Reading one log line by line, in constant memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from clawtui.model.log_entry import AnyEntry, LogLine, RunLogEntry, parse_log_line
from clawtui.storage.errors import StorageError
from clawtui.storage.files import open_regular, reason_of
from clawtui.storage.lines import complete_lines, decode, start_of_last


def read_log(
    base: Path, relative: str, kind: type[AnyEntry] = RunLogEntry, last: int | None = None, about: str = ""
) -> Iterator[LogLine]:
    """The lines of a log, or of its last ``last``, that hold the text ``about``; none where there is no such log.

    Empty lines are passed over, and an unfinished last line too (errata 12). A log that cannot be read is one line
    without text that says why.
    """
    try:
        log = open_regular(base, relative)
    except FileNotFoundError:
        return
    except StorageError as error:
        yield LogLine("", None, f"{relative} {error}")
        return
    wanted = about.encode()
    try:
        start, held = (0, b"") if last is None else start_of_last(log, last, os.fstat(log).st_size)
        for line in complete_lines(log, start, held=held):
            if wanted in line and not line.isspace() and line:
                yield parse_log_line(decode(line), kind)
    except OSError as error:
        yield LogLine("", None, f"{relative} {reason_of(error)}")
    finally:
        os.close(log)
