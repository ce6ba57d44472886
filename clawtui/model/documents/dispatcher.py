"""The dispatcher's configuration, ``config/dispatcher.json`` (design: Dispatcher Configuration)."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from clawtui.model.documents.base import Concurrency, Document, Email, Flag, LogLevel, Number, Timestamp, Version

DEFAULT_LOCK_TIMEOUT = timedelta(hours=4)
"""The age at which a lock expires without a dispatcher configuration (errata 8)."""


class Notifications(Document):
    """Which events the gateway reports, and to which channels."""

    on_start: Flag = False
    on_complete: Flag = True
    on_error: Flag = True
    channels: tuple[str, ...] = ("#cb-activity",)


class DispatcherConfig(Document):
    """The dispatcher's settings."""

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
        """The age at which a lock expires."""
        return timedelta(hours=self.lock_timeout_hours)
