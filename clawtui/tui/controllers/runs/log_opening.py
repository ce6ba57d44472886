"""The opening of logs for the log pane: files of this host, or pages from the host of the root."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from clawtui.live.source import Source

if TYPE_CHECKING:
    from clawtui.tui.panes.log.reader import LogReader, OpenLog


def log_opener(base: Path, source: Source | None) -> OpenLog:
    """Return the function that opens logs below ``base``.

    ``source`` is that of a root on another host, which has only the ends of its logs in files here; None for a root on
    this host.
    """

    def open_one(paths: tuple[str, ...], news: Callable[[], None]) -> LogReader:
        if source is not None:
            from clawtui.remote.client.source import RemoteSource

            reader = source.open_log(paths, news) if isinstance(source, RemoteSource) else None
            if reader is not None:
                return reader
        from clawtui.files.log_view.reader import open_log

        return open_log(base, paths, news)

    return open_one
