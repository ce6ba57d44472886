"""The automations' configurations, ``config/<type>/<id>.json`` (design: Configuration Store)."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from clawtui.files.fs.atomic import ANY, Expected, remove
from clawtui.files.fs.directories import closed_directories
from clawtui.files.host_zone import gateway_zone
from clawtui.files.json5.dialect import JSON5
from clawtui.model.documents.automation import MAX_HISTORY, AutomationConfig, RunResult
from clawtui.model.documents.base import Problem
from clawtui.model.errors import NoSuch, Refused, Replaced
from clawtui.model.fleet import Automation
from clawtui.model.paths import is_plain_component
from clawtui.model.text.cleaning import clean
from clawtui.storage.paths import CONFIG, StatePaths
from clawtui.storage.stores.configuration_files import SUFFIX, file_of_id, file_path, list_files, read_file
from clawtui.storage.stores.saving import change_document, save_document


class AutomationConfigStore:
    """Lists, reads and changes the automations. A file that cannot be read does not hide the others (errata 11).

    Example:
        >>> reading = state.configs.get("sync-main").config
        >>> reading.path, reading.value.schedule.type
        ('config/smart-sync-fork/sync-main.json', 'interval')
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    @property
    def _base(self) -> Path:
        return self._paths.automations

    def list_automations(self) -> tuple[Automation, ...]:
        """Return all automations by type and id; those that cannot be read have a problem in place of a value.

        Raises:
            Unreadable: ``config/`` itself cannot be listed.
        """
        found = (read_file(self._base, *file) for file in list_files(self._base))
        return tuple(automation for automation in found if automation is not None)

    def problems(self) -> tuple[Problem, ...]:
        """Return every file that cannot be read, and every directory that cannot be listed. Raises Unreadable."""
        files = [automation.config.problem for automation in self.list_automations()]
        return (*filter(None, files), *self.closed_directories())

    def closed_directories(self) -> Iterator[Problem]:
        """Yield a problem for each entry that hides a type's automations. Raises as ``list_automations`` does."""
        return (closed for closed in closed_directories(self._base, CONFIG) if not closed.path.endswith(SUFFIX))

    def get(self, automation_id: str) -> Automation | None:
        """Return the automation with that id, by its file's name or by the id in the file.

        Args:
            automation_id: An id, not a path; ``at`` takes a path.

        Returns:
            The automation; None if there is none.

        Raises:
            Refused: It is not a plain name, or more than one file has the id: if one of them were changed, the gateway
                might use the other.
        """
        if not is_plain_component(automation_id):
            raise Refused(f"“{automation_id}” cannot be an id: it is no plain name")
        found = self.files_of(automation_id)
        if len(found) > 1:
            files = ", ".join(shlex.quote(automation.config.path) for automation in found)
            raise Refused(
                f"{len(found)} files are the automation “{automation_id}”: {files}; nothing was done\n"
                "Name one by its path."
            )
        return found[0] if found else None

    def files_of(self, automation_id: str) -> tuple[Automation, ...]:
        """Return the automations with ``automation_id`` as the file's name or as the id in the file, by path."""
        found = (file_of_id(self._base, *file, automation_id) for file in list_files(self._base))
        return tuple(automation for automation in found if automation is not None)

    def at(self, path: str) -> Automation | None:
        """Return the automation at ``path``, relative to ``automations/``; None if no file is there.

        Raises:
            Refused: It is not the path of a configuration.
        """
        section, _, rest = path.partition("/")
        type_, _, file = rest.partition("/")
        plain = is_plain_component(type_) and is_plain_component(file)
        if section != CONFIG or not plain or not file.endswith(SUFFIX):
            raise Refused(f"“{path}” is no path of a configuration, which is config/TYPE/FILE.json")
        return read_file(self._base, type_, file.removesuffix(SUFFIX))

    def save(self, config: AutomationConfig, now: datetime, expected: Expected = ANY) -> Automation:
        """Create the automation, or change its file to match ``config``; unknown keys and comments are kept.

        Args:
            config: The complete configuration.
            now: The new value of ``modified``.
            expected: The condition on the existing file: a version (``Stamp``), ``ABSENT`` or ``ANY``.

        Returns:
            The automation as it is on disk now.

        Raises:
            Refused: The id or the type is not a plain name, or another type has the id.
            Invalid: The schema forbids it.
            Changed: The existing file does not meet ``expected``.
            Unwritable: The system could not write.
        """
        self.require_own_names(config)
        path = file_path(config.type, config.id)
        changed = config.changed(modified=now)
        reading = save_document(self._base, path, changed, now, expected=expected, fresh=JSON5)
        return Automation(config.type, config.id, reading, gateway_zone(self._base))

    def delete(self, target: str | Automation, expected: Expected = ANY) -> None:
        """Remove the automation's file.

        Args:
            target: The id, or the automation as it was read, which names the file.
            expected: The version that may be removed, or ``ANY``.

        Raises:
            NoSuch: There is no such automation.
            Refused: More than one file has the id, or it may not be removed.
            Changed: It is another version.
        """
        remove(self._base, self._existing(target).config.path, expected)

    def update_last_run(
        self, target: str | Automation, result: RunResult, now: datetime, next_run: datetime | None = None
    ) -> Automation:
        """Record the result of a run: as the last one, and as the first of at most 100 in the history.

        Args:
            target: As for ``delete``.
            result: The result; its ``duration`` is in milliseconds.
            now: The new value of ``modified``.
            next_run: When the automation is due next; None leaves that unchanged.

        Returns:
            The automation as it is on disk now.

        Raises:
            NoSuch: There is no such automation.
            Invalid: The configuration cannot be read.
            Changed: The file belongs to another automation by now.
            Refused: More than one file has the id, or it may not be written.
        """

        def record(config: AutomationConfig) -> AutomationConfig:
            history = (result, *config.run_history)[:MAX_HISTORY]
            update: dict[str, object] = {"last_run": result, "run_history": history, "modified": now}
            return config.changed(**update, **({"next_run": next_run} if next_run else {}))

        return self._change(target, record, now, ANY)

    def set_enabled(
        self, target: str | Automation, enabled: bool, now: datetime, expected: Expected = ANY
    ) -> Automation:
        """Enable or disable the automation. If it is so already, nothing is written.

        Args:
            target: As for ``delete``.
            enabled: Whether the dispatcher may start it.
            now: The new value of ``modified``.
            expected: ``ANY`` keeps changes that others write in the meantime; a version must still be the current one.

        Returns:
            The automation as it is on disk now.

        Raises:
            NoSuch: There is no such automation.
            Invalid: The configuration cannot be read.
            Changed: It is not the ``expected`` version, or the file belongs to another automation by now.
            Refused: More than one file has the id, or it may not be written.
        """

        def switch(config: AutomationConfig) -> AutomationConfig | None:
            return None if config.enabled == enabled else config.changed(enabled=enabled, modified=now)

        return self._change(target, switch, now, expected)

    def require_own_names(self, config: AutomationConfig) -> None:
        """Raise Refused for a type that is not a plain name of a directory (errata 21), or an id that another type has.

        A type must not end in ``.json``, because the gateway ignores such directories. A name with characters that a
        terminal cannot show, such as a newline, is refused too, because it could not be typed.
        """
        shown = clean(config.type)
        if not is_plain_component(config.type) or config.type.endswith(SUFFIX) or shown != config.type:
            raise Refused(f"“{shown}” cannot be a type: it is no plain name of a directory")
        if not is_plain_component(config.id):
            raise Refused(f"“{config.id}” cannot be an id: it is no plain name")
        own = file_path(config.type, config.id)
        others = [automation for automation in self.files_of(config.id) if automation.config.path != own]
        if others:
            files = ", ".join(shlex.quote(automation.config.path) for automation in others)
            raise Refused(f"“{config.id}” is an automation already, in {files}; ids are used once over all types")

    def _change(
        self,
        target: str | Automation,
        change: Callable[[AutomationConfig], AutomationConfig | None],
        now: datetime,
        expected: Expected,
    ) -> Automation:
        found = self._existing(target)
        meant = found.config.value if isinstance(target, str) else target.config.value

        def pinned(config: AutomationConfig) -> AutomationConfig | None:
            if meant is not None and (config.id, config.type) != (meant.id, meant.type):
                raise Replaced(f"{found.config.path} is the configuration of “{config.id}” by now; nothing was done")
            return change(config)

        path = found.config.path
        reading = change_document(self._base, path, AutomationConfig, pinned, now, expected=expected)
        return Automation(found.type, found.id, reading, found.zone)

    def _existing(self, target: str | Automation) -> Automation:
        if isinstance(target, str):
            automation, name = self.get(target), f"automation “{target}”"
        else:
            automation, name = self.at(target.config.path), f"file {target.config.path} any more"
        if automation is None:
            raise NoSuch(f"there is no {name}")
        return automation
