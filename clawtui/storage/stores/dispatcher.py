"""The dispatcher's configuration, ``config/dispatcher.json`` (design: Dispatcher Configuration)."""

from __future__ import annotations

from datetime import datetime, timedelta

from clawtui.files.fs.atomic import ANY, Expected
from clawtui.files.json5.document import read_document
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.fleet import Reading, lock_timeout_of
from clawtui.storage.paths import DISPATCHER_FILE, StatePaths
from clawtui.storage.stores.saving import save_document


class DispatcherStore:
    """Reads and saves the one configuration that the dispatcher has."""

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def load(self) -> Reading[DispatcherConfig] | None:
        """The configuration, problem and all; None where there is none."""
        return read_document(self._paths.automations, DISPATCHER_FILE, DispatcherConfig)

    def lock_timeout(self) -> timedelta | None:
        """Return how old a lock may get before it may be taken back; None where the configuration cannot be read."""
        return lock_timeout_of(self.load())

    def save(
        self, config: DispatcherConfig, now: datetime, by: str | None = None, expected: Expected = ANY
    ) -> Reading[DispatcherConfig]:
        """Saves it as last modified at ``now``, and ``by`` that mail address; without one nobody is named any more.

        Raises Invalid where the schema forbids it, Changed where ``expected`` is not what is there, Refused.
        """
        changed = config.model_copy(update={"last_modified": now, "last_modified_by": by})
        return save_document(self._paths.automations, DISPATCHER_FILE, changed, now, expected=expected)
