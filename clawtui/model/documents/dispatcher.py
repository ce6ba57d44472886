"""The dispatcher's configuration, ``config/dispatcher.json`` (design: Dispatcher Configuration)."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta

from clawtui.model.checked.field_types import Concurrency, Email, Flag, IsNumber, Timestamp, Version
from clawtui.model.checked.markers import Bounds, Known
from clawtui.model.documents.base import AnyLogLevel, Document
from clawtui.model.documents.fields import ReadByField

_MAX_HOURS = 24
_within = Meta(ge=1, le=_MAX_HOURS)
_Hours = Annotated[Annotated[int, _within] | Annotated[float, _within], IsNumber, Bounds(ge=1, le=_MAX_HOURS)]

DEFAULT_LOCK_TIMEOUT = timedelta(hours=4)
"""The age at which a lock expires without a dispatcher configuration (errata 8)."""


class Notifications(Document):
    """Which events the gateway reports, and to which channels."""

    on_start: Known[Flag] = False
    on_complete: Known[Flag] = True
    on_error: Known[Flag] = True
    channels: tuple[str, ...] = ("#cb-activity",)


class DispatcherConfig(ReadByField):
    """The dispatcher's settings."""

    version: Version = 1
    max_concurrent: Known[Concurrency] = 3
    lock_timeout_hours: Known[_Hours] = 4
    enabled: Known[Flag] = True
    log_level: AnyLogLevel = "info"
    notifications: Notifications
    last_modified: Known[Timestamp]
    last_modified_by: Email | None = None

    @property
    def lock_timeout(self) -> timedelta | None:
        """The age at which a lock expires; None if the file has none that the design allows."""
        hours = self.lock_timeout_hours
        return timedelta(hours=hours) if hours is not None and 1 <= hours <= _MAX_HOURS else None
