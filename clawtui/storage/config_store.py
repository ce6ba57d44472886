"""The automations' configurations, ``config/<type>/<id>.json`` (design: Configuration Store)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from clawtui.model.automation import MAX_HISTORY, AutomationConfig, RunResult
from clawtui.model.base import Problem
from clawtui.model.fleet import Automation
from clawtui.model.names import is_plain_component
from clawtui.model.text import clean
from clawtui.storage.atomic import ANY, Expected, remove
from clawtui.storage.dialect import JSON5
from clawtui.storage.document import read_document
from clawtui.storage.errors import NoSuch, Refused, StorageError
from clawtui.storage.files import EntryKind, list_directory
from clawtui.storage.misplaced import closed_directories
from clawtui.storage.paths import CONFIG, StatePaths
from clawtui.storage.saving import change_document, save_document

SUFFIX = ".json"


class AutomationConfigStore:
    """Lists, reads and changes the automations; each file stands alone, a bad one hides no other (errata 11)."""

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    @property
    def _base(self) -> Path:
        return self._paths.automations

    def list(self) -> tuple[Automation, ...]:
        """All automations by type and id; those that cannot be read come with their problem.

        Raises Unreadable where not even ``config/`` can be looked into.
        """
        found = (self._find(type_, id_) for type_ in self._types() for id_ in self._ids(type_))
        return tuple(automation for automation in found if automation is not None)

    def problems(self) -> tuple[Problem, ...]:
        """Everything that keeps an automation from being read: files, and directories that cannot be listed."""
        files = [automation.config.problem for automation in self.list()]
        return (*filter(None, files), *self.closed_directories())

    def closed_directories(self) -> Iterator[Problem]:
        """What stands in a type's place and hides its automations. Raises Unreadable as ``list`` does."""
        return (closed for closed in closed_directories(self._base, CONFIG) if not closed.path.endswith(SUFFIX))

    def get(self, id: str) -> Automation | None:
        """The automation whose file bears the name ``id``, whatever its type. Raises Refused for a path as an id."""
        if not is_plain_component(id):
            raise Refused(f"“{id}” cannot be an id: it is no plain name")
        for type_ in self._types():
            automation = self._find(type_, id)
            if automation is not None:
                return automation
        return None

    def save(self, config: AutomationConfig, now: datetime, expected: Expected = ANY) -> Automation:
        """Creates the automation or changes its file, ``modified`` being ``now``.

        What the file says beyond the design survives, keys and comments. Raises Refused for names that are no plain
        ones or an id that another type has, Invalid where the schema forbids it, Changed where ``expected`` is not
        what is there.
        """
        self.require_own_names(config)
        path = _path_of(config.type, config.id)
        changed = config.model_copy(update={"modified": now})
        reading = save_document(self._base, path, changed, now, expected=expected, fresh=JSON5)
        return Automation(config.type, config.id, reading)

    def delete(self, id: str, expected: Expected = ANY) -> None:
        """Removes the automation's file. Raises NoSuch, Refused, and Changed where it is not the ``expected`` one."""
        remove(self._base, self._existing(id).config.path, expected)

    def update_last_run(
        self, id: str, result: RunResult, now: datetime, next_run: datetime | None = None
    ) -> Automation:
        """Records how a run ended: as the last one, and first in the history of 100; ``next_run`` where it is known.

        Raises NoSuch, Invalid where the configuration cannot be read, Refused.
        """

        def record(config: AutomationConfig) -> AutomationConfig:
            history = (result, *config.run_history)[:MAX_HISTORY]
            update: dict[str, object] = {"last_run": result, "run_history": history, "modified": now}
            return config.model_copy(update=update | ({"next_run": next_run} if next_run else {}))

        return self._change(id, record, now)

    def set_enabled(self, id: str, enabled: bool, now: datetime) -> Automation:
        """Enables or disables it; one that is so already is left untouched. Raises as ``update_last_run`` does."""

        def switch(config: AutomationConfig) -> AutomationConfig | None:
            return (
                None if config.enabled == enabled else config.model_copy(update={"enabled": enabled, "modified": now})
            )

        return self._change(id, switch, now)

    def require_own_names(self, config: AutomationConfig) -> None:
        """Raises Refused for a type that is no plain directory's name (errata 21), or an id that another type has.

        The gateway passes over directories that end in ``.json``. A name that a terminal cannot show as it is, with a
        newline in it or what turns the line around, is one that nobody could name again.
        """
        shown = clean(config.type)
        if not is_plain_component(config.type) or config.type.endswith(SUFFIX) or shown != config.type:
            raise Refused(f"“{shown}” cannot be a type: it is no plain name of a directory")
        existing = self.get(config.id)
        if existing is not None and existing.type != config.type:
            raise Refused(f"“{config.id}” is an automation of type “{existing.type}”; ids are used once over all types")

    def _change(
        self, id: str, change: Callable[[AutomationConfig], AutomationConfig | None], now: datetime
    ) -> Automation:
        found = self._existing(id)
        reading = change_document(self._base, found.config.path, AutomationConfig, change, now)
        return Automation(found.type, found.id, reading)

    def _existing(self, id: str) -> Automation:
        automation = self.get(id)
        if automation is None:
            raise NoSuch(f"there is no automation “{id}”")
        return automation

    def _types(self) -> Iterator[str]:
        return (name for name, kind in self._entries() if kind == "directory" and not name.endswith(SUFFIX))

    def _entries(self) -> tuple[tuple[str, EntryKind], ...]:
        try:
            return list_directory(self._base, CONFIG)
        except FileNotFoundError:
            return ()

    def _ids(self, type_: str) -> Iterator[str]:
        try:
            entries = list_directory(self._base, f"{CONFIG}/{type_}")
        except (FileNotFoundError, StorageError):
            return iter(())
        return (name.removesuffix(SUFFIX) for name, kind in entries if name.endswith(SUFFIX) and kind != "directory")

    def _find(self, type_: str, id_: str) -> Automation | None:
        reading = read_document(self._base, _path_of(type_, id_), AutomationConfig)
        return None if reading is None else Automation(type_, id_, reading)


def _path_of(type_: str, id_: str) -> str:
    return f"{CONFIG}/{type_}/{id_}{SUFFIX}"
