"""The dispatcher's configuration, ``config/dispatcher.json`` (design: Dispatcher Configuration)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from clawtui.model.documents.base import Concurrency, Document, Email, Flag, LogLevel, Number, Timestamp, Version

DEFAULT_LOCK_TIMEOUT = timedelta(hours=4)
"""After this a lock has expired where no dispatcher configuration says otherwise (errata 8)."""


class Notifications(Document):
    """What the gateway reports, and where."""

    on_start: Flag = False
    on_complete: Flag = True
    on_error: Flag = True
    channels: tuple[str, ...] = ("#cb-activity",)


class DispatcherConfig(Document):
    """How the dispatcher hands out work."""

    version: Version = 1
    max_concurrent: Concurrency = 3
    lock_timeout_hours: Annotated[Number, Field(ge=1, le=24)] = 4
    enabled: Flag = True
    log_level: LogLevel = "info"
    notifications: Notifications
    last_modified: Timestamp
    last_modified_by: Email | None = None

    @property
    def lock_timeout(self) -> timedelta:
        """How old a lock may get before the gateway takes it back."""
        return timedelta(hours=self.lock_timeout_hours)
