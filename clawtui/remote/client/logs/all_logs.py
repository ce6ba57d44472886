"""All logs on another host as one, which its agent merges, with the origin of each line that is known here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Final

from clawtui.model.search.log_results import Origin
from clawtui.model.text.cleaning import clean
from clawtui.remote.client.logs.known_lines import MAX_KNOWN, KnownLines
from clawtui.remote.client.logs.known_log import KnownLog
from clawtui.remote.client.logs.reader import RemoteLogReader
from clawtui.remote.messages.log_parts import origins_of
from clawtui.remote.messages.logs import LogPage, LogRequests, OpenAllLogs

_ORIGIN: Final = 1000
"""Bytes that a line and its origin take besides the text of the line."""
_MOST_ORIGINS: Final = 2 * MAX_KNOWN // _ORIGIN


class KnownAllLogs(KnownLog):
    """The answers about the merged logs. A new connection merges them again, so that their lines are elsewhere then."""

    keeps_offsets: ClassVar[bool] = False

    def __init__(self) -> None:
        self.origins: dict[int, Origin] = {}
        """The origins of the lines that are known, by the offset of each."""
        super().__init__(KnownLines(per_line=_ORIGIN))

    def forget(self) -> None:
        """Forget all answers but the state."""
        self.origins = {}
        super().forget()

    def take_page(self, page: LogPage) -> None:
        """Take lines with their origins. Raises BadMessage where these do not fit together."""
        origins = origins_of(page.origins, len(page.lines)) if page.origins is not None else []
        super().take_page(page)
        for (start, _, _), origin in zip(page.lines, origins, strict=False):
            if origin is not None:
                self.origins[start] = origin
        if len(self.origins) > _MOST_ORIGINS:
            known = set(self.lines.starts())
            self.origins = {start: origin for start, origin in self.origins.items() if start in known}


class RemoteAllLogs:
    """The merged logs of the dispatcher and of all runs since an instant."""

    def __init__(
        self,
        id: int,
        since: datetime,
        post: Callable[[LogRequests], None],
        news: Callable[[], None],
        release: Callable[[int], None],
    ) -> None:
        """Prepare to read the logs since ``since``; the rest is as for `RemoteLogReader`."""
        self._known = KnownAllLogs()
        self.reader = RemoteLogReader(OpenAllLogs(id=id, since=since), post, news, release, self._known)
        """The reader of their lines."""

    def origin_of(self, start: int) -> Origin | None:
        """Return the origin of the line at an offset; None where it is not known here."""
        return self._known.origins.get(start)

    @property
    def is_read(self) -> bool:
        """Whether the logs were read there once."""
        return self._known.state is not None

    @property
    def left_out(self) -> int:
        """The number of logs that are too large to be read from the instant on."""
        state = self._known.state
        return 0 if state is None else state.left_out or 0

    @property
    def unread(self) -> str | None:
        """Why a log cannot be read; None if all can."""
        state = self._known.state
        return None if state is None or state.unread is None else clean(state.unread)
